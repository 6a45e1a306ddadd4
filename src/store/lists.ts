// What the store answers without changing anything. Must not decide or compute beyond putting lists together.
import type { AccountRef, Grant, GrantId, MessageRef, Person, PersonId, RequestId, Surface } from '../core/model.ts';
import type { DueCursor, DueRows, Stored, StoredEvent, Write } from '../ports/store.ts';
import { ask, askOne, type Operation } from './ask.ts';
import { readEvent } from './ledger.ts';
import { readPerson, readRow } from './row-columns.ts';
import type { Statements } from './statements.ts';

export function* load<Row>(s: Statements, kind: Write['kind'], id: string): Operation<Stored<Row> | undefined> {
  const stored = yield* askOne(s.rows[kind].load, { id });
  return stored && readRow<Row>(stored);
}

export function* loadPerson(s: Statements, id: string): Operation<Stored<Person> | undefined> {
  const stored = yield* askOne(s.rows.person.load, { id });
  return stored && readPerson(stored);
}

export function* personAt(s: Statements, account: AccountRef): Operation<Stored<Person> | undefined> {
  const stored = yield* askOne(s.personAt, { ...account });
  return stored && readPerson(stored);
}

export function* persons(s: Statements, ids: readonly PersonId[]): Operation<readonly Person[]> {
  const found: Person[] = [];
  for (const id of ids) {
    const person = yield* loadPerson(s, id);
    if (person) found.push(person.row);
  }
  return found;
}

interface DuePage {
  readonly limit: number;
  readonly now: number;
  readonly after: DueCursor | undefined;
}

export function* due(s: Statements, { after, ...page }: DuePage): Operation<DueRows> {
  const requests = yield* duePage<RequestId>(s.dueRequests, page, after?.requests);
  const grants = yield* duePage<GrantId>(s.dueGrants, page, after?.grants);
  const found = { requests: requests.ids, grants: grants.ids };
  if (requests.end === 'over' && grants.end === 'over') return found;
  return { ...found, next: { requests: requests.end, grants: grants.end } };
}

function* duePage<Id extends string>(
  statement: Statements['dueRequests'],
  { limit, now }: Omit<DuePage, 'after'>,
  after: DueCursor['requests'] | undefined,
): Operation<{ readonly ids: readonly Id[]; readonly end: DueCursor['requests'] }> {
  if (after === 'over') return { ids: [], end: after };
  const from = { afterDue: after?.dueAt ?? Number.MIN_SAFE_INTEGER, afterId: after?.id ?? '' };
  const found = yield* ask(statement, { limit, now, ...from });
  const last = found.length < limit ? undefined : found.at(-1);
  const end = last === undefined || last.dueAt === null ? 'over' : { dueAt: last.dueAt, id: last.id };
  return { ids: found.map(({ id }) => id as Id), end };
}

export function* liveGrants(
  s: Statements,
  { person, role = null, target = null }: { readonly [key in 'person' | 'role' | 'target']?: string | null },
  limit: number,
): Operation<readonly Stored<Grant>[]> {
  const stored =
    typeof person === 'string'
      ? yield* ask(s.liveGrantsOf, { person, role, target, limit })
      : yield* ask(s.liveGrants, { role, target, limit });
  return stored.map((row) => readRow<Grant>(row));
}

export function* surfaceAt(s: Statements, at: MessageRef): Operation<Stored<Surface> | undefined> {
  const stored = yield* askOne(s.surfaceAt, { ...at });
  return stored && readRow<Surface>(stored);
}

export function* eventsOf(s: Statements, request: RequestId, from: number): Operation<readonly StoredEvent[]> {
  const rows = yield* ask(s.eventsOf, { request, from });
  return rows.map(readEvent);
}

export function* eventAt(s: Statements, seq: number): Operation<StoredEvent | undefined> {
  const row = yield* askOne(s.leaf, { seq });
  return row && readEvent(row);
}

export function* counts(s: Statements): Operation<{ readonly [table: string]: number }> {
  const found: Record<string, number> = {};
  for (const [table, statement] of Object.entries(s.counts)) {
    found[table] = Number((yield* askOne(statement))?.count ?? 0);
  }
  return found;
}
