// Contract of a store: one commit is whole or nothing, and who is too late writes and learns nothing.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/model.ts';
import type { Commit, CommitResult, Write } from '../../src/ports/store.ts';
import { LEASE_MS, type StoreBench } from './store-bench.ts';
import {
  account,
  active,
  evaluating,
  event,
  holdOf,
  job,
  newGrant,
  newPerson,
  newRow,
  newSurface,
  pending,
  person,
  personId,
  refused,
  requestId,
  surface,
  T0,
} from './store-samples.ts';

export function commitCases(bench: () => StoreBench): void {
  versionCases(bench);
  nameCases(bench);
  guardCases(bench);
}

function versionCases(bench: () => StoreBench): void {
  it('gives back exactly what was stored, at version 1, then 2', async () => {
    const { store, done } = bench();
    const rows = [evaluating(1), active(1), person(1, [account('U1')]), surface(1)] as const;
    const [request, grant, human, card] = rows;
    // Given the wrong way round: rows that others refer to go first by themselves.
    await done({ writes: [newSurface(card), newGrant(grant), newPerson(human), newRow(request)] });
    expect(await store.request(request.id)).toStrictEqual({ row: request, version: 1 });
    expect(await store.grant(grant.id)).toStrictEqual({ row: grant, version: 1 });
    expect(await store.person(human.id)).toStrictEqual({ row: human, version: 1 });
    expect(await store.surface(card.id)).toStrictEqual({ row: card, version: 1 });
    await done({ writes: [{ kind: 'request', row: pending(1, T0 + 5), version: 1 }] });
    expect(await store.request(request.id)).toStrictEqual({ row: pending(1, T0 + 5), version: 2 });
  });

  it('gives back whatever JSON a row holds', async () => {
    const { store, done } = bench();
    await done({ writes: [newRow(evaluating(1))] });
    let n = 0;
    // By way of text once before, so that it is JSON and nothing more (no -0, no object without a prototype).
    const json = fc.jsonValue({ stringUnit: 'binary' }).map((any): JsonObject => JSON.parse(JSON.stringify({ any })));
    const property = fc.asyncProperty(json, fc.string({ unit: 'binary' }), async (entitlement, words) => {
      n += 1;
      const row = active(n, {
        offer: { ...active(n).offer, entitlement },
        receipt: { words },
      });
      await done({ writes: [newGrant(row)], jobs: [job({ payload: row.offer.entitlement, dueAt: T0 - n })] });
      expect(await store.grant(row.id)).toStrictEqual({ row, version: 1 });
    });
    await fc.assert(property, { numRuns: 100, seed: 20261122 });
  });

  it('knows nothing of what is not there', async () => {
    const { store } = bench();
    expect(await store.request('req_0')).toBeUndefined();
    expect(await store.grant('pass_0')).toBeUndefined();
    expect(await store.person('per_0')).toBeUndefined();
    expect(await store.surface('card_0')).toBeUndefined();
    expect(await store.ownerOf('name')).toBeUndefined();
  });

  it.each<[string, Write]>([
    ['new, and it is there', newRow(evaluating(1))],
    ['of an older version', { kind: 'request', row: pending(1, T0), version: 1 }],
    ['of a version to come', { kind: 'request', row: pending(1, T0), version: 3 }],
    ['of a row that is not there', { kind: 'request', row: pending(9, T0), version: 1 }],
  ])('a write that is %s is a conflict', async (_name, write) => {
    const { store, done } = bench();
    await done({ writes: [newRow(evaluating(1))] });
    await done({ writes: [{ kind: 'request', row: pending(1, T0 + 1), version: 1 }] });
    expect(await store.commit({ writes: [write], events: [event()] })).toEqual({ kind: 'conflict' });
    expect(await store.request('req_1')).toEqual({ row: pending(1, T0 + 1), version: 2 });
    expect((await store.ledgerHead()).size).toBe(0);
  });

  it('a conflict in the last write undoes the first', async () => {
    const { store, done } = bench();
    await done({ writes: [newRow(evaluating(2))] });
    expect(await store.commit({ writes: [newRow(evaluating(1)), newRow(evaluating(2))] })).toEqual({
      kind: 'conflict',
    });
    expect(await store.request('req_1')).toBeUndefined();
  });

  it('rows that were only read must still be as they were', async () => {
    const { store, done } = bench();
    await done({ writes: [newRow(evaluating(1)), newPerson(person(1)), newSurface(surface(1)), newGrant(active(1))] });
    const kinds = { request: 'req_1', person: 'per_1', surface: 'card_1', grant: 'pass_1' } as const;
    for (const [kind, id] of Object.entries(kinds) as [Write['kind'], string][]) {
      const change = (version: number): Commit => ({ unchanged: [{ kind, id, version }], events: [event()] });
      expect((await store.commit(change(1))).kind).toBe('done');
      expect(await store.commit(change(0))).toEqual({ kind: 'conflict' });
      expect(await store.commit(change(2))).toEqual({ kind: 'conflict' });
    }
    expect((await store.ledgerHead()).size).toBe(4);
  });

  it('refuses a pass without an end', async () => {
    const { store, done } = bench();
    await done({ writes: [newRow(evaluating(1))] });
    await expect(store.commit({ writes: [newGrant(active(1, { expiresAt: 0 }))] })).rejects.toThrow(/expires|check/i);
    expect(await store.grant('pass_1')).toBeUndefined();
  });
}

function nameCases(bench: () => StoreBench): void {
  it('a name is taken once, and the loser learns by whom', async () => {
    const { store, done } = bench();
    await done({ claims: [{ key: 'live:ana:prod', owner: 'pass_1' }] });
    const late: Commit = {
      claims: [
        { key: 'free', owner: 'pass_2' },
        { key: 'live:ana:prod', owner: 'pass_2' },
      ],
    };
    const taken: CommitResult = { kind: 'taken', key: 'live:ana:prod', owner: 'pass_1' };
    expect(await store.commit({ ...late, writes: [newRow(evaluating(1))], jobs: [job()] })).toEqual(taken);
    expect(await store.ownerOf('free')).toBeUndefined();
    expect(await store.request('req_1')).toBeUndefined();
    expect((await store.counts()).jobs).toBe(0);
  });

  it('its owner may take it again; others after its release, or once it has run out', async () => {
    const { store, clock, done } = bench();
    await done({
      claims: [
        { key: 'a', owner: 'x' },
        { key: 'b', owner: 'x', until: T0 + 100 },
      ],
    });
    await done({
      claims: [
        { key: 'a', owner: 'x' },
        { key: 'b', owner: 'x', until: T0 + 50 },
      ],
    });
    await clock.advance(99);
    expect((await store.commit({ claims: [{ key: 'b', owner: 'y' }] })).kind).toBe('taken');
    await clock.advance(1);
    expect(await store.ownerOf('b')).toBeUndefined();
    await done({ claims: [{ key: 'b', owner: 'y' }] });
    expect(await store.ownerOf('b')).toBe('y');
    await done({ releases: [{ key: 'a', owner: 'somebody else' }] });
    expect(await store.ownerOf('a')).toBe('x');
    await done({ releases: [{ key: 'a', owner: 'x' }], claims: [{ key: 'a', owner: 'y' }] });
    expect(await store.ownerOf('a')).toBe('y');
  });

  it('a name taken for good stays so, whatever its owner claims later', async () => {
    const { store, clock, done } = bench();
    await done({ claims: [{ key: 'a', owner: 'x' }] });
    await done({ claims: [{ key: 'a', owner: 'x', until: T0 + 1 }] });
    await clock.advance(1000);
    await store.tidy();
    expect(await store.ownerOf('a')).toBe('x');
  });

  it('what its last owner had for long is not left to the next, who had it for short', async () => {
    const { store, clock, done } = bench();
    await done({ claims: [{ key: 'a', owner: 'x', until: T0 + 10 }] });
    await clock.advance(10);
    await done({ claims: [{ key: 'a', owner: 'y', until: T0 + 20 }] });
    await clock.advance(10);
    expect(await store.ownerOf('a')).toBeUndefined();
  });

  it('old rows are told before taken names', async () => {
    const { store, done } = bench();
    await done({ writes: [newRow(evaluating(1))], claims: [{ key: 'a', owner: 'x' }] });
    const both = await store.commit({ writes: [newRow(evaluating(1))], claims: [{ key: 'a', owner: 'y' }] });
    expect(both).toEqual({ kind: 'conflict' });
  });

  it('a chat account is one person’s, and finds them', async () => {
    const { store, done } = bench();
    await done({ writes: [newPerson(person(1, [account('U1'), account('U2')], 'ana@acme.test'))] });
    expect(await store.personAt(account('U2'))).toEqual({ row: expect.objectContaining({ id: 'per_1' }), version: 1 });
    expect(await store.personAt({ ...account('U2'), tenant: 'T2' })).toBeUndefined();
    const second = await store.commit({ writes: [newPerson(person(2, [account('U2')]))] });
    expect(second).toEqual({ kind: 'taken', key: 'account:slack:T1:U2', owner: 'per_1' });
    expect(await store.person('per_2')).toBeUndefined();
  });

  it('an account can go from one person to another in one commit', async () => {
    const { store, done } = bench();
    await done({ writes: [newPerson(person(1, [account('U1')])), newPerson(person(2))] });
    const moved = [person(2, [account('U1')]), person(1)].map((row) => ({ kind: 'person', row, version: 1 }) as const);
    await done({ writes: moved });
    expect((await store.personAt(account('U1')))?.row.id).toBe('per_2');
    expect(await store.persons([personId(2), personId(7), personId(1)])).toStrictEqual(moved.map(({ row }) => row));
  });
}

function guardCases(bench: () => StoreBench): void {
  it('a raised freeze refuses what was decided before it', async () => {
    const { store, done } = bench();
    expect(await store.freezeEpoch()).toBe(0);
    await done({ freezeEpoch: 0, writes: [newRow(evaluating(1))] });
    await done({ raiseFreezeEpoch: true, events: [event()] });
    expect(await store.freezeEpoch()).toBe(1);
    expect(await store.commit({ freezeEpoch: 0, writes: [newRow(refused(2))] })).toEqual({ kind: 'conflict' });
    expect(await store.request('req_2')).toBeUndefined();
    await done({ freezeEpoch: 1, writes: [newRow(refused(2))] });
  });

  it('a holder writes, goes on holding, and finishes once', async () => {
    const { store, done, order, claimOne, claim, clock } = bench();
    await order(job());
    const hold = holdOf(await claimOne());
    await done({ hold, writes: [newRow(evaluating(1))] });
    await done({ hold, finish: true, events: [event()] });
    expect(await store.commit({ hold, finish: true, events: [event()] })).toEqual({ kind: 'fenced' });
    await clock.advance(LEASE_MS);
    expect(await claim()).toEqual([]);
    expect(await store.counts()).toMatchObject({ jobs: 0, leases: 0, events: 1 });
  });

  it('a lease that ran out is still good while nobody took it', async () => {
    const { done, order, claimOne, clock } = bench();
    await order(job());
    const hold = holdOf(await claimOne());
    await clock.advance(10 * LEASE_MS);
    await done({ hold, finish: true });
  });

  it('whoever lost the lease writes nothing and learns nothing else', async () => {
    const { store, done, order, claimOne, clock } = bench();
    await done({ writes: [newRow(evaluating(1))], claims: [{ key: 'a', owner: 'x' }] });
    await order(job());
    const late = await claimOne({ owner: 'w1' });
    await clock.advance(LEASE_MS);
    const next = await claimOne({ owner: 'w2' });
    expect(next).toMatchObject({ id: late.id, owner: 'w2', attempts: 2 });
    expect(next.epoch).toBeGreaterThan(late.epoch);
    // Each of these would be refused in its own right as well.
    const stale: Commit = {
      unchanged: [{ kind: 'request', id: requestId(1), version: 7 }],
      freezeEpoch: 7,
      writes: [newRow(evaluating(1)), newRow(evaluating(2))],
      claims: [{ key: 'a', owner: 'y' }],
      releases: [{ key: 'a', owner: 'x' }],
      events: [event()],
      jobs: [job()],
    };
    for (const change of [{}, stale]) {
      expect(await store.commit({ ...change, hold: holdOf(late), finish: true })).toEqual({ kind: 'fenced' });
    }
    expect(await store.counts()).toMatchObject({ requests: 1, events: 0, jobs: 1, claims: 1, leases: 1 });
    await done({ hold: holdOf(next), finish: true });
  });

  it.each([
    ['id', 'job_x'],
    ['subject', 'grant:other'],
    ['epoch', 0],
    ['epoch', 99],
    ['round', 2],
  ] as const)('a hold with another %s (%s) is none', async (key, value) => {
    const { store, order, claimOne } = bench();
    await order(job());
    const hold = { ...holdOf(await claimOne()), [key]: value };
    expect(await store.commit({ hold, events: [event()] })).toEqual({ kind: 'fenced' });
    expect(await store.renew(hold, LEASE_MS)).toBe(false);
    expect(await store.defer(hold, T0, 'because')).toBe(false);
    expect((await store.ledgerHead()).size).toBe(0);
  });

  it('to finish nothing is a mistake', async () => {
    const { store } = bench();
    await expect(store.commit({ finish: true, events: [event()] })).rejects.toThrow('holds none');
    expect((await store.ledgerHead()).size).toBe(0);
  });

  it('a job that fails to be stored undoes all the rest', async () => {
    const { store, order } = bench();
    const first = job();
    await order(first);
    const twice = { writes: [newRow(evaluating(1))], jobs: [job(), first], events: [event()] };
    await expect(store.commit(twice)).rejects.toThrow();
    expect(await store.counts()).toMatchObject({ requests: 0, jobs: 1, events: 0 });
  });
}
