// One case from beginning to end: the program is stopped at its point, what follows follows, time passes until all is quiet
// and for a day more; then the invariants are asked.
import { type FaultCase, nameOf } from './cases.ts';
import { brokenInvariants } from './invariants.ts';
import { beginLife, type Life } from './life.ts';
import { act } from './people.ts';
import type { Stage } from './scenes.ts';
import { STEP_MS } from './watch.ts';

export interface CaseResult {
  readonly name: string;
  /** Did the program get to the point? */
  readonly stopped: boolean;
  readonly violations: readonly string[];
}

const DAY_MS = 86_400_000;
const DOWN_MS = 7_000;
/** A zombie that wakes soon does so when its lease has run out and the other one is at it. */
const WAKES_SOON_MS = 40_000;
const WAKES_LATE_MS = 570_000;
const CLOCK_BACK_MS = 3_600_000;
const QUIET_STEP_MS = 60_000;
const ROUNDS_MAX = 600;

export async function runCase(stage: Stage, one: FaultCase): Promise<CaseResult> {
  const life = await beginLife(stage, one);
  await untilQuiet(life);
  await life.time.advance(DAY_MS);
  await untilQuiet(life);
  const violations = [...life.watch.violations, ...(await brokenInvariants(life))];
  return { name: nameOf(one), stopped: life.course.stoppedAt !== undefined, violations };
}

async function untilQuiet(life: Life): Promise<void> {
  for (let rounds = 0; rounds < ROUNDS_MAX; rounds += 1) {
    await act(life);
    await turn(life);
    await follow(life);
    if (await isQuiet(life)) return;
    await life.time.advance(await stepMs(life));
  }
  life.watch.violations.add('I12: the case never comes to rest');
}

async function turn(life: Life): Promise<void> {
  for (const replica of life.replicas) if (replica.isUp()) await replica.turn();
  await look(life);
}

async function look({ watch, stage, course, world, holder }: Life): Promise<void> {
  const { bench, target } = stage;
  if (watch.dirty || bench.adapter.expiresItself) course.present = await bench.world.has(holder, target);
  watch.dirty = false;
  const grants = (await world.store().liveGrants({}, 10)).map(({ row }) => row);
  if (!course.byHand) return watch.look(course.present, grants);
  if (!course.present) watch.violations.add('I7: access that was there before was taken');
  if (grants.some(({ status }) => status === 'active'))
    watch.violations.add('I7: access that was there before was taken for ours');
}

/** What the case makes of the stop, when its time has come. */
async function follow(life: Life): Promise<void> {
  const { one, course, time } = life;
  if (course.stoppedAt === undefined) return;
  if (one.restart === 'M3') return wake(life);
  if (course.isFollowed || one.restart === 'M2') return;
  course.isFollowed = true;
  await time.advance(DOWN_MS);
  if (life.turns.clockBack) time.skew(-CLOCK_BACK_MS);
  if (one.restart === 'M4') {
    await life.world.rollBack();
    life.watch.lostAt = time.truth.now();
  }
  life.replicas.push(await life.world.boot('c'));
  await turn(life);
}

async function wake(life: Life): Promise<void> {
  const { course, time, turns, replicas } = life;
  const [zombie] = replicas;
  if (!zombie || zombie.isUp() || course.stoppedAt === undefined) return;
  const slept = time.truth.now() - course.stoppedAt;
  const isOver = (await life.world.store().liveGrants({}, 1)).length === 0;
  if (slept < (turns.wakes === 'soon' ? WAKES_SOON_MS : isOver ? WAKES_SOON_MS : WAKES_LATE_MS)) return;
  course.zombie = 'awake';
  await zombie.wake();
  course.zombie = undefined;
  await turn(life);
}

async function isQuiet(life: Life): Promise<boolean> {
  const { course, time, world, replicas, one } = life;
  if (time.untilLater() !== undefined) return false;
  if (course.stoppedAt === undefined && course.asks < 3 && life.isGiving) return false;
  if (one.restart === 'M3' && replicas.some((replica) => !replica.isUp())) return false;
  const store = world.store();
  if ((await store.liveGrants({}, 1)).length > 0) return false;
  const { jobs } = await store.counts();
  return jobs === 0 && (await store.requestsIn('pending', 1)).length === 0;
}

/** To whatever comes next, in steps that are neither tiny nor blind. */
async function stepMs({ world, time, course, watch }: Life): Promise<number> {
  const store = world.store();
  const now = await store.now();
  const next = Math.min((await store.nextDueAt()) ?? Number.POSITIVE_INFINITY, now + (time.untilLater() ?? QUIET_STEP_MS));
  const isBusy = course.stoppedAt === undefined || (await store.liveGrants({}, 1)).length > 0 || watch.isLate();
  return Math.min(Math.max(next - now, 1_000), isBusy ? STEP_MS : QUIET_STEP_MS);
}
