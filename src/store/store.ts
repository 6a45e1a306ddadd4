// The store: every method of the port as one operation on whatever database it was opened with. The only repository.
import type { AccessRequest, Grant, Surface } from '../core/model.ts';
import type { Store } from '../ports/store.ts';
import { ask, keep, type Statement, type Values } from './ask.ts';
import { claim } from './claim.ts';
import { commit, freezeEpoch } from './commit.ts';
import type { Driver } from './driver.ts';
import { beat, figures } from './figures.ts';
import { defer, renew } from './jobs.ts';
import { ledgerHead, readLeafRow, saveCheckpoint } from './ledger.ts';
import { counts, due, eventAt, eventsOf, liveGrants, load, loadPerson, personAt, persons, surfaceAt } from './lists.ts';
import { ownerOf } from './names.ts';
import { readRow, type StoredBody } from './row-columns.ts';
import type { Statements } from './statements.ts';
import { holdQueue, nextDueAt } from './wake.ts';

export function makeStore(driver: Driver, deploymentId: string): Store {
  const { statements: s, read, write } = driver;
  return {
    deploymentId,
    now: () => driver.now(),
    close: async () => driver.close(),
    commit: (change) => write((now) => commit(s, change, now)),
    tidy: () => write((now) => tidy(s, now)),
    counts: () => read(() => counts(s)),
    figures: () => read((now) => figures(s, now)),
    beat: () => write((now) => beat(s, now)),
    freezeEpoch: () => read(() => freezeEpoch(s)),
    ...rowMethods(driver),
    ...listMethods(driver),
    ...jobMethods(driver),
    ...ledgerMethods(driver),
  };
}

type Methods<Names extends keyof Store> = Pick<Store, Names>;

function rowMethods({
  statements: s,
  read,
}: Driver): Methods<'request' | 'grant' | 'person' | 'surface' | 'ownerOf' | 'personAt' | 'surfaceAt' | 'persons'> {
  return {
    request: (id) => read(() => load<AccessRequest>(s, 'request', id)),
    grant: (id) => read(() => load<Grant>(s, 'grant', id)),
    surface: (id) => read(() => load<Surface>(s, 'surface', id)),
    person: (id) => read(() => loadPerson(s, id)),
    persons: (ids) => read(() => persons(s, ids)),
    personAt: (account) => read(() => personAt(s, account)),
    surfaceAt: (message) => read(() => surfaceAt(s, message)),
    ownerOf: (key) => read((now) => ownerOf(s, key, now)),
  };
}

function listMethods({
  statements: s,
  read,
}: Driver): Methods<'due' | 'requestsOf' | 'requestsIn' | 'grantsOfRequest' | 'liveGrants' | 'surfacesOf'> {
  const all = <Row>(statement: Statement<StoredBody>, values: Values) => read(() => stored<Row>(statement, values));
  return {
    due: (limit) => read((now) => due(s, limit, now)),
    requestsOf: (person, limit) => all<AccessRequest>(s.requestsOf, { person, limit }),
    requestsIn: (status, limit) => all<AccessRequest>(s.requestsIn, { status, limit }),
    grantsOfRequest: (request) => all<Grant>(s.grantsOfRequest, { request }),
    surfacesOf: (request) => all<Surface>(s.surfacesOf, { request }),
    liveGrants: (filter, limit) => read(() => liveGrants(s, filter, limit)),
  };
}

function* stored<Row>(statement: Statement<StoredBody>, values: Values) {
  return (yield* ask(statement, values)).map((row) => readRow<Row>(row));
}

function jobMethods({
  statements: s,
  read,
  write,
}: Driver): Methods<'claim' | 'renew' | 'defer' | 'holdQueue' | 'nextDueAt'> {
  return {
    claim: (wish) => write((now) => claim(s, wish, now)),
    renew: (hold, leaseMs) => write((now) => renew(s, hold, leaseMs, now)),
    defer: (hold, dueAt, because, { attempt = true } = {}) => write(() => defer(s, hold, { dueAt, because, attempt })),
    holdQueue: (queue, until) => write(() => holdQueue(s, queue, until)),
    nextDueAt: () => read((now) => nextDueAt(s, now)),
  };
}

function ledgerMethods({
  statements: s,
  read,
  write,
}: Driver): Methods<'eventsOf' | 'event' | 'ledgerHead' | 'leaves' | 'checkpoints' | 'saveCheckpoint'> {
  return {
    eventsOf: (request, from = 0) => read(() => eventsOf(s, request, from)),
    event: (number) => read(() => eventAt(s, number)),
    ledgerHead: () => read(() => ledgerHead(s)),
    leaves: async (from, limit) => (await read(() => ask(s.leaves, { from, limit }))).map(readLeafRow),
    checkpoints: async (from) =>
      (await read(() => ask(s.checkpoints, { from }))).map(({ size, note, at }) => ({ size, note, at })),
    saveCheckpoint: (checkpoint) => write(() => saveCheckpoint(s, checkpoint)),
  };
}

function* tidy(s: Statements, now: number) {
  yield* ask(s.tidyClaims, { now });
  yield* ask(s.tidyQueues, { now });
  return keep(undefined);
}
