// One case from beginning to end: the program is stopped at its point, what follows follows, time passes until all is quiet
// and for a day more; then the invariants are asked.
import type { Grant } from '../../src/core/model.ts';
import { type FaultCase, nameOf } from './cases.ts';
import { brokenInvariants } from './invariants.ts';
import { ALWAYS_THERE, beginLife, isUnknowable, type Life } from './life.ts';
import { ASKS_MAX, act } from './people.ts';
import type { Stage } from './scenes.ts';
import { STEP_MS } from './watch.ts';

export interface CaseResult {
  readonly name: string;
  /** Did the program get to the point? */
  readonly stopped: boolean;
  readonly violations: readonly string[];
}

/** And the hour by which a clock may be back. */
const DAY_MS = 26 * 3_600_000;
const DOWN_MS = 7_000;
/** A zombie that wakes soon does so when its lease has run out and the other one is at it. */
const WAKES_SOON_MS = 40_000;
const WAKES_LATE_MS = 570_000;
const CLOCK_BACK_MS = 3_600_000;
const QUIET_STEP_MS = 60_000;
/** After a rollback: two looks at the whole target. */
const FOUND_MS = 600_000;
const LOOKED_AT_MS = 1_000_000;
const ROUNDS_MAX = 600;

export async function runCase(stage: Stage, one: FaultCase): Promise<CaseResult> {
  const life = await beginLife(stage, one);
  await untilQuiet(life);
  await life.time.advance(DAY_MS);
  life.course.idleSince = undefined;
  await untilQuiet(life);
  const violations = [...life.watch.violations, ...(await brokenInvariants(life))];
  return { name: nameOf(one), stopped: life.course.stoppedAt !== undefined, violations };
}

async function untilQuiet(life: Life): Promise<void> {
  await stand(life);
  for (let rounds = 0; rounds < ROUNDS_MAX; rounds += 1) {
    await act(life);
    await turn(life);
    await follow(life);
    if (isQuiet(life)) return;
    await life.time.advance(stepMs(life));
  }
  life.watch.violations.add('I12: the case never comes to rest');
}

async function turn(life: Life): Promise<void> {
  for (const replica of life.replicas) if (replica.isUp()) await replica.turn();
  await stand(life);
}

/** How things stand after each turn, and a look at what must always hold. */
async function stand(life: Life): Promise<void> {
  const { watch, stage, course, holder } = life;
  const { bench, target } = stage;
  if (watch.dirty || bench.adapter.expiresItself) course.present = await bench.world.has(holder, target);
  watch.dirty = false;
  const store = life.world.store();
  course.grants = (await store.liveGrants({}, 10)).map(({ row }) => row);
  course.pending = (await store.requestsIn('pending', 1))[0]?.row;
  course.jobs = (await store.counts())['jobs'] ?? 0;
  const dueAt = await store.nextDueAt();
  course.jobsInMs = dueAt === undefined ? undefined : dueAt - (await store.now());
  const isToBeSeen = course.grants.length > 0 || !isUnknowable(life);
  if (!course.byHand) return watch.look(course.present && isToBeSeen, course.grants);
  if (!course.present) watch.violations.add('I7: access that was there before was taken');
  if (course.grants.some(({ status }) => status === 'active'))
    watch.violations.add('I7: access that was there before was taken for ours');
}

/** What the case makes of the stop, when its time has come. */
async function follow(life: Life): Promise<void> {
  const { one, course, time } = life;
  if (course.stoppedAt === undefined) return;
  if (one.restart === 'M3') return wake(life, course.stoppedAt);
  if (course.isFollowed || one.restart === 'M2') return;
  course.isFollowed = true;
  await time.advance(DOWN_MS);
  if (life.turns.clockBack) time.skew(-CLOCK_BACK_MS);
  if (one.restart === 'M4') await rollBack(life);
  const { replica, ready, begin } = await life.world.boot('c');
  life.replicas.push(replica);
  life.watch.boots(ready, await overdue(life));
  await begin();
  await turn(life);
}

/** Where nothing bears a mark, only a store that is seen to be an older one makes anybody look. */
async function rollBack({ world, stage, turns, watch, course }: Life): Promise<void> {
  await world.rollBack(stage.connection.owned ? turns.rollBackTo : 'head before');
  watch.forgets();
  course.putBack = { sent: world.chat.sent.length, size: (await world.store().ledgerHead()).size };
}

/** What should be gone already as the process begins. */
async function overdue({ world }: Life): Promise<readonly string[]> {
  const store = world.store();
  const now = await store.now();
  const live = await store.liveGrants({}, 10);
  return live.flatMap(({ row }) => (mustBeSent(row, now) ? [row.id] : []));
}

function mustBeSent(row: Grant, now: number): boolean {
  if (row.status === 'revoking') return row.ending.seenAbsentAt === undefined;
  return (row.status === 'active' || row.status === 'extending') && row.expiresAt <= now;
}

async function wake(life: Life, stoppedAt: number): Promise<void> {
  const { course, time, turns, replicas } = life;
  const [zombie] = replicas;
  if (!zombie || zombie.isUp()) return;
  const sleepsMs = turns.wakes === 'soon' || course.grants.length === 0 ? WAKES_SOON_MS : WAKES_LATE_MS;
  if (time.truth.now() - stoppedAt < sleepsMs) return;
  course.zombie = 'awake';
  await zombie.wake();
  course.zombie = undefined;
  await turn(life);
}

function isQuiet({ course, time, replicas, one, isGiving, watch }: Life): boolean {
  if (watch.lostAt !== undefined && time.truth.now() - Math.max(watch.lostAt, watch.changedAt) < FOUND_MS) return false;
  if (time.untilLater() !== undefined || course.byHand || course.grants.length > 0 || course.pending) {
    course.idleSince = undefined;
    return false;
  }
  if (course.stoppedAt === undefined && isGiving && course.asks < ASKS_MAX) return false;
  if (one.restart === 'M3' && replicas.some((replica) => !replica.isUp())) return false;
  // What was in doubt is looked at again for a while, and once more the next day.
  course.idleSince ??= time.truth.now();
  return course.jobs <= ALWAYS_THERE || time.truth.now() - course.idleSince > LOOKED_AT_MS;
}

/** To whatever comes next, in steps that are neither tiny nor blind. */
function stepMs({ time, course, watch }: Life): number {
  const next = Math.min(course.jobsInMs ?? QUIET_STEP_MS, time.untilLater() ?? QUIET_STEP_MS);
  const isBusy = course.stoppedAt === undefined || course.grants.length > 0 || watch.isLate();
  return Math.min(Math.max(next, 1_000), isBusy ? STEP_MS : QUIET_STEP_MS);
}
