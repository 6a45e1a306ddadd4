// One commit: guards first, then everything it writes, or nothing. Decides who was faster, never what is right.
//
// The order is one in which commits of several processes can wait for one another without ever waiting in a circle: the
// lease of the held job; the freeze; rows by kind and id; accounts; names by key; jobs by key; the ledger's head. It is also
// the order of what is told: a writer that lost its lease hears only that; who read old rows hears "again" before any name is
// taken. The head comes last, since everybody waits for it. Claimers (claim.ts) and tidying wait for nobody.
import type { Commit, CommitResult, Write } from '../ports/store.ts';
import { ask, askOne, keep, type Operation, type Outcome, undo } from './ask.ts';
import { finish, holding, orderAll } from './jobs.ts';
import { append } from './ledger.ts';
import { takeAccounts, takeNames } from './names.ts';
import { columnsOf } from './row-columns.ts';
import type { Statements } from './statements.ts';
import { turn } from './turn-statements.ts';

type Refused = Exclude<CommitResult, { kind: 'done' }>;
const CONFLICT: Refused = { kind: 'conflict' };

export function* commit(s: Statements, change: Commit, now: number): Operation<Outcome<CommitResult>> {
  const { unchanged = [], writes = [], releases = [], claims = [], jobs = [], events = [] } = change;
  const refused = (yield* checkGuards(s, change)) ?? (yield* throughRows(s, unchanged, writes));
  if (refused) return undo(refused);
  const taken = yield* takeNames(s, releases, claims, now);
  if (taken) return undo(taken);
  yield* orderAll(s, jobs);
  if (change.finish && change.hold) yield* finish(s, change.hold);
  return keep({ kind: 'done', numbers: yield* append(s, events) });
}

export function* freezeEpoch(s: Statements): Operation<number> {
  const counter = yield* askOne(s.counter, { name: 'freeze' });
  return counter?.value ?? 0;
}

function* checkGuards(s: Statements, change: Commit): Operation<Refused | undefined> {
  if (change.finish && !change.hold)
    throw new Error('A commit finishes the job that it holds, and this one holds none');
  if (change.hold && !(yield* holding(s, change.hold))) return { kind: 'fenced' };
  const seen = yield* freezeSeen(s, change);
  return change.freezeEpoch === undefined || change.freezeEpoch === seen ? undefined : CONFLICT;
}

/**
 * The count of freezes, which stays so until the transaction ends: whoever orders a pass under it is done before it is raised,
 * or hears of it. Those who guard by it share the turn; who raises it has it alone and is let in before those who ask later,
 * however many they are.
 */
function* freezeSeen(s: Statements, { freezeEpoch: guard, raiseFreezeEpoch }: Commit): Operation<number | undefined> {
  if (raiseFreezeEpoch) {
    if (s.turns) yield* ask(s.turns.wait, { key: turn.freeze });
    const raised = yield* askOne(s.raiseCounter, { name: 'freeze' });
    return (raised?.value ?? 1) - 1;
  }
  if (guard === undefined) return undefined;
  if (s.turns) yield* ask(s.turns.share, { key: turn.freeze });
  return yield* freezeEpoch(s);
}

type Guard = NonNullable<Commit['unchanged']>[number];
type Step = { readonly kind: Write['kind']; readonly id: string } & (
  | { readonly guard: Guard }
  | { readonly write: Write }
);

/** Rows that others refer to go first, whatever the order they were given in. */
const KINDS: readonly Write['kind'][] = ['request', 'person', 'grant', 'surface'];

function* throughRows(
  s: Statements,
  guards: readonly Guard[],
  writes: readonly Write[],
): Operation<Refused | undefined> {
  for (const step of inLockOrder(guards, writes)) {
    const good = 'guard' in step ? yield* stillSo(s, step.guard) : yield* saved(s, step.write);
    if (!good) return CONFLICT;
  }
  const persons = writes.flatMap((write) => (write.kind === 'person' ? [write.row] : []));
  return yield* takeAccounts(s, persons);
}

function inLockOrder(guards: readonly Guard[], writes: readonly Write[]): readonly Step[] {
  const steps: readonly Step[] = [
    ...guards.map((guard) => ({ kind: guard.kind, id: guard.id, guard })),
    ...writes.map((write) => ({ kind: write.kind, id: write.row.id, write })),
  ];
  return steps.toSorted((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || (a.id < b.id ? -1 : +(a.id > b.id)));
}

/**
 * And stays so until the transaction ends: two that each read what the other writes cannot both be done. A row that must not
 * be there cannot be locked, so its name is.
 */
function* stillSo(s: Statements, { kind, id, version }: Guard): Operation<boolean> {
  if (version === 0 && s.turns) yield* ask(s.turns.share, { key: turn.row(kind, id) });
  const found = yield* askOne(s.rows[kind].version, { id });
  return (found?.version ?? 0) === version;
}

function* saved(s: Statements, write: Write): Operation<boolean> {
  const { insert, update } = s.rows[write.kind];
  const columns = columnsOf(write);
  if (write.version !== 0) return (yield* askOne(update, { ...columns, version: write.version })) !== undefined;
  if (s.turns) yield* ask(s.turns.wait, { key: turn.row(write.kind, write.row.id) });
  return (yield* askOne(insert, columns)) !== undefined;
}
