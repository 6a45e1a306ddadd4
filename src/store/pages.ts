// What the store answers page by page. Must not decide or compute.
import type { Grant, Person, PersonId } from '../core/model.ts';
import type { LiveCursor, Stored } from '../ports/store.ts';
import { ask, type Operation } from './ask.ts';
import { readPerson, readRow } from './row-columns.ts';
import type { Statements } from './statements.ts';

export function* people(s: Statements, after: PersonId | undefined, limit: number): Operation<readonly Person[]> {
  const stored = yield* ask(s.personsAfter, { id: after ?? '', limit });
  return stored.map((row) => readPerson(row).row);
}

export function* liveAfter(
  s: Statements,
  target: string | undefined,
  after: LiveCursor | undefined,
  limit: number,
): Operation<readonly Stored<Grant>[]> {
  const from = { orderedAt: after?.orderedAt ?? -1, id: after?.id ?? '' };
  const stored = yield* ask(s.liveAfter, { target: target ?? null, ...from, limit });
  return stored.map((row) => readRow<Grant>(row));
}
