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
import { liveAfter, people } from './pages.ts';
import { readRow, type StoredBody } from './row-columns.ts';
import type { Statements } from './statements.ts';
import { holdQueue, nextDueAt } from './wake.ts';

export function makeStore(driver: Driver, deploymentId: string): Store {
  const { statements: s, read, readOne, write, announce } = driver;
  return {
    deploymentId,
    now: () => driver.now(),
    close: () => driver.close(),
    skewMs: () => driver.skewMs(),
    onNews: (listener) => driver.onNews(listener),
    async commit(change) {
      const result = await write((now) => commit(s, change, now));
      if (result.kind === 'done' && ((change.jobs ?? []).length > 0 || change.finish)) announce();
      return result;
    },
    tidy: () => write((now) => tidy(s, now)),
    counts: () => read(() => counts(s)),
    figures: () => read((now) => figures(s, now)),
    beat: () => write((now) => beat(s, now)),
    freezeEpoch: () => readOne(() => freezeEpoch(s)),
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
  readOne,
}: Driver): Methods<'request' | 'grant' | 'person' | 'surface' | 'ownerOf' | 'personAt' | 'surfaceAt' | 'persons'> {
  return {
    request: (id) => readOne(() => load<AccessRequest>(s, 'request', id)),
    grant: (id) => readOne(() => load<Grant>(s, 'grant', id)),
    surface: (id) => readOne(() => load<Surface>(s, 'surface', id)),
    person: (id) => readOne(() => loadPerson(s, id)),
    persons: (ids) => read(() => persons(s, ids)),
    personAt: (account) => readOne(() => personAt(s, account)),
    surfaceAt: (message) => readOne(() => surfaceAt(s, message)),
    ownerOf: (key) => read((now) => ownerOf(s, key, now)),
  };
}

function listMethods({
  statements: s,
  read,
  readOne,
}: Driver): Methods<
  'due' | 'requestsOf' | 'requestsIn' | 'grantsOfRequest' | 'liveGrants' | 'liveAfter' | 'people' | 'surfacesOf'
> {
  const all = <Row>(statement: Statement<StoredBody>, values: Values) => readOne(() => stored<Row>(statement, values));
  return {
    due: (limit, after) => read((now) => due(s, { limit, now, after })),
    requestsOf: (person, limit) => all<AccessRequest>(s.requestsOf, { person, limit }),
    requestsIn: (status, limit) => all<AccessRequest>(s.requestsIn, { status, limit }),
    grantsOfRequest: (request) => all<Grant>(s.grantsOfRequest, { request }),
    surfacesOf: (request) => all<Surface>(s.surfacesOf, { request }),
    liveGrants: (filter, limit) => readOne(() => liveGrants(s, filter, limit)),
    liveAfter: (target, after, limit) => read(() => liveAfter(s, target, after, limit)),
    people: (after, limit) => read(() => people(s, after, limit)),
  };
}

function* stored<Row>(statement: Statement<StoredBody>, values: Values) {
  return (yield* ask(statement, values)).map((row) => readRow<Row>(row));
}

function jobMethods({
  statements: s,
  read,
  write,
  announce,
}: Driver): Methods<'claim' | 'renew' | 'defer' | 'holdQueue' | 'nextDueAt'> {
  return {
    claim: (wish) => write((now) => claim(s, wish, now)),
    renew: (hold, leaseMs) => write((now) => renew(s, hold, leaseMs, now)),
    async defer(hold, dueAt, because, { attempt = true } = {}) {
      const deferred = await write(() => defer(s, hold, { dueAt, because, attempt }));
      if (deferred) announce();
      return deferred;
    },
    holdQueue: (queue, until) => write(() => holdQueue(s, queue, until)),
    nextDueAt: () => read((now) => nextDueAt(s, now)),
  };
}

function ledgerMethods({
  statements: s,
  read,
  readOne,
  write,
}: Driver): Methods<'eventsOf' | 'event' | 'ledgerHead' | 'leaves' | 'checkpoints' | 'saveCheckpoint'> {
  return {
    eventsOf: (request, from = 0) => readOne(() => eventsOf(s, request, from)),
    event: (number) => readOne(() => eventAt(s, number)),
    ledgerHead: () => read(() => ledgerHead(s)),
    leaves: async (from, limit) => (await readOne(() => ask(s.leaves, { from, limit }))).map(readLeafRow),
    checkpoints: async (from) =>
      (await readOne(() => ask(s.checkpoints, { from }))).map(({ size, note, at }) => ({ size, note, at })),
    saveCheckpoint: (checkpoint) => write(() => saveCheckpoint(s, checkpoint)),
  };
}

function* tidy(s: Statements, now: number) {
  yield* ask(s.tidyClaims, { now });
  yield* ask(s.tidyQueues, { now });
  return keep(undefined);
}
