// One commit: guards first, then everything it writes, or nothing. Decides who was faster, never what is right.
// Order matters: a writer that lost its lease hears only that; who read old rows hears "again" before any name is taken;
// the ledger's head is locked last.
import type { Commit, CommitResult, Write } from '../ports/store.ts';
import { ask, askOne, keep, type Operation, type Outcome, undo } from './ask.ts';
import { finish, holding, order } from './jobs.ts';
import { append } from './ledger.ts';
import { type Taken, takeAccounts, takeClaim } from './names.ts';
import { columnsOf } from './row-columns.ts';
import type { Statements } from './statements.ts';

type Refused = Exclude<CommitResult, { kind: 'done' }>;
const CONFLICT: Refused = { kind: 'conflict' };

export function* commit(s: Statements, change: Commit, now: number): Operation<Outcome<CommitResult>> {
  const refused = (yield* checkGuards(s, change)) ?? (yield* writeRows(s, change.writes ?? []));
  if (refused) return undo(refused);
  const taken = yield* takeNames(s, change, now);
  if (taken) return undo(taken);
  for (const job of change.jobs ?? []) yield* order(s, job);
  if (change.finish && change.hold) yield* finish(s, change.hold);
  if (change.raiseFreezeEpoch) yield* ask(s.raiseCounter, { name: 'freeze' });
  return keep({ kind: 'done', numbers: yield* append(s, change.events ?? []) });
}

export function* freezeEpoch(s: Statements): Operation<number> {
  const counter = yield* askOne(s.counter, { name: 'freeze' });
  return counter?.value ?? 0;
}

function* checkGuards(s: Statements, change: Commit): Operation<Refused | undefined> {
  if (change.finish && !change.hold)
    throw new Error('A commit finishes the job that it holds, and this one holds none');
  if (change.hold && !(yield* holding(s, change.hold))) return { kind: 'fenced' };
  if (change.freezeEpoch !== undefined && change.freezeEpoch !== (yield* freezeEpoch(s))) return CONFLICT;
  for (const { kind, id, version } of change.unchanged ?? []) {
    const found = yield* askOne(s.rows[kind].version, { id });
    if ((found?.version ?? 0) !== version) return CONFLICT;
  }
  return undefined;
}

/** Rows that others refer to go first, whatever the order they were given in. */
const KINDS = ['request', 'person', 'grant', 'surface'] as const satisfies readonly Write['kind'][];

function* writeRows(s: Statements, writes: readonly Write[]): Operation<Refused | undefined> {
  for (const kind of KINDS) {
    for (const write of writes.filter((one) => one.kind === kind)) {
      if (!(yield* saved(s, write))) return CONFLICT;
    }
  }
  const persons = writes.flatMap((write) => (write.kind === 'person' ? [write.row] : []));
  return yield* takeAccounts(s, persons);
}

function* saved(s: Statements, write: Write): Operation<boolean> {
  const { insert, update } = s.rows[write.kind];
  const columns = columnsOf(write);
  if (write.version === 0) return (yield* askOne(insert, columns)) !== undefined;
  return (yield* askOne(update, { ...columns, version: write.version })) !== undefined;
}

/** Released first, so that a name can go from one owner to another in one commit. */
function* takeNames(s: Statements, change: Commit, now: number): Operation<Taken | undefined> {
  for (const { key, owner } of change.releases ?? []) yield* ask(s.releaseClaim, { key, owner });
  for (const claim of change.claims ?? []) {
    const taken = yield* takeClaim(s, claim, now);
    if (taken) return taken;
  }
  return undefined;
}
