// What outlives a killed program: chat, target and the clock, in the process of the test. Carries its calls out and watches
// that no access stays long after its end, counted in the program's own time.
import type { GrantConnection } from '../../src/ports/grant-adapter.ts';
import { type FakeAdapter, openFakeAdapter } from '../fakes/fake-adapter.ts';
import { type FakeChat, openFakeChat } from '../fakes/fake-chat.ts';
import { PEOPLE } from '../world-catalog.ts';
import { quietLog } from '../world-ports.ts';
import { BEAT_SECONDS, type Fault, type FromProgram, fastClock, faultOf } from './wire.ts';

const ALLOWED_BEATS = 120 / BEAT_SECONDS;

export interface Truth {
  readonly since: number;
  readonly clock: ReturnType<typeof fastClock>;
  readonly chat: FakeChat;
  readonly fake: FakeAdapter;
  readonly violations: Set<string>;
  calls: number;
  /** How many passes were ever sent to the target. */
  passes(): number;
  carryOut(call: Extract<FromProgram, { kind: 'call' }>): Promise<{ readonly value?: unknown; readonly fault?: Fault }>;
  /** Processes that are up and not stopped. */
  readonly up: Set<string>;
  /** How often one was stopped and went on. */
  stops: number;
  /** Writes of holders who were too late, which the store refused. */
  fenced: number;
  /** Some seconds passed in which this process was up; those of one process are counted. */
  beat(process: string): void;
  held(said: Extract<FromProgram, { kind: 'held' }>): void;
  /** What writes were about that were accepted although somebody else had claimed it before they were sent. */
  lateWrites(): readonly string[];
}

interface Holding {
  readonly subject: string;
  readonly epoch: number;
  /** By the machine's clock: when the claim was answered, or the write sent. */
  readonly at: number;
}

function isLate({ subject, epoch, at }: Holding, claims: readonly Holding[]): boolean {
  return claims.some((claim) => claim.subject === subject && claim.epoch > epoch && claim.at < at);
}

type Port = Readonly<Record<string, (...args: unknown[]) => unknown>>;

export function openTruth(): Truth {
  const since = Date.now();
  const clock = fastClock(since);
  const chat = openFakeChat(clock, PEOPLE);
  const fake = openFakeAdapter({ clock, sessions: 'none' });
  const tools = { fetch, clock, log: quietLog, deploymentId: 'dep_killed' };
  const target: GrantConnection<never> = fake.adapter.connect(fake.adapter.config.parse({}), tools);
  const ports = { chat, target } as unknown as { readonly [port: string]: Port };
  const ends = new Map<string, number>();
  const late = new Map<string, number>();
  const claims: Holding[] = [];
  const writes: Holding[] = [];
  const truth: Truth = {
    since,
    clock,
    chat,
    fake,
    violations: new Set(),
    calls: 0,
    up: new Set(),
    stops: 0,
    fenced: 0,
    passes: () => ends.size,
    async carryOut({ port, method, args }) {
      truth.calls += 1;
      if (method === 'grant') noteEnd(args[0] as Ordered);
      const signal = port === 'target' ? [new AbortController().signal] : [];
      try {
        return { value: await ports[port]?.[method]?.(...args, ...signal) };
      } catch (error) {
        return { fault: faultOf(error) };
      }
    },
    beat(process) {
      const [counted] = truth.up;
      if (process !== counted) return;
      for (const { grantId = '' } of fake.target.holdings()) {
        const isOver = clock.now() > (ends.get(grantId) ?? 0);
        const beats = isOver ? (late.get(grantId) ?? 0) + 1 : 0;
        late.set(grantId, beats);
        if (beats > ALLOWED_BEATS) truth.violations.add(`${grantId} is there ${beats * BEAT_SECONDS} s after its end`);
      }
    },
    held({ what, subject, epoch, at }) {
      if (what === 'fenced') truth.fenced += 1;
      else (what === 'claimed' ? claims : writes).push({ subject, epoch, at });
    },
    lateWrites: () => writes.filter((write) => isLate(write, claims)).map(({ subject }) => subject),
  };
  interface Ordered {
    readonly grantId: string;
    readonly expiresAt: number;
  }
  function noteEnd({ grantId, expiresAt }: Ordered): void {
    ends.set(grantId, expiresAt);
  }
  return truth;
}
