// What must hold when all is over, whatever happened on the way: I1 to I14, one function each. I2 and I8 are watched while
// it happens (watch.ts), I3, I4 and I7 partly.
import { isDeepStrictEqual } from 'node:util';
import type { Grant } from '../../src/core/model.ts';
import type { StoredEvent } from '../../src/ports/store.ts';
import { brokenAudit, brokenChat, brokenNames, brokenStore, eventsOf, requestsOf, type Told } from '../crash/laws.ts';
import { ALWAYS_THERE, isUnknowable, type Life } from './life.ts';

interface Remains {
  readonly life: Life;
  readonly told: Told;
  readonly events: readonly StoredEvent[];
  readonly grants: readonly Grant[];
}

type Invariant = (remains: Remains) => readonly string[] | Promise<readonly string[]>;

/** In words, with the number of the invariant; empty when all holds. */
export async function brokenInvariants(life: Life): Promise<readonly string[]> {
  const { world, replicas } = life;
  const alive = replicas.find((replica) => replica.isUp());
  if (!alive) return ['nobody is left'];
  const { putBack } = life.course;
  // Heads of the history that was lost prove that it was lost, and nothing else.
  const checkpoints = putBack ? [] : world.checkpoints;
  const told: Told = { ...world, checkpoints, store: world.store(), tools: alive.tools, ...(putBack && { putBack }) };
  const events = await eventsOf(told);
  const remains = { life, told, events, grants: await grantsOf(told, events) };
  const found: string[] = [];
  for (const [name, invariant] of Object.entries(INVARIANTS))
    for (const what of await invariant(remains)) found.push(`${name}: ${what}`);
  return found;
}

const INVARIANTS: { readonly [name: string]: Invariant } = {
  I1: onlyWhatIsLive,
  I3: intentBeforeCall,
  I4: grantedAsApproved,
  I5: givenOnce,
  I6: neverBack,
  I7: nothingElseTaken,
  I9: storeFollowsFromLog,
  I11: toldOnceInOrder,
  I12: doubtIsResolved,
  I13: noSecretAnywhere,
  errors: nothingUnexpected,
};

/** I1: the target holds what is live, which is nothing any more, and what others gave. */
async function onlyWhatIsLive({ life }: Remains): Promise<readonly string[]> {
  const { stage, holder } = life;
  if (isUnknowable(life)) return [];
  return (await stage.bench.world.has(holder, stage.target)) ? ['access is left in the target'] : [];
}

/** I3: whatever was given had an order and an attempt in the log before. */
function intentBeforeCall({ life, events }: Remains): readonly string[] {
  if (life.watch.lostAt !== undefined) return []; // the log that had them was lost; watch.ts looked at each call
  const attempted = new Set(
    events.flatMap(({ event }) => (event.type === 'grant.attempted' ? (event.subject.grant ?? '') : [])),
  );
  return [...life.watch.given]
    .filter(([id, { spells }]) => spells > 0 && !attempted.has(id as never))
    .map(([id]) => `${id} was given without a leaf`);
}

/** I4: each pass carries the digest and the offer of the request that was approved. */
function grantedAsApproved({ events }: Remains): readonly string[] {
  const opened = new Map<string, unknown>();
  const found: string[] = [];
  for (const { event } of events) {
    const request = event.subject.request ?? '';
    if (event.type === 'request.opened' || event.type === 'request.revised')
      opened.set(request, [event.data.digest, event.data.offer]);
    if (
      event.type === 'grant.ordered' &&
      !isDeepStrictEqual(opened.get(request), [event.data.digest, event.data.offer])
    )
      found.push(`${event.subject.grant} is not what was approved`);
  }
  return found;
}

/**
 * I5: a pass is given once; more often only by calls that were carried out long after they were given up, or by a store that
 * was put back to a moment in which it was approved and not given yet: until its deadline it is then given again.
 */
function givenOnce({ life, events }: Remains): readonly string[] {
  const orders = events.filter(({ event }) => event.type === 'grant.ordered').length;
  const approvals = events.filter(
    ({ event }) => event.type === 'request.approved' && event.data.grants.length > 0,
  ).length;
  const again = life.course.putBack ? 1 : 0;
  const often = [...life.watch.given].filter(([, { spells, late }]) => spells > 1 + late + again);
  return [
    ...(orders === approvals ? [] : [`${approvals} approvals ordered ${orders} passes`]),
    ...often.map(([id, { spells }]) => `${id} came into being ${spells} times`),
  ];
}

/** I6: nothing becomes live once its end was ordered. */
function neverBack({ events }: Remains): readonly string[] {
  const ending = new Set<string>();
  return events.flatMap(({ event }) => {
    const id = event.subject.grant ?? '';
    if (event.type === 'revoke.ordered') ending.add(id);
    const isBack = event.type === 'grant.confirmed' || event.type === 'grant.extended';
    return isBack && ending.has(id) ? [`${id} became live after its end was ordered`] : [];
  });
}

/** I7: what others gave is as it was. */
async function nothingElseTaken({ life }: Remains): Promise<readonly string[]> {
  const { bench, other, target } = life.stage;
  return (await bench.world.has(other, target)) ? [] : ['the access of somebody else was taken'];
}

/** I9 and I10: the log proves itself, has no gaps, and folds to exactly the rows; no work and no name is left over. */
async function storeFollowsFromLog({ told, events }: Remains): Promise<readonly string[]> {
  const gaps = events.some(({ number }, at) => number !== at);
  const names = await brokenNames(told, await requestsOf(told, events));
  return [
    ...(gaps ? ['I10: numbers are missing in the log'] : []),
    ...(await brokenStore(told, events, ALWAYS_THERE)),
    ...names,
  ];
}

/** I11: each event is told once in each thread and in the audit channel, in order, and the cards show how things stand. */
async function toldOnceInOrder({ told, events }: Remains): Promise<readonly string[]> {
  const found = [...brokenAudit(told, events)];
  for (const request of await requestsOf(told, events)) found.push(...(await brokenChat(told, request)));
  return found;
}

/** I12: every pass is over, and none of those that may have been given was let go as failed. */
function doubtIsResolved({ events, grants }: Remains): readonly string[] {
  const open = grants.filter(({ status }) => status !== 'revoked' && status !== 'failed' && status !== 'force_closed');
  const inDoubt = grants.filter(({ id, status }) => status === 'failed' && wasInDoubt(events, id));
  return [
    ...open.map(({ id, status }) => `${id} is still ${status} a day later`),
    ...inDoubt.map(({ id }) => `${id} counts as failed and may have been given`),
  ];
}

function wasInDoubt(events: readonly StoredEvent[], id: string): boolean {
  let isSent = false;
  for (const { event } of events) {
    if (event.subject.grant !== id) continue;
    if (event.type === 'grant.attempted') {
      if (isSent) return true;
      isSent = true;
    }
    if (event.type === 'grant.accepted') return true;
    if (event.type !== 'grant.attempt_failed') continue;
    if (event.data.changed === 'maybe') return true;
    isSent = false;
  }
  return isSent;
}

/** I13: no secret outside: not in the store, not in chat, not in the log. */
async function noSecretAnywhere({ life }: Remains): Promise<readonly string[]> {
  const { bench, stores } = life.stage;
  const bytes = await stores.bytes(life.world.store());
  const said = JSON.stringify([life.world.chat.sent, life.world.logged, life.world.checkpoints]) + bench.logged();
  return bench.canaries.flatMap((canary) => [
    ...(bytes.includes(canary) ? ['a secret is in the store'] : []),
    ...(said.includes(canary) ? ['a secret is in chat or log'] : []),
  ]);
}

/** Nothing was logged as an error that the case did not bring about. */
function nothingUnexpected({ life }: Remains): readonly string[] {
  return life.world.errors.filter((error) => !EXPECTED.some((expected) => error.startsWith(expected)));
}

const EXPECTED = ['the target handed out a secret'];

async function grantsOf({ store }: Told, events: readonly StoredEvent[]): Promise<readonly Grant[]> {
  const ids = new Set(events.flatMap(({ event }) => event.subject.grant ?? []));
  const rows = await Promise.all([...ids].map((id) => store.grant(id)));
  return rows.flatMap((stored) => (stored ? [stored.row] : []));
}
