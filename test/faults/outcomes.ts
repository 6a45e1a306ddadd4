// What the target makes of the call in question: the ten outcomes. Which call that is, is said by the crash point: the one
// that gives for G0–G8, the one that takes back for R0–R7.

export const OUTCOMES = [
  'ok',
  'reply_lost',
  'timeout',
  'refused',
  'busy',
  'failed',
  'partial',
  'pending',
  'late',
  'stale',
] as const;
export type OutcomeName = (typeof OUTCOMES)[number];

export interface Outcome {
  readonly what: string;
  /** How many calls go like this, from the first on; later ones are carried out and answered. */
  readonly times: { readonly grant: number; readonly revoke: number };
}

export const OUTCOME: { readonly [name in OutcomeName]: Outcome } = {
  ok: { what: 'carried out and answered', times: { grant: 0, revoke: 0 } },
  reply_lost: { what: 'carried out, the answer is lost', times: { grant: 1, revoke: 2 } },
  timeout: { what: 'not carried out, no answer', times: { grant: 2, revoke: 2 } },
  refused: { what: 'a definite 403', times: { grant: 1, revoke: 3 } },
  busy: { what: '429, come back in 7 s', times: { grant: 2, revoke: 2 } },
  failed: { what: '500, not carried out', times: { grant: 2, revoke: 2 } },
  partial: {
    what: 'half carried out, then 503; where nothing is done by halves: carried out, then 503',
    times: { grant: 1, revoke: 1 },
  },
  pending: { what: 'accepted, and carried out in the target’s own time', times: { grant: 1, revoke: 1 } },
  late: { what: 'no answer, and carried out 1 or 10 minutes later', times: { grant: 1, revoke: 1 } },
  stale: { what: 'carried out and answered, looks go on to show what was before', times: { grant: 1, revoke: 1 } },
};

export const PENDING_MS = 15_000;
export const STALE_MS = 25_000;
export const LATE_MS = { one: 60_000, ten: 600_000 } as const;
export const RETRY_AFTER_SECONDS = 7;
