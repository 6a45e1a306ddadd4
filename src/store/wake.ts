// When to look for work again, so that a runner may sleep until then. Never later than work could be claimed; earlier only
// when it would have been refused for its subject.
import { ask, askOne, keep, type Operation, type Outcome } from './ask.ts';
import { dueJobs, runningJobs, stateOf } from './due-jobs.ts';
import { NEW_QUEUE } from './pace.ts';
import type { Statements } from './statements.ts';
import { turn } from './turn-statements.ts';

export function* nextDueAt(s: Statements, now: number): Operation<number | undefined> {
  if (yield* anyOpen(s, now)) return now;
  const ready = yield* askOne(s.nextReady, { now });
  const due = yield* askOne(s.nextDue, { now });
  const times = [ready?.readyAt, due?.dueAt].filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Something is due, its subject is free, its queue is off hold and has room. */
function* anyOpen(s: Statements, now: number): Operation<boolean> {
  const due = yield* ask(s.dueShares, { now });
  if (due.length === 0) return false;
  const running = yield* runningJobs(s, now);
  for (const share of due) {
    const { queue, lane } = share;
    const { readyAt, atOnce } = stateOf(share);
    if (readyAt > now || (running.get(queue) ?? 0) >= atOnce) continue;
    if (yield* dueJobs(s.dueJob, { queue, lane }, now).next(1)) return true;
  }
  return false;
}

/** Longer holds stay; a shorter one changes nothing. Whoever is claiming from it at this moment saves what they took first. */
export function* holdQueue(s: Statements, name: string, until: number): Operation<Outcome<void>> {
  if (s.turns) yield* ask(s.turns.wait, { key: turn.queue(name) });
  const state = (yield* askOne(s.queue, { name })) ?? NEW_QUEUE;
  yield* ask(s.saveQueue, { name, ...state, readyAt: Math.max(state.readyAt, Math.ceil(until)) });
  return keep(undefined);
}
