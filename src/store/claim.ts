// Which jobs run next: the lowest lane first, fairly over the queues of a lane, each queue at its pace, one job a subject.
// Everything here walks what is due, never what waits. What becomes of a claimed job is in jobs.ts.
import type { ClaimWish, Job, JobKind, Lane } from '../ports/store.ts';
import { ask, askOne, keep, type Operation, type Outcome, undo } from './ask.ts';
import { type DueJob, dueJobs, runningJobs } from './due-jobs.ts';
import { admits, NEW_QUEUE, nextShare, type QueueState, type Share, takeOne, underPace } from './pace.ts';
import type { Statements } from './statements.ts';

/** What one claim knows and has taken so far. */
interface Round {
  readonly wish: ClaimWish;
  readonly now: number;
  readonly shares: Map<string, Share>;
  readonly jobs: Job[];
}

export function* claim(s: Statements, wish: ClaimWish, now: number): Operation<Outcome<readonly Job[]>> {
  const due = wish.limit < 1 ? [] : yield* ask(s.dueShares, { now });
  if (due.length === 0) return undo([]);
  const before = yield* loadStates(s, new Set(due.map(({ queue }) => queue)));
  const shares = yield* loadShares(s, before, wish, now);
  const round: Round = { wish, now, shares, jobs: [] };
  for (const lane of new Set(due.map((share) => share.lane))) {
    const queues = due.filter((share) => share.lane === lane).map(({ queue }) => queue);
    yield* claimLane(s, round, lane, queues);
  }
  const saved = yield* saveStates(s, before, shares);
  return saved ? keep(round.jobs) : undo(round.jobs);
}

function* loadStates(s: Statements, queues: ReadonlySet<string>): Operation<ReadonlyMap<string, QueueState>> {
  const states = new Map<string, QueueState>();
  for (const name of queues) states.set(name, (yield* askOne(s.queue, { name })) ?? NEW_QUEUE);
  return states;
}

function* loadShares(
  s: Statements,
  states: ReadonlyMap<string, QueueState>,
  wish: ClaimWish,
  now: number,
): Operation<Map<string, Share>> {
  const running = yield* runningJobs(s, now);
  const shares = [...states].map(([queue, state]): [string, Share] => {
    const pace = wish.pace(queue);
    return [queue, { queue, pace, running: running.get(queue) ?? 0, state: underPace(state, pace) }];
  });
  return new Map(shares);
}

/** What changed only: a claim that finds nothing new writes nothing. */
function* saveStates(
  s: Statements,
  before: ReadonlyMap<string, QueueState>,
  shares: ReadonlyMap<string, Share>,
): Operation<boolean> {
  let saved = false;
  for (const [name, { state }] of shares) {
    const { tat, readyAt, atOnce, served } = before.get(name) ?? NEW_QUEUE;
    const same = tat === state.tat && readyAt === state.readyAt && atOnce === state.atOnce && served === state.served;
    if (same) continue;
    yield* ask(s.saveQueue, { name, ...state });
    saved = true;
  }
  return saved;
}

function* claimLane(s: Statements, round: Round, lane: number, queues: readonly string[]): Operation<void> {
  const candidates = new Map(queues.map((queue) => [queue, dueJobs(s, queue, lane, round.now)]));
  while (round.jobs.length < round.wish.limit) {
    const open = [...candidates.keys()].map((queue) => round.shares.get(queue)).filter((share) => share !== undefined);
    const share = nextShare(open.filter((one) => admits(one, round.now)));
    const source = share && candidates.get(share.queue);
    if (!share || !source) return;
    const job = yield* source.next();
    if (job) yield* take(s, round, share, job);
    else candidates.delete(share.queue);
  }
}

function* take(s: Statements, round: Round, share: Share, due: DueJob): Operation<void> {
  const { wish, now } = round;
  const { id, subject, queue, number: _number, payload, ordered, once, ...rest } = due;
  const epoch = (yield* askOne(s.raiseCounter, { name: 'epoch' }))?.value ?? 0;
  const lease = { subject, id, queue, epoch, owner: wish.owner, until: now + wish.leaseMs };
  if (!(yield* askOne(s.takeLease, { ...lease, now }))) return;
  const started = yield* askOne(s.startJob, { id, epoch, until: lease.until });
  if (!started) throw new Error(`The job ${id} went away while it was claimed`);
  round.shares.set(queue, takeOne(share, epoch, now));
  round.jobs.push({
    ...{ id, subject, queue, dueAt: rest.dueAt, kind: rest.kind as JobKind, lane: rest.lane as Lane },
    ...{ payload: JSON.parse(payload), owner: wish.owner, epoch, ...started },
    ...(ordered && { ordered }),
    ...(once !== null && { once }),
  });
}
