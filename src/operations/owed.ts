// What had fallen due before this process began: nobody is told that it is ready until each of these was sent to its target at
// least once (threat E07, I14). A target that answers nothing holds that up for a while, and not for ever.
import { isCertain } from '../core/grant-words.ts';
import type { Grant, GrantId, Instant } from '../core/model.ts';
import type { Clock } from '../ports/clock.ts';
import type { Stored } from '../ports/store.ts';

/** By then everything that can be sent was sent (S4: a lease of 30 s, and a sweep). */
const SILENCE_SECONDS = 45;

export interface Owed {
  /** Rows as they are found at the start, and as they are written from then on, by whomever. */
  saw(stored: Stored<Grant>): void;
  /** The start is over: what falls due from now on is everyday work. */
  begin(): void;
  /** All was sent, or what is left cannot be. */
  isSent(): boolean;
}

interface Entry {
  readonly target: string;
  readonly attempts: number;
}
interface State {
  readonly clock: Clock;
  /** The store's clock. */
  readonly now: () => Instant;
  readonly left: Map<GrantId, Entry>;
  /** Whether any attempt since the start was answered there. */
  readonly targets: Map<string, 'silent' | 'answers'>;
  begunAt: Instant | undefined;
}

export function openOwed(clock: Clock, now: () => Instant): Owed {
  const state: State = { clock, now, left: new Map(), targets: new Map(), begunAt: undefined };
  return {
    saw: ({ row }) => (state.begunAt === undefined ? found(state, row) : changed(state, row)),
    begin() {
      state.begunAt ??= clock.now();
    },
    isSent: () => state.begunAt !== undefined && [...state.left.values()].every((entry) => isSilent(state, entry)),
  };
}

function found(state: State, row: Grant): void {
  const attempts = row.status === 'revoking' ? row.ending.attempts : 0;
  if (isDue(row, state.now())) state.left.set(row.id, { target: row.offer.target, attempts });
}

/** To be sent now: not what was seen gone once already, and only waits for the second look. */
function isDue(row: Grant, now: Instant): boolean {
  switch (row.status) {
    case 'granting':
      return !isCertain(row) && Math.min(row.giveUpAt, row.expiresAt) <= now;
    case 'active':
    case 'extending':
      return row.expiresAt <= now;
    case 'revoking':
      return row.ending.seenAbsentAt === undefined;
    case 'scheduled':
    case 'revoked':
    case 'force_closed':
    case 'failed':
      return false;
  }
}

function changed({ left, targets }: State, row: Grant): void {
  const entry = left.get(row.id);
  if (!entry) return;
  const outcome = outcomeOf(row, entry);
  if (outcome === undefined) return;
  left.delete(row.id);
  if (outcome === 'answers' || !targets.has(entry.target)) targets.set(entry.target, outcome);
}

const UNANSWERED = ['unreachable', 'no_answer', 'target_not_configured'];

/** `undefined`: nothing was sent yet. */
function outcomeOf(row: Grant, entry: Entry): 'silent' | 'answers' | undefined {
  if (row.status !== 'revoking') return isDue(row, Number.POSITIVE_INFINITY) ? undefined : 'answers';
  if (row.ending.seenAbsentAt !== undefined) return 'answers';
  if (row.ending.attempts <= entry.attempts) return undefined;
  return UNANSWERED.includes(row.ending.lastFault ?? '') ? 'silent' : 'answers';
}

function isSilent({ clock, begunAt = 0, targets }: State, { target }: Entry): boolean {
  return targets.get(target) === 'silent' && clock.now() - begunAt >= SILENCE_SECONDS * 1000;
}
