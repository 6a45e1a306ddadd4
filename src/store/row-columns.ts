// From a row to the columns beside its body, and back from the body. Pure.
// A row comes back exactly as it was stored: nothing is added, defaulted or repaired on the way.
import type { AccessRequest, Grant, Person, Surface } from '../core/model.ts';
import type { Stored, Write } from '../ports/store.ts';
import type { Value } from './ask.ts';
import { grantDueAt, requestDueAt } from './due-at.ts';
import type { Tables } from './schema.ts';

/** A value for each column but `version`, so that a new column without one does not compile. */
type ColumnsOf<Name extends keyof Tables> = {
  readonly [column in Exclude<keyof Tables[Name]['$inferSelect'], 'version'>]: Value;
};

export function columnsOf(write: Write): Readonly<Record<string, Value>> {
  switch (write.kind) {
    case 'request':
      return requestColumns(write.row);
    case 'grant':
      return grantColumns(write.row);
    case 'person':
      return personColumns(write.row);
    case 'surface':
      return surfaceColumns(write.row);
  }
}

function requestColumns(row: AccessRequest): ColumnsOf<'requests'> {
  const { id, status, requester, submittedAt } = row;
  return { id, status, requester, submittedAt, dueAt: requestDueAt(row), body: JSON.stringify(row) };
}

function grantColumns(row: Grant): ColumnsOf<'grants'> {
  const { id, status, person, request, orderedAt, expiresAt, offer } = row;
  const { role, target, targetKey, principal } = offer;
  return {
    ...{ id, status, person, role, target, targetKey, orderedAt, expiresAt },
    requestId: request,
    entitlement: JSON.stringify(offer.entitlement),
    principalId: principal.id,
    principalName: principal.name,
    dueAt: grantDueAt(row),
    body: JSON.stringify(row),
  };
}

function personColumns(row: Person): ColumnsOf<'persons'> {
  return { id: row.id, body: JSON.stringify(row) };
}

function surfaceColumns(row: Surface): ColumnsOf<'surfaces'> {
  const { platform = null, tenant = null, channel = null, message = null } = row.message ?? {};
  const requestId = row.request ?? null;
  return { id: row.id, requestId, platform, tenant, channel, message, body: JSON.stringify(row) };
}

export interface StoredBody {
  readonly version: number;
  readonly body: string;
}

/** A stored body as the row it was made from; `Row` is what its table holds. */
export function readRow<Row>({ version, body }: StoredBody): Stored<Row> {
  return { row: JSON.parse(body), version };
}

/** JSON has no undefined, and a person without an address has that under `email`. */
export function readPerson(stored: StoredBody): Stored<Person> {
  const { row, version } = readRow<Person>(stored);
  return { row: { ...row, email: row.email }, version };
}
