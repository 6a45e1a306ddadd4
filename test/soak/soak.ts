// A day of a busy deployment on a clock that jumps: the real operations, runner and store, targets that fail as targets do,
// people who ask, approve, return and ask for more. Nothing here may gather what the program itself would not.
import { setImmediate } from 'node:timers/promises';
import type { Catalog } from '../../src/core/catalog.ts';
import type { Instant, MessageRef } from '../../src/core/model.ts';
import { openInbox } from '../../src/operations/inbox.ts';
import { startRunner } from '../../src/operations/runner.ts';
import { sweep } from '../../src/operations/sweep.ts';
import type { Tools } from '../../src/operations/tools.ts';
import type { ChatInbox, Origin } from '../../src/ports/chat-platform.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Commit, CommitResult } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { type FakeAdapter, openFakeAdapter } from '../fakes/fake-adapter.ts';
import type { FakeCall } from '../fakes/fake-script.ts';
import { countingIds, type Hook, type PortCall, quietLog, toolsOf } from '../world-ports.ts';
import { orderApproved } from './approved-pass.ts';
import { accountOf, forgetfulChat, type Heard } from './forgetful-chat.ts';
import {
  AFTERMATH_MS,
  APPROVER_NAMES,
  asksOf,
  faultOf,
  randomNumbers,
  SETTLE_SECONDS,
  type SoakPlan,
  soakCatalog,
  TARGET_NAMES,
} from './soak-plan.ts';
import { type SoakFigures, watchSoak } from './soak-watch.ts';
import { type SteppingClock, steppingClock } from './stepping-clock.ts';

/** The grid of the clock. */
const STEP_MS = 50;
const SWEEP_EVERY_MS = 5_000;
const LOOK_EVERY_MS = 10_000;
/** A call to a target takes between one and four of these. */
const CALL_MS = 50;
const RETURN_SHARE = 0.05;
const EXTEND_SHARE = 0.05;

export interface SoakReport extends SoakFigures {
  readonly events: number;
  readonly calls: number;
  readonly errors: readonly string[];
}

export async function runSoak(
  plan: SoakPlan,
  where: string,
  onProgress: (share: number) => void = () => undefined,
): Promise<SoakReport> {
  const clock = steppingClock(plan.start, STEP_MS);
  const ids = countingIds();
  const store = await openStore(where, { clock, ids, log: quietLog });
  const watch = watchSoak(plan);
  const errors: string[] = [];
  const fakes = new Map(TARGET_NAMES.map((name) => [name, openFake(clock)]));
  const busy = countBusy();
  const fail = faults(plan, clock, fakes);
  let calls = 0;

  const hook: Hook = async (call, proceed) => {
    if (call.port === 'target') {
      calls += 1;
      await fail(call);
      return proceed();
    }
    const answer = await busy.during(proceed);
    if (call.method === 'commit' && (answer as CommitResult).kind === 'done')
      watch.committed(call.args[0] as Commit, clock.now());
    return answer;
  };
  const catalog = soakCatalog();
  const people = crowd(plan, clock, await fingerprintsOf(catalog, fakes, clock));
  const chat = forgetfulChat(clock, (heard) => {
    watch.heard(heard, clock.now());
    people.see(heard);
  });
  const log = { ...quietLog, error: (message: string) => void (errors.length < 20 && errors.push(message)) };
  const tools: Tools = {
    ...toolsOf({
      ...{ clock, ids, store, chat, catalog, log, hook, checkpoints: [], owner: 'soak' },
      fakes: Object.fromEntries(fakes),
    }),
    keepCheckpoint: async () => undefined,
    poke: () => runner.poke(),
  };
  people.join(tools);
  const runner = startRunner(tools);
  const ticking = new AbortController();
  const ticks = [
    every(clock, SWEEP_EVERY_MS, ticking.signal, () => sweep(tools)),
    every(clock, LOOK_EVERY_MS, ticking.signal, async () => watch.look(fakes, clock.now())),
  ];
  const asking = people.ask();
  const last = plan.start + plan.hours * 3600_000 + AFTERMATH_MS;
  await passTime(clock, busy, plan, last, onProgress);
  ticking.abort();
  const stopped = Promise.all([...ticks, asking, runner.stop()]);
  await passTime(clock, busy, plan, last + 60_000, () => undefined);
  await stopped;
  const { size: events } = await store.ledgerHead();
  await store.close();
  return { ...watch.figures(), events, calls, errors };
}

function openFake(clock: Clock): FakeAdapter {
  return openFakeAdapter({ clock, settleSeconds: SETTLE_SECONDS, sessions: 'ended' });
}

/** What each role gives, as its target says when nothing goes wrong. */
async function fingerprintsOf(
  { roles }: Catalog,
  fakes: ReadonlyMap<string, FakeAdapter>,
  clock: Clock,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const { name, target, entitlement } of Object.values(roles)) {
    const adapter = fakes.get(target)?.adapter;
    const connection = adapter?.connect(adapter.config.parse({}), { fetch, clock, log: quietLog, deploymentId: '' });
    const answer = await connection?.fingerprint(adapter?.target.parse(entitlement) ?? { role: '' }, NEVER);
    found.set(name, answer ?? '');
  }
  return found;
}
const NEVER = new AbortController().signal;

/** Steps the clock whenever nothing is left to do at its time. */
async function passTime(
  clock: SteppingClock,
  busy: Busy,
  { start, hours }: SoakPlan,
  until: Instant,
  onProgress: (share: number) => void,
): Promise<void> {
  const quarter = (hours * 3600_000) / 4;
  let next = start + quarter;
  do {
    await busy.quiet(clock);
    if (clock.now() < next) continue;
    onProgress(Math.round((next - start) / quarter) / 4);
    next = next < start + 4 * quarter ? next + quarter : Number.POSITIVE_INFINITY;
  } while (clock.step(until));
  await busy.quiet(clock);
}

interface Busy {
  during<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when everybody waits for the clock. */
  quiet(clock: SteppingClock): Promise<void>;
}

function countBusy(): Busy {
  let [inside, begun] = [0, 0];
  return {
    async during(work) {
      inside += 1;
      begun += 1;
      try {
        return await work();
      } finally {
        inside -= 1;
      }
    },
    async quiet(clock) {
      // One turn of the event loop in which nobody asked the store or chat for anything, or began to wait.
      for (let before = -1; inside > 0 || before !== begun + clock.slept; ) {
        before = begun + clock.slept;
        await setImmediate();
      }
    },
  };
}

/** Each call takes its time; some go wrong, and all of a target's while it is away. */
function faults(plan: SoakPlan, clock: Clock, fakes: ReadonlyMap<string, FakeAdapter>) {
  const random = randomNumbers(plan.seed + 1);
  return async ({ target = '', method }: PortCall): Promise<void> => {
    await clock.sleep(CALL_MS * (1 + Math.floor(4 * random())));
    const now = clock.now();
    const away = plan.outages.find((one) => one.target === target && one.from <= now && now < one.until);
    const call = method as FakeCall;
    const outcome = away?.outcome ?? faultOf(random, plan.faultShare, call);
    if (outcome) fakes.get(target)?.script.next(call, outcome);
  };
}

async function every(clock: Clock, ms: number, signal: AbortSignal, work: () => Promise<unknown>): Promise<void> {
  while (!signal.aborted) {
    await work();
    await clock.sleep(ms, signal);
  }
}

/** People: they ask as planned, approve what is asked, and some give back or want more. */
function crowd(plan: SoakPlan, clock: Clock, fingerprints: ReadonlyMap<string, string>) {
  const random = randomNumbers(plan.seed + 2);
  let tools: Tools | undefined;
  let inbox: ChatInbox | undefined;
  let deliveries = 0;

  function origin(user: string, message?: MessageRef): Origin {
    deliveries += 1;
    const at = message ? { message, channel: { platform: 'slack', channel: message.channel } } : {};
    return { account: accountOf(user), delivery: `d${deliveries}`, at: clock.now(), ...at };
  }
  async function approve(value: string, at: MessageRef): Promise<void> {
    await clock.sleep(1_000 + 59_000 * random());
    const approver = APPROVER_NAMES[Math.floor(random() * APPROVER_NAMES.length)] ?? '';
    await inbox?.press({ ...origin(approver, at), action: 'approve', value });
  }
  async function later(user: string, value: string): Promise<void> {
    const chance = random();
    if (chance > RETURN_SHARE + EXTEND_SHARE) return;
    await clock.sleep(60_000 * random());
    const pass = value.split('.')[0];
    const text = chance < RETURN_SHARE ? `return ${pass}` : `extend ${pass} 10m not done yet`;
    await inbox?.command({ ...origin(user), text });
  }
  return {
    join(given: Tools) {
      tools = given;
      inbox = openInbox(given);
    },
    see({ place, message, at }: Heard) {
      if (message.kind !== 'card') return;
      const yes = message.buttons.find(({ action }) => action === 'approve');
      if (yes && place.kind !== 'person') void approve(yes.value, at);
      const give = message.buttons.find(({ action }) => action === 'return');
      if (give && place.kind === 'person') void later(place.account.user, give.value);
    },
    async ask() {
      for (const ask of asksOf(plan)) {
        await clock.sleep(ask.at - clock.now());
        const { user, role, minutes, reason } = ask;
        if (ask.inChat) await inbox?.command({ ...origin(user), text: `${role} ${minutes}m ${reason}` });
        else if (tools) await orderApproved(tools, fingerprints, ask);
      }
    },
  };
}
