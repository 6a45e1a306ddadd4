// Contract of a store: what its lists hold, in which order, and what they leave out.
import { expect, it } from 'vitest';
import { OVERDUE_SECONDS } from '../../src/core/grant-words.ts';
import type { Grant, PersonId } from '../../src/core/model.ts';
import type { Stored } from '../../src/ports/store.ts';
import type { StoreBench } from './store-bench.ts';
import {
  account,
  active,
  evaluating,
  failed,
  grantId,
  message,
  newGrant,
  newRow,
  newSurface,
  pending,
  personId,
  refused,
  requestId,
  revoking,
  surface,
  T0,
} from './store-samples.ts';

const idsOf = (grants: readonly Stored<Grant>[]) => grants.map(({ row }) => row.id);

export function listCases(bench: () => StoreBench): void {
  dueCases(bench);
  grantCases(bench);
  otherCases(bench);
}

function dueCases(bench: () => StoreBench): void {
  it('rows whose time has come are due, oldest first, and no others', async () => {
    const { store, clock, done } = bench();
    await done({ writes: [newRow(pending(1, T0 + 20)), newRow(pending(2, T0 + 10)), newRow(refused(3))] });
    await done({
      writes: [
        newGrant(active(1, { expiresAt: T0 + 30 })),
        newGrant(active(2, { expiresAt: T0 + 5 })),
        newGrant(failed(3)),
        newGrant(revoking(4, T0 + 15 - OVERDUE_SECONDS * 1000)),
      ],
    });
    expect(await store.due(10)).toEqual({ requests: [], grants: [] });
    await clock.advance(20);
    expect(await store.due(10)).toEqual({ requests: ['req_2', 'req_1'], grants: ['pass_2', 'pass_4'] });
    expect(await store.due(1)).toMatchObject({ requests: ['req_2'], grants: ['pass_2'] });
    await clock.advance(10);
    expect((await store.due(10)).grants).toEqual(['pass_2', 'pass_4', 'pass_1']);
  });

  it('due rows come page by page: none twice, none left out, whatever moves on in between', async () => {
    const { store, clock, done } = bench();
    await done({ writes: [newRow(evaluating(9))] });
    // Of one moment, so that only their ids tell them apart; one after them.
    await done({ writes: [3, 1, 2].map((n) => newRow(pending(n, T0 + 5))) });
    const ends = [5, 1, 4, 2, 3].map((n) => newGrant(active(n, { expiresAt: T0 + 5 }, 9)));
    await done({ writes: [...ends, newGrant(active(6, { expiresAt: T0 + 6 }, 9))] });
    await clock.advance(10);
    const first = await store.due(2);
    expect(first).toMatchObject({ requests: ['req_1', 'req_2'], grants: ['pass_1', 'pass_2'] });
    // What was seen is over, what was not yet comes later: neither moves the page.
    await done({ writes: [{ kind: 'grant', row: failed(1), version: 1 }] });
    await done({ writes: [{ kind: 'grant', row: active(4, { expiresAt: T0 + 50 }, 9), version: 1 }] });
    const second = await store.due(2, first.next);
    expect(second).toMatchObject({ requests: ['req_3'], grants: ['pass_3', 'pass_5'], next: { requests: 'over' } });
    const third = await store.due(2, second.next);
    expect(third).toEqual({ requests: [], grants: ['pass_6'] });
    await clock.advance(50);
    expect((await store.due(2, second.next)).grants).toEqual(['pass_6', 'pass_4']);
    expect((await store.due(99)).next).toBeUndefined();
  });

  it('what is final is never due', async () => {
    const { store, clock, done } = bench();
    await done({ writes: [newRow(evaluating(1)), newGrant(active(1))] });
    await done({
      writes: [
        { kind: 'request', row: refused(1), version: 1 },
        { kind: 'grant', row: failed(1), version: 1 },
      ],
    });
    await clock.advance(10_000_000);
    expect(await store.due(10)).toEqual({ requests: [], grants: [] });
  });
}

function grantCases(bench: () => StoreBench): void {
  it('live passes: newest first, of a person, a role, a target, or all', async () => {
    const { store, done } = bench();
    const other = { ...active(3).offer, role: 'other', target: 'elsewhere' };
    await done({ writes: [newRow(evaluating(1))] });
    await done({ writes: [active(1), active(2, {}, 1, 2), active(3, { offer: other }), failed(4)].map(newGrant) });
    await done({ writes: [newGrant(revoking(5, T0))] });
    const live = async (filter: Parameters<typeof store.liveGrants>[0], limit = 10) =>
      idsOf(await store.liveGrants(filter, limit));
    expect(await live({})).toEqual(['pass_5', 'pass_3', 'pass_2', 'pass_1']);
    expect(await live({}, 2)).toEqual(['pass_5', 'pass_3']);
    expect(await live({ person: personId(1) })).toEqual(['pass_5', 'pass_3', 'pass_1']);
    expect(await live({ person: personId(1), role: 'other' })).toEqual(['pass_3']);
    expect(await live({ role: 'prod-db-readonly', target: 'prod-db' })).toEqual(['pass_5', 'pass_2', 'pass_1']);
    expect(await live({ target: 'elsewhere' })).toEqual(['pass_3']);
    expect(await live({ person: personId(2), target: 'elsewhere' })).toEqual([]);
  });

  it('passes of a request, oldest first, final ones too', async () => {
    const { store, done } = bench();
    await done({ writes: [newRow(evaluating(1)), newRow(evaluating(2))] });
    await done({ writes: [newGrant(failed(2)), newGrant(active(1)), newGrant(active(3, {}, 2))] });
    expect(idsOf(await store.grantsOfRequest(requestId(1)))).toEqual(['pass_1', 'pass_2']);
    expect(await store.grantsOfRequest(requestId(7))).toEqual([]);
  });
}

function otherCases(bench: () => StoreBench): void {
  it('requests of a person, newest first; requests in a status, oldest first', async () => {
    const { store, done } = bench();
    const ask = (n: number, requester: PersonId, submittedAt: number) =>
      newRow(evaluating(n, { requester, submittedAt }));
    await done({ writes: [ask(1, personId(1), T0 + 1), ask(2, personId(2), T0 + 2), ask(3, personId(1), T0 + 3)] });
    await done({ writes: [newRow(refused(4))] });
    const ids = async (list: ReturnType<typeof store.requestsOf>) => (await list).map(({ row }) => row.id);
    expect(await ids(store.requestsOf(personId(1), 10))).toEqual(['req_3', 'req_1', 'req_4']);
    expect(await ids(store.requestsOf(personId(1), 1))).toEqual(['req_3']);
    expect(await ids(store.requestsIn('evaluating', 2))).toEqual(['req_1', 'req_2']);
    expect(await ids(store.requestsIn('pending', 2))).toEqual([]);
  });

  it('cards of a request, and the card that a message is', async () => {
    const { store, done } = bench();
    await done({ writes: [newRow(evaluating(1))] });
    const { request: _request, ...stream } = surface(3, { audience: 'audit', message: message('9') });
    await done({ writes: [surface(2, { message: message('1') }), surface(1), stream].map(newSurface) });
    expect((await store.surfacesOf(requestId(1))).map(({ row }) => row.id)).toEqual(['card_1', 'card_2']);
    expect((await store.surfaceAt(message('1')))?.row.id).toBe('card_2');
    expect(await store.surface('card_3')).toStrictEqual({ row: stream, version: 1 });
    const others = [message('2'), { ...message('1'), tenant: 'T2' }, { ...message('1'), channel: 'C2' }];
    for (const other of others) expect(await store.surfaceAt(other)).toBeUndefined();
    const moved = surface(2, { message: message('2') });
    await done({ writes: [{ kind: 'surface', row: moved, version: 1 }] });
    expect(await store.surfaceAt(message('1'))).toBeUndefined();
    expect(await store.surfaceAt(message('2'))).toEqual({ row: moved, version: 2 });
  });

  it('hostile text is only text', async () => {
    const { store, done } = bench();
    const hostile = `'; drop table grants; -- " \` $1 ? :x`;
    await done({ writes: [newRow(evaluating(1))], claims: [{ key: hostile, owner: hostile }] });
    expect(await store.ownerOf(hostile)).toBe(hostile);
    expect(await store.personAt({ ...account('U1'), user: hostile })).toBeUndefined();
    expect(await store.liveGrants({ role: hostile, target: hostile }, 5)).toEqual([]);
    expect(await store.grant(grantId(1))).toBeUndefined();
    expect((await store.counts()).grants).toBe(0);
  });
}
