// The Socket Mode way in: the same checks as on HTTP, with the connection itself in the signature's place (A13, A15).
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { isVerified, verifier } from '../../ports/route.ts';
import { type Delivered, deliveryOf, type Packing } from './delivery.ts';
import type { Dispatcher } from './dispatch.ts';
import type { Identity } from './identity.ts';
import type { Recent } from './recent.ts';
import type { Envelope } from './socket-connection.ts';

export interface SocketInbound {
  receive(envelope: Envelope): void;
  /** Resolves when every envelope that came in is answered. */
  idle(): Promise<void>;
}

interface Tools {
  readonly us: () => Identity | undefined;
  readonly hosts: readonly string[];
  readonly seen: Recent;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly log: Log;
  readonly onRefused: (code: string) => void;
}

const TYPES: Readonly<Record<Packing, string>> = {
  command: 'slash_commands',
  interactive: 'interactive',
  event: 'events_api',
};

export function socketInbound(tools: Tools): SocketInbound {
  const verify = verifier<Envelope, Delivered>('slack envelope', (envelope) => {
    const verdict = judge(tools, envelope);
    if ('admitted' in verdict) return verdict;
    tools.onRefused(verdict.refused);
    return { ...verdict, status: 403 };
  });
  const running = new Set<Promise<void>>();

  async function take(envelope: Envelope): Promise<void> {
    const verdict = await verify.check(envelope);
    if (!isVerified(verdict)) return verdict.refused === 'replay' ? envelope.answer(undefined) : undefined;
    const outcome = await tools.dispatcher.deliver(verdict);
    if (outcome.answered) return envelope.answer(outcome.response);
    // Unanswered, Slack repeats an event and shows the person an error; what nobody handles is done with.
    if (outcome.why === 'nobody') return envelope.answer(undefined);
  }

  return {
    receive(envelope) {
      const run = take(envelope)
        .catch((error: unknown) => tools.log.warn('Slack got no answer', { type: envelope.type, error }))
        .finally(() => running.delete(run));
      running.add(run);
    },
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

function judge(tools: Tools, envelope: Envelope): { readonly admitted: Delivered } | { readonly refused: string } {
  const us = tools.us();
  if (us === undefined) return { refused: 'not_ready' };
  const letIn = `envelope:${envelope.id}`;
  if (!tools.seen.first(letIn, tools.clock.now())) return { refused: 'replay' };
  const made = deliveryOf(envelope.body, us, tools.hosts);
  if ('fault' in made) return { refused: made.fault };
  if (envelope.type !== TYPES[made.delivery.packing]) return { refused: 'not_a_delivery' };
  return { admitted: { what: 'delivery', delivery: made.delivery, letIn } };
}
