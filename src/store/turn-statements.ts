// Turns: locks by name, for what is no row or must be waited for in the order of asking. Held until the transaction ends.
// Only where several processes write at once: on SQLite a writer has the whole file, and there are none.
// Sent as an effect, a turn costs no round trip; the statement after it sees all that its last holder wrote.
import { type Dialect, type Statement, spoken } from './ask.ts';

export interface Turns {
  /** Waits for everybody who has it, and keeps them all waiting. */
  readonly wait: Statement<never>;
  /** Waits only for somebody who has it alone; fair to those, which FOR SHARE is not. */
  readonly share: Statement<never>;
  /** Waits for nobody. */
  readonly take: Statement<{ readonly mine: boolean }>;
}

/** Names of turns; `key` of each statement is one of them. Different kinds never meet. */
export const turn = {
  /** Of a subject's lease: claimers try it, holders wait for it. */
  subject: (subject: string) => `subject:${subject}`,
  /** Of a queue's pace. */
  queue: (queue: string) => `queue:${queue}`,
  /** Of giving numbers to the ordered jobs of a subject. */
  order: (subject: string) => `order:${subject}`,
  /** Of a row that is not there yet. */
  row: (kind: string, id: string) => `row:${kind}:${id}`,
  freeze: 'freeze',
} as const;

/** The key as 64 bits; two names that meet by chance only wait for each other. */
const KEY = 'hashtextextended($1, 0)';

export function turnStatements({ shared }: Dialect): { readonly turns: Turns | undefined } {
  if (!shared) return { turns: undefined };
  const wait = spoken('turn_wait', `select pg_advisory_xact_lock(${KEY})`, ['key']);
  const share = spoken('turn_share', `select pg_advisory_xact_lock_shared(${KEY})`, ['key']);
  const take = spoken('turn_take', `select pg_try_advisory_xact_lock(${KEY})`, ['key'], ([mine]) => ({
    mine: mine === true,
  }));
  return { turns: { wait, share, take } };
}
