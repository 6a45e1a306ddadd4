// What a watchdog makes of what it sees: pure. It alarms when nobody can be seen, when nobody sweeps, when access is there long
// after it should be gone, and when the audit channel is silent; and it never takes "I cannot see" for "all is well".
import type { Instant } from '../core/model.ts';
import type { WatchAlarm, WatchCode } from '../messages/watch-page.ts';
import type { Backlog, Figures } from '../ports/figures.ts';

/** Ages in seconds, as they were when somebody looked. */
export interface Sight {
  readonly lastSweepSeconds: number;
  /** 0: none. */
  readonly oldestOverdueSeconds: number;
  readonly oldestUntoldSeconds: number;
  readonly oldestUnsignedSeconds: number;
  readonly lastCheckpointSeconds: number;
  /** Of the log; an empty one has nothing to sign. */
  readonly leaves: number;
}

type Trouble = Omit<WatchAlarm, 'raisedAt'>;

export const LOOK_SECONDS = 15;
/** The sweep runs every 5 s on each replica, and leaves a mark every 10 s. */
const SWEEP_BOUND_SECONDS = 60;
const BLIND_BOUND_SECONDS = 60;
/** Hallpass alarms at 120 s by itself; by then something else than Hallpass should know too. */
const OVERDUE_BOUND_SECONDS = 120;
/** The log is signed every 10 min while there is anything new. */
const BACKLOG_BOUND_SECONDS = 900;
/** It is signed every day even if nothing happens. */
const CHECKPOINT_BOUND_SECONDS = 24 * 3600;

/** What is wrong at this look. `blindSince`: nothing could be seen since then, and now neither. */
export function judgeSight(now: Instant, seen: Sight | { readonly blindSince: Instant }): readonly Trouble[] {
  if ('blindSince' in seen) {
    const seconds = (now - seen.blindSince) / 1000;
    return seconds < BLIND_BOUND_SECONDS ? [] : [trouble('hallpass_unreachable', seconds, 'nothing could be read')];
  }
  return [...lateness(seen), ...silence(seen)];
}

function lateness({ lastSweepSeconds, oldestOverdueSeconds }: Sight): readonly Trouble[] {
  return [
    ...beyond(SWEEP_BOUND_SECONDS, lastSweepSeconds, 'nobody_sweeps', 'no replica has swept'),
    ...beyond(OVERDUE_BOUND_SECONDS, oldestOverdueSeconds, 'revoke_overdue', 'access that should be gone is there'),
  ];
}

/** One alarm for the channel, whatever shows it: the first bound that is exceeded. */
function silence(sight: Sight): readonly Trouble[] {
  if (sight.leaves === 0) return [];
  const { oldestUntoldSeconds, oldestUnsignedSeconds, lastCheckpointSeconds } = sight;
  return [
    ...beyond(BACKLOG_BOUND_SECONDS, oldestUntoldSeconds, 'audit_silent', 'the audit channel lacks entries of the log'),
    ...beyond(BACKLOG_BOUND_SECONDS, oldestUnsignedSeconds, 'audit_silent', 'entries of the log are not signed'),
    ...beyond(CHECKPOINT_BOUND_SECONDS, lastCheckpointSeconds, 'audit_silent', 'the log was not signed'),
  ].slice(0, 1);
}

/** A figure that is no number was not understood: that is no proof that all is well. */
function beyond(bound: number, seconds: number, code: WatchCode, what: string): readonly Trouble[] {
  return seconds <= bound ? [] : [trouble(code, seconds, what)];
}

function trouble(code: WatchCode, seconds: number, what: string): Trouble {
  return { code, seconds, what };
}

/** An alarm from the look that raised it to the one that found it over. */
export interface OpenAlarm extends WatchAlarm {
  readonly overAt?: Instant;
}
export interface WatchState {
  readonly blindSince?: Instant;
  readonly alarms: readonly OpenAlarm[];
}

/**
 * The alarms after a look. While nothing can be seen, those that are open stay open: only a look that sees that it is over
 * ends one.
 */
export function watch(before: WatchState, now: Instant, sight: Sight | undefined): WatchState {
  const blindSince = sight ? undefined : (before.blindSince ?? now);
  const troubles = judgeSight(now, sight ?? { blindSince: blindSince ?? now });
  const known = before.alarms.filter(({ overAt }) => overAt === undefined);
  const still = known.map((alarm): OpenAlarm => {
    const found = troubles.find(({ code }) => code === alarm.code);
    if (found) return { ...alarm, ...found };
    return sight ? { ...alarm, overAt: now } : alarm;
  });
  const fresh = troubles.filter(({ code }) => !known.some((alarm) => alarm.code === code));
  const alarms = [...still, ...fresh.map((found): OpenAlarm => ({ ...found, raisedAt: now }))];
  return { alarms, ...(blindSince !== undefined && { blindSince }) };
}

/** Never swept and never signed are older than any bound. */
export function sightOf({ now, late, log, sweptAt }: Figures): Sight {
  const ageOf = (at: Instant | undefined) => (at === undefined ? Number.POSITIVE_INFINITY : (now - at) / 1000);
  const oldest = ({ since }: Backlog) => (since === undefined ? 0 : ageOf(since));
  return {
    lastSweepSeconds: ageOf(sweptAt),
    oldestOverdueSeconds: late.since === undefined ? 0 : ageOf(late.since),
    oldestUntoldSeconds: oldest(log.untold),
    oldestUnsignedSeconds: oldest(log.unsigned),
    lastCheckpointSeconds: ageOf(log.signedAt),
    leaves: log.size,
  };
}

/** Replicas of one deployment tell the same; where they do not, the worst counts. `undefined`: nobody told anything. */
export function worstOf(sights: readonly Sight[]): Sight | undefined {
  const [first, ...others] = sights;
  if (!first) return undefined;
  return others.reduce(
    (one, other) => ({
      lastSweepSeconds: Math.max(one.lastSweepSeconds, other.lastSweepSeconds),
      oldestOverdueSeconds: Math.max(one.oldestOverdueSeconds, other.oldestOverdueSeconds),
      oldestUntoldSeconds: Math.max(one.oldestUntoldSeconds, other.oldestUntoldSeconds),
      oldestUnsignedSeconds: Math.max(one.oldestUnsignedSeconds, other.oldestUnsignedSeconds),
      lastCheckpointSeconds: Math.max(one.lastCheckpointSeconds, other.lastCheckpointSeconds),
      leaves: Math.max(one.leaves, other.leaves),
    }),
    first,
  );
}
