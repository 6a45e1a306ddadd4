// One life of a pass with a program that may be stopped dead at any one call to its ports: people ask, try to approve
// themselves, approve, ask for more time, give back, and press again whatever a crash may have swallowed. Time passes in
// steps, and what must always hold is looked at after each.
import type { Grant } from '../../src/core/model.ts';
import { sweep } from '../../src/operations/sweep.ts';
import type { Sent } from '../fakes/fake-chat.ts';
import type { FakeCall, Outcome } from '../fakes/fake-script.ts';
import { catalogOf, openWorld, type PortCall, ROLE, type World } from '../world.ts';

export interface Crash {
  /** Which call to a port, counted from the start of the life. */
  readonly at: number;
  readonly when: 'before' | 'after';
}
export interface LifeOptions {
  readonly ending: 'returned' | 'deadline';
  /** Somebody gives the same access by hand: before it is asked for, or while it is being approved. */
  readonly had?: 'before' | 'meanwhile';
  readonly trouble?: Trouble;
  readonly crash?: Crash;
  readonly sessions?: 'ended' | 'none';
  readonly expiresItself?: boolean;
}
/** What the target does with the first calls of a kind. */
export interface Trouble {
  readonly name: string;
  readonly call: FakeCall;
  readonly outcomes: readonly Outcome[];
  /** Every call goes like the first outcome for so long. */
  readonly lastsMs?: number;
  readonly settleSeconds?: number;
}
export interface Lived {
  readonly world: World;
  readonly calls: number;
  /** Numbers of the calls that changed anything: between two of them, it is all the same where the program stops. */
  readonly effects: readonly number[];
  readonly crashed: boolean;
  readonly violations: string[];
}

const HOLDER = 'acct:mia@acme.test';
const GIVES = 'readonly';
const ALLOWED_LATE_MS = 120_000;
/** After an outage: the longest gap between attempts, and the looks. */
const AFTER_OUTAGE_MS = 360_000;
const STEP_SECONDS = 5;
/** Further away than this are only looks that are to be made the next day. */
export const NOT_TODAY_MS = 3_600_000;

class Dead extends Error {}

const CRASH_ROLE = { ...ROLE, duration: { minSeconds: 60, defaultSeconds: 600, maxSeconds: 1800 } };

export async function live(options: LifeOptions): Promise<Lived> {
  const { sessions = 'none', expiresItself = false, trouble } = options;
  const settleSeconds = trouble?.settleSeconds ?? 0;
  const world = await openWorld({ catalog: catalogOf([CRASH_ROLE]), sessions, expiresItself, settleSeconds });
  const watch = new Set<string>();
  const state: Life['state'] = { calls: 0, effects: [], crashed: false, outageUntil: 0 };
  world.hook = stoppingAt(world, state, options.crash);
  const life = { world, state, violations: watch, options };
  await tell(life);
  const { calls, effects, crashed } = state;
  return { world, calls, effects, crashed, violations: [...watch] };
}

interface Life {
  readonly world: World;
  readonly state: { calls: number; readonly effects: number[]; crashed: boolean; outageUntil: number };
  readonly violations: Set<string>;
  readonly options: LifeOptions;
}

/** Ends the program at one call. Whatever it still does afterwards meets a dead world: nothing of it lands. */
function stoppingAt(world: World, state: Life['state'], crash: Crash | undefined) {
  return async (call: PortCall, proceed: () => Promise<unknown>): Promise<unknown> => {
    const check = () => {
      if (call.owner !== world.tools.owner) throw new Dead();
    };
    function die(): never {
      state.crashed = true;
      world.restart();
      throw new Dead();
    }
    check();
    state.calls += 1;
    const number = state.calls;
    const isHere = number === crash?.at;
    if (isHere && crash?.when === 'before') die();
    try {
      const answer = await proceed();
      if (changes(call, answer)) state.effects.push(number);
      return answer;
    } finally {
      check();
      if (isHere) die();
    }
  };
}

const LOOKS = new Set(['resolve', 'fingerprint', 'inspect', 'account', 'accountByEmail', 'members', 'channel', 'find']);
const WRITES = new Set(['commit', 'renew', 'defer', 'holdQueue', 'saveCheckpoint']);

function changes({ port, method }: PortCall, answer: unknown): boolean {
  if (port !== 'store') return !LOOKS.has(method);
  return method === 'claim' ? (answer as readonly unknown[]).length > 0 : WRITES.has(method);
}

async function tell(life: Life): Promise<void> {
  const { world, options } = life;
  if (options.had === 'before') world.fake.giveByHand(HOLDER, GIVES);
  await act(life, () => world.say('mia', 'prod-db-readonly 10m fix INC-42'));
  await until(life, () => cardOf(world, 'channel') !== undefined, 90);
  await act(life, () => pressOn(world, 'mia', cardOf(world, 'channel')));
  if (options.had === 'meanwhile') world.fake.giveByHand(HOLDER, GIVES);
  startTrouble(life);
  await act(life, () => pressOn(world, 'ana', cardOf(world, 'channel')));
  await until(life, async () => isSettled(await passOf(world)), 400);
  await act(life, () => world.say('mia', 'extend 5m more to do'));
  await until(life, () => cardOf(world, 'thread') !== undefined, 60);
  await act(life, () => pressOn(world, 'ben', cardOf(world, 'thread')));
  await until(life, async () => (await passOf(world))?.status !== 'extending', 60);
  if (options.ending === 'returned') await act(life, () => world.say('mia', 'return'));
  await until(life, () => isAllOver(world), 4000);
}

/** What somebody does; done again when the program died at it, or soon after it. */
async function act(life: Life, deed: () => Promise<unknown>): Promise<void> {
  const { state } = life;
  const before = state.crashed;
  await surviving(deed);
  await turn(life);
  if (state.crashed === before) return;
  await surviving(deed);
  await turn(life);
}

async function surviving(deed: () => Promise<unknown>): Promise<void> {
  try {
    await deed();
  } catch (error) {
    if (!(error instanceof Dead)) throw error;
  }
}

/** The sweep and whatever is due, and a look at what must always hold. */
async function turn(life: Life): Promise<void> {
  await surviving(async () => void (await sweep(life.world.tools)));
  await surviving(() => life.world.settle());
  await look(life);
}

async function until(life: Life, isReached: () => Promise<boolean> | boolean, seconds: number): Promise<void> {
  const { world } = life;
  const end = world.clock.now() + seconds * 1000;
  await turn(life);
  while (!(await isReached()) && world.clock.now() < end) {
    await world.clock.advance(await stepMs(world));
    endTrouble(life);
    await turn(life);
  }
}

/** To whatever comes next, in steps that are neither tiny nor blind. */
async function stepMs(world: World): Promise<number> {
  const next = (await world.store.nextDueAt()) ?? Number.POSITIVE_INFINITY;
  return Math.min(Math.max(next - world.clock.now(), STEP_SECONDS * 1000), 30_000);
}

function startTrouble({ world, state, options: { trouble } }: Life): void {
  if (!trouble) return;
  const [first] = trouble.outcomes;
  if (trouble.lastsMs === undefined) world.fake.script.next(trouble.call, ...trouble.outcomes);
  else if (first && trouble.call === 'grant') world.fake.script.always(first);
  // An outage at the end begins where the end does, and is over for everything at once.
  else if (first) world.fake.script.always(first, trouble.call, 'inspect');
  state.outageUntil = world.clock.now() + (trouble.lastsMs ?? 0);
}

function endTrouble({ world, state, options: { trouble } }: Life): void {
  if (trouble?.lastsMs !== undefined && world.clock.now() >= state.outageUntil)
    world.fake.script.always({ kind: 'ok' });
}

/** Laws of every moment: nothing of ours outlives its end, and what others gave stays. */
async function look({ world, state, violations, options }: Life): Promise<void> {
  const now = world.clock.now();
  for (const { grantId } of world.fake.target.holdings()) {
    if (grantId === undefined) continue;
    const grant = (await world.store.grant(grantId))?.row;
    const end = grant === undefined ? 0 : endOf(grant);
    const allowed = Math.max(end + ALLOWED_LATE_MS, state.outageUntil + AFTER_OUTAGE_MS);
    if (now > allowed) violations.add(`present ${Math.round((now - end) / 1000)} s after its end`);
  }
  const isThere = world.fake.target.holdings().some(({ grantId }) => grantId === undefined);
  if (options.had === 'before' && !isThere) violations.add('what was there before was taken');
}

function endOf(grant: Grant): number {
  return 'ending' in grant ? Math.min(grant.ending.since, grant.expiresAt) : grant.expiresAt;
}

async function passOf(world: World): Promise<Grant | undefined> {
  const [live] = await world.store.liveGrants({}, 1);
  return live?.row;
}

function isSettled(grant: Grant | undefined): boolean {
  return grant === undefined || grant.status === 'active';
}

async function isAllOver(world: World): Promise<boolean> {
  const dueInMs = ((await world.store.nextDueAt()) ?? Number.POSITIVE_INFINITY) - world.clock.now();
  const open = [...(await world.store.requestsIn('pending', 9)), ...(await world.store.requestsIn('evaluating', 9))];
  return dueInMs > NOT_TODAY_MS && open.length === 0 && (await passOf(world)) === undefined;
}

function cardOf(world: World, kind: 'channel' | 'thread'): Sent | undefined {
  return world.chat.sent.find((one) => one.message.kind === 'card' && one.place.kind === kind);
}

async function pressOn(world: World, user: string, card: Sent | undefined): Promise<void> {
  const isOpen = card?.message.buttons?.some(({ action }) => action === 'approve');
  if (card && isOpen) await world.press(user, 'approve', card.message, card.ref);
}
