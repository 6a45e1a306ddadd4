// The only door to Bolt: takes what a verifier admitted, once each, and watches that it is answered in time
// (threats A05, A06, B17, C10). Must not know a transport: how an answer travels back is the caller's business.
import type { App, Receiver } from '@slack/bolt';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { isVerified, type Verified } from '../../ports/route.ts';
import type { Delivered, SlackDelivery } from './delivery.ts';
import type { Recent } from './recent.ts';

/** Slack gives up after 3 s and shows the person an error; before that we want to know. */
const ALARM_MS = 2_500;

/** What goes back to Slack: nothing, a text, or an object. */
export type AckBody = string | Readonly<Record<string, unknown>> | undefined;

type Outcome =
  | { readonly answered: true; readonly response: AckBody }
  /** Handling it failed, or it is of a kind that nobody here handles. */
  | { readonly answered: false; readonly why: 'failed' | 'nobody' };

export interface Dispatcher {
  /** Given to Bolt, which then hands its `App` over; neither starts nor stops anything. */
  readonly receiver: Receiver;
  /** Resolves with the answer as soon as there is one; the handler may go on after that. Never rejects. */
  deliver(delivery: Verified<Delivered>): Promise<Outcome>;
  /** Resolves when no handler is running. */
  idle(): Promise<void>;
}

export function createDispatcher(tools: {
  readonly clock: Clock;
  readonly log: Log;
  readonly seen: Recent;
}): Dispatcher {
  const { clock, log, seen } = tools;
  const running = new Set<Promise<void>>();
  let app: App | undefined;

  async function handle(delivery: SlackDelivery, answer: (outcome: Outcome) => void): Promise<void> {
    const isEvent = delivery.kind === 'event';
    try {
      // Bolt acknowledges events before it reads them; ours counts only once they were read, so that none is lost.
      const ack = async (response: AckBody) => {
        if (!isEvent) answer({ answered: true, response });
      };
      if (app === undefined) throw new Error('Bolt has not been started');
      await app.processEvent({ body: { ...delivery.body }, ack });
      answer(isEvent ? { answered: true, response: undefined } : { answered: false, why: 'nobody' });
    } catch (error) {
      log.error('Slack delivery failed', { kind: delivery.kind, error });
      answer({ answered: false, why: 'failed' });
    }
  }

  /** Slack repeats an event that was not taken; a click is never repeated, so that it stays remembered. */
  function forget(delivery: SlackDelivery, letIn: string): void {
    seen.forget(letIn);
    if (delivery.id !== undefined) seen.forget(delivery.id);
  }

  return {
    receiver: {
      init: (given) => {
        app = given;
      },
      start: async () => undefined,
      stop: async () => undefined,
    },
    deliver(verified) {
      // The type says so already; a cast would not get past this either.
      if (!isVerified(verified)) return Promise.resolve({ answered: false, why: 'failed' });
      const { delivery, letIn } = verified.payload;
      if (delivery.kind === 'ignored') return Promise.resolve({ answered: false, why: 'nobody' });
      if (delivery.id !== undefined && !seen.first(delivery.id, clock.now()))
        return Promise.resolve({ answered: true, response: undefined });
      return new Promise((resolve) => {
        const patience = new AbortController();
        void clock.sleep(ALARM_MS, patience.signal).then(() => {
          if (!patience.signal.aborted) log.error('Slack is about to give up on an answer', { kind: delivery.kind });
        });
        const run = handle(delivery, (outcome) => {
          // The reason spares an error with a stack trace that nobody reads: 7 % of the time of an answer (measured).
          patience.abort('answered');
          if (!outcome.answered && delivery.kind === 'event') forget(delivery, letIn);
          resolve(outcome);
        }).finally(() => running.delete(run));
        running.add(run);
      });
    },
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
