// Which jobs run next: the lowest lane first, fairly over the queues of a lane, each queue at its pace, one job a subject.
// Everything here walks what is due, never what waits. What becomes of a claimed job is in jobs.ts.
// Of several processes that claim at once each takes its turn at a queue and goes past what the others have, so that pace and
// `atOnce` hold over all of them and nobody waits: a claimer that held jobs and waited could be waited for in a circle.
import type { ClaimWish, Job, JobKind, Lane } from '../ports/store.ts';
import { ask, askOne, keep, type Operation, type Outcome, undo } from './ask.ts';
import { type DueJob, type DueShare, dueJobs, runningJobs, stateOf } from './due-jobs.ts';
import { admits, NEW_QUEUE, nextShare, type QueueState, type Share, takeOne, underPace } from './pace.ts';
import type { Statements } from './statements.ts';
import { turn } from './turn-statements.ts';

/** What one claim knows and has taken so far. */
interface Round {
  readonly wish: ClaimWish;
  readonly now: number;
  /** Of the queues that another process is not claiming from, as far as we know. */
  readonly shares: Map<string, Share>;
  /** As they are stored. */
  readonly before: Map<string, QueueState>;
  /** Queues whose turn is ours: nobody else changes them until we are done. */
  readonly ours: Set<string>;
  readonly jobs: Job[];
}

export function* claim(s: Statements, wish: ClaimWish, now: number): Operation<Outcome<readonly Job[]>> {
  const due = wish.limit < 1 ? [] : yield* ask(s.dueShares, { now });
  if (due.length === 0) return undo([]);
  const round = yield* begin(s, due, wish, now);
  for (const lane of new Set(due.map((share) => share.lane))) {
    const queues = due.filter((share) => share.lane === lane).map(({ queue }) => queue);
    yield* claimLane(s, round, lane, queues);
  }
  const saved = yield* saveStates(s, round);
  return saved ? keep(round.jobs) : undo(round.jobs);
}

/** How the queues stood when we looked. It says where to begin; what counts is looked at again under the queue's turn. */
function* begin(s: Statements, due: readonly DueShare[], wish: ClaimWish, now: number): Operation<Round> {
  const before = new Map(due.map((share) => [share.queue, stateOf(share)]));
  const running = yield* runningJobs(s, now);
  const shares = [...before].map(([queue, stored]): [string, Share] => {
    const pace = wish.pace(queue);
    return [queue, { queue, pace, state: underPace(stored, pace), running: running.get(queue) ?? 0 }];
  });
  return { wish, now, before, shares: new Map(shares), ours: new Set(), jobs: [] };
}

function* claimLane(s: Statements, round: Round, lane: number, queues: readonly string[]): Operation<void> {
  const sources = queues.map((queue) => [queue, dueJobs(s.dueJobToTake, { queue, lane }, round.now)] as const);
  const candidates = new Map(sources);
  while (round.jobs.length < round.wish.limit) {
    const open = [...candidates.keys()].map((queue) => round.shares.get(queue)).filter((share) => share !== undefined);
    const share = nextShare(open.filter((one) => admits(one, round.now) && hasRoom(round, one.queue)));
    const source = share && candidates.get(share.queue);
    if (!share || !source) return;
    // Not as we knew it, or another's turn: look again who goes next.
    if ((yield* underTurn(s, round, share)) !== share) continue;
    const job = yield* source.next(Math.min(round.wish.limit - round.jobs.length, share.pace.atOnce - share.running));
    if (job) yield* take(s, round, share, job);
    else candidates.delete(share.queue);
  }
}

function hasRoom({ wish: { rooms }, jobs }: Round, queue: string): boolean {
  if (!rooms) return true;
  const room = rooms.of(queue);
  return jobs.filter((job) => rooms.of(job.queue) === room).length < (rooms.left[room] ?? 0);
}

/** The share as it is once nobody else can change it; `undefined` when another process is claiming from the queue now. */
function* underTurn(s: Statements, round: Round, known: Share): Operation<Share | undefined> {
  const { queue, pace } = known;
  if (!s.turns || round.ours.has(queue)) return known;
  const taken = yield* askOne(s.turns.take, { key: turn.queue(queue) });
  if (!taken?.mine) {
    round.shares.delete(queue);
    return undefined;
  }
  const found = yield* askOne(s.queueShare, { name: queue, now: round.now });
  const state = found ? stateOf(found) : NEW_QUEUE;
  const share = { queue, pace, state: underPace(state, pace), running: Number(found?.running ?? 0) };
  round.ours.add(queue);
  round.before.set(queue, state);
  round.shares.set(queue, share);
  return share;
}

/** What changed only: a claim that finds nothing new writes nothing. */
function* saveStates(s: Statements, round: Round): Operation<boolean> {
  let saved = false;
  for (const known of [...round.shares.values()]) {
    if (isSaved(round, known)) continue;
    const share = yield* underTurn(s, round, known);
    if (!share || isSaved(round, share)) continue;
    yield* ask(s.saveQueue, { name: share.queue, ...share.state });
    saved = true;
  }
  return saved;
}

function isSaved({ before }: Round, { queue, state }: Share): boolean {
  const { tat, readyAt, atOnce, served } = before.get(queue) ?? NEW_QUEUE;
  return tat === state.tat && readyAt === state.readyAt && atOnce === state.atOnce && served === state.served;
}

function* take(s: Statements, round: Round, share: Share, due: DueJob): Operation<void> {
  const { wish, now } = round;
  const { id, subject, queue, number: _number, payload, ordered, once, ...rest } = due;
  const epoch = (yield* askOne(s.nextEpoch, { turn: turn.subject(subject) }))?.value;
  if (epoch === undefined) return;
  const lease = { subject, id, queue, epoch, owner: wish.owner, until: now + wish.leaseMs };
  // Its subject may have been taken since the job was looked up.
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
