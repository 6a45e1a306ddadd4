// What is going on in one case: its world, its replicas, what has happened to them, and the beginning of it all.
import type { AccessRequest, Grant, Principal } from '../../src/core/model.ts';
import type { Commit, CommitResult } from '../../src/ports/store.ts';
import type { Told } from '../crash/laws.ts';
import type { PortCall } from '../world-ports.ts';
import { type FaultCase, type Turns, turnsOf } from './cases.ts';
import { type FaultWorld, openFaultWorld, type Scene } from './fault-world.ts';
import { faultyTarget } from './faulty-target.ts';
import { type Mark, marksOf, stepOf } from './points.ts';
import type { Replica, Warden } from './replica.ts';
import type { Stage } from './scenes.ts';
import { type VirtualTime, virtualTime } from './virtual-time.ts';
import { openWatch, type Watch } from './watch.ts';

/** The job that looks at the target as a whole, again and again. */
export const ALWAYS_THERE = 1;

/** What changes while a case goes on. */
interface Course {
  /** When the first replica was stopped. */
  stoppedAt: number | undefined;
  /** What the case does about that has been begun. */
  isFollowed: boolean;
  /** How far chat and log were when the store was put back. */
  putBack: Told['putBack'];
  zombie: 'asleep' | 'awake' | undefined;
  /** Somebody gave the same access by hand, and has not taken it back yet. */
  byHand: boolean;
  asks: number;
  /** Is the access there, whoever gave it? This and the rest as last looked at. */
  present: boolean;
  grants: readonly Grant[];
  pending: AccessRequest | undefined;
  jobs: number;
  /** Since when nothing is live or waits. */
  idleSince: number | undefined;
  /** Until a job can be claimed; undefined: none is left. */
  jobsInMs: number | undefined;
}
export interface Life {
  readonly one: FaultCase;
  readonly turns: Turns;
  readonly isGiving: boolean;
  readonly stage: Stage;
  readonly time: VirtualTime;
  readonly watch: Watch;
  readonly world: FaultWorld;
  readonly replicas: Replica[];
  /** Whom the pass is for, as the target knows them. */
  readonly holder: Principal;
  readonly course: Course;
}

export async function beginLife(stage: Stage, one: FaultCase): Promise<Life> {
  const isGiving = one.point.startsWith('G');
  const scene = isGiving ? stage.asked : stage.live;
  const turns = turnsOf(one);
  const time = virtualTime(scene.at);
  await stage.bench.beginAgain?.(time);
  const course: Course = {
    stoppedAt: undefined,
    isFollowed: false,
    putBack: undefined,
    zombie: undefined,
    byHand: turns.byHand,
    asks: 0,
    present: false,
    grants: [],
    pending: undefined,
    jobs: 0,
    idleSince: undefined,
    jobsInMs: undefined,
  };
  const watch: Watch = openWatch(time, () => world.store());
  const connection = faultyTarget(stage.connection, stage.bench, {
    call: isGiving ? 'grant' : 'revoke',
    outcome: one.outcome,
    turns,
    time,
    carriedOut: (call, grantId, late) => watch.carriedOut(call, grantId, late || course.zombie === 'awake'),
    troubled: () => {
      watch.troubleUntil = time.truth.now();
    },
  });
  const warden = wardenOf(one, course, time, watch, () => stage.bench.world.has(stage.holder, stage.target));
  const world: FaultWorld = await openFaultWorld({ ...stage, time, connection, outcome: one.outcome, warden }, scene);
  await setTheTarget(stage, world, scene, turns, watch);
  const isPair = one.restart === 'M2' || one.restart === 'M3';
  const replicas = [world.start('a'), ...(isPair ? [world.start('b')] : [])];
  return { one, turns, isGiving, stage, time, watch, world, replicas, holder: stage.holder, course };
}

/**
 * A call that the store has forgotten is carried out after everybody looked, in a target that bears no mark: nobody can tell
 * it from access that somebody else gave. This is why targets with room for a mark bear one.
 */
export function isUnknowable({ one, stage, course, isGiving }: Life): boolean {
  const isLate = one.outcome === 'late' || one.outcome === 'pending';
  return course.putBack !== undefined && !stage.connection.owned && isGiving && isLate;
}

/** The target as the prepared moment left it; somebody else has the same access by hand, before, during and after. */
async function setTheTarget(stage: Stage, world: FaultWorld, scene: Scene, turns: Turns, watch: Watch): Promise<void> {
  const { bench, connection, target, holder, other } = stage;
  if (await bench.world.has(holder, target)) await bench.world.take(holder, target);
  if (!(await bench.world.has(other, target))) await bench.world.give(other, target);
  const [live] = await world.store().liveGrants({}, 1);
  if (scene === stage.live && live) {
    const { id, offer, expiresAt } = live.row;
    const order = { grantId: id, principal: holder, target: offer.entitlement as unknown, expiresAt };
    await connection.grant(order, new AbortController().signal);
    watch.carriedOut('grant', id, false);
  }
  if (turns.byHand) await bench.world.give(holder, target);
}

/** Stops the first replica at the point of the case, once; everything that is called is seen by the watch. */
function wardenOf(
  { point, restart }: FaultCase,
  course: Course,
  time: VirtualTime,
  watch: Watch,
  isThere: () => Promise<boolean>,
): Warden {
  const { step, side } = stepOf(point);
  const marks = new Set<Mark>();
  const kind = restart === 'M3' ? 'frozen' : 'dead';
  function stops(call: PortCall, isHere: boolean): 'dead' | 'frozen' | undefined {
    if (!isHere || course.stoppedAt !== undefined || call.owner !== 'a') return undefined;
    course.stoppedAt = time.truth.now();
    return kind;
  }
  return {
    async before(call) {
      const found = stops(call, side === 'before' && step.begins(call, marks));
      if (call.port === 'target' && call.method === 'grant') await watch.giving(call.args[0] as never);
      return found;
    },
    async after(call, answer) {
      if (isEnd(call, answer) && !watch.hasJustComeLate() && (await isThere()))
        watch.violations.add('I1: it was called ended while it was there');
      const found = stops(call, side === 'after' && step.ends(call, marks, answer));
      watch.seen(call, answer);
      for (const mark of marksOf(call, answer)) marks.add(mark);
      return found;
    },
  };
}

/** The commit that tells everybody that the access is gone. */
function isEnd({ port, method, args }: PortCall, answer: unknown): boolean {
  if (port !== 'store' || method !== 'commit') return false;
  const { events = [] } = args[0] as Commit;
  const isDone = (answer as CommitResult | undefined)?.kind === 'done';
  return isDone && events.some(({ event }) => event.type === 'grant.revoked');
}
