// Contract of a store with several processes: commits at the same time are whole, none is lost, and what a commit relied on
// still holds when it is done.
import { expect, it } from 'vitest';
import { generateKey } from '../../src/core/ledger/note-key.ts';
import { verifyLedger } from '../../src/core/ledger/verify.ts';
import type { AccessRequest } from '../../src/core/model.ts';
import type { Claim, Commit, CommitResult, Store } from '../../src/ports/store.ts';
import type { Replicas } from './store-replicas.ts';
import {
  account,
  active,
  evaluating,
  event,
  newGrant,
  newRow,
  pending,
  person,
  requestId,
  T0,
} from './store-samples.ts';

const KEY = generateKey('hallpass/acme');

export function replicaCommitCases(replicas: Replicas): void {
  rowCases(replicas);
  nameCases(replicas);
  freezeCases(replicas);
}

function rowCases(replicas: Replicas): void {
  it('eight writers on the same rows: each version once, no update lost, the ledger without a gap', async () => {
    const [first] = replicas(1) as [Store];
    const ids = [1, 2, 3];
    await done(first, { writes: ids.map((n) => newRow(pending(n, T0))) });
    const counts = await Promise.all(replicas(8).map((store, writer) => addUp(store, ids, writer)));
    const total = counts.reduce((sum, count) => sum + count, 0);
    const rows = await Promise.all(ids.map((n) => first.request(requestId(n))));
    expect(rows.reduce((sum, stored) => sum + (stored?.version ?? 0) - 1, 0)).toBe(total);
    expect(rows.map((stored) => lapsesAt(stored?.row) - T0 + 1)).toEqual(rows.map((stored) => stored?.version));
    await expectWhole(first, total);
  });

  it('two that each read what the other writes are not both done', async () => {
    const [one, two] = replicas(2) as [Store, Store];
    await done(one, { writes: [newRow(pending(1, T0)), newRow(pending(2, T0))] });
    for (let round = 0; round < 25; round += 1) {
      const [a, b] = await Promise.all([one.request('req_1'), one.request('req_2')]);
      const versions = [a?.version ?? 0, b?.version ?? 0] as const;
      const skew = (read: 0 | 1, write: 0 | 1): Commit => ({
        unchanged: [{ kind: 'request', id: `req_${read + 1}`, version: versions[read] }],
        writes: [{ kind: 'request', row: pending(write + 1, T0 + round), version: versions[write] }],
      });
      const kinds = (await Promise.all([one.commit(skew(0, 1)), two.commit(skew(1, 0))])).map(({ kind }) => kind);
      expect(kinds.toSorted()).toEqual(['conflict', 'done']);
    }
  });

  it('what was not there is not there when the commit that relied on it is done', async () => {
    const [one, two] = replicas(2) as [Store, Store];
    await done(one, { writes: [newRow(evaluating(1))] });
    for (let n = 1; n <= 25; n += 1) {
      const relying = one.commit({ unchanged: [{ kind: 'grant', id: `pass_${n}`, version: 0 }], events: [event()] });
      const making = two.commit({ writes: [newGrant(active(n))], events: [event()] });
      const [relied, made] = await Promise.all([relying, making]);
      expect(made.kind).toBe('done');
      if (relied.kind === 'done') expect(relied.numbers[0]).toBeLessThan(numberOf(made));
      else expect(relied).toEqual({ kind: 'conflict' });
    }
  });

  it('one row made by many is made once', async () => {
    const results = await Promise.all(replicas(8).map((store) => store.commit({ writes: [newRow(evaluating(7))] })));
    expect(results.map(({ kind }) => kind).toSorted()).toEqual([...Array(7).fill('conflict'), 'done']);
  });
}

/** Adds one to a row, again and again; answers how often it got through. */
async function addUp(store: Store, ids: readonly number[], writer: number): Promise<number> {
  let count = 0;
  for (let turn = 0; turn < 12; turn += 1) {
    const n = ids[(turn + writer) % ids.length] ?? 1;
    const stored = await store.request(requestId(n));
    if (!stored) throw new Error('the row is gone');
    const row = pending(n, lapsesAt(stored.row) + 1);
    const result = await store.commit({
      writes: [{ kind: 'request', row, version: stored.version }],
      events: [event()],
    });
    if (result.kind === 'done') count += 1;
    else expect(result).toEqual({ kind: 'conflict' });
  }
  return count;
}

function lapsesAt(row: AccessRequest | undefined): number {
  if (row?.status !== 'pending') throw new Error('expected a pending request');
  return row.lapsesAt;
}

function nameCases(replicas: Replicas): void {
  it('a name is taken once, in whatever order commits name them, and the losers learn by whom', async () => {
    for (let round = 0; round < 10; round += 1) {
      const keys = ['a', 'b', 'c', 'd'].map((key) => `${key}${round}`);
      const claimsOf = (n: number): readonly Claim[] =>
        keys.map((_, at) => ({ key: keys[(at + n) % 4] ?? '', owner: `pass_${n}` }));
      const all = replicas(8).map((store, n) => store.commit({ claims: claimsOf(n), events: [event()] }));
      const results = await Promise.all(all);
      const winner = results.findIndex(({ kind }) => kind === 'done');
      const losers = results.filter((_, n) => n !== winner);
      expect(losers.map((result) => result.kind === 'taken' && result.owner)).toEqual(
        losers.map(() => `pass_${winner}`),
      );
    }
  });

  it('a name that is let go is taken by one of those who wait for it', async () => {
    const stores = replicas(6);
    const [first] = stores as [Store];
    let owner = 'pass_0';
    await done(first, { claims: [{ key: 'k', owner }] });
    for (let round = 0; round < 8; round += 1) {
      const letting = first.commit({ releases: [{ key: 'k', owner }] });
      const taking = stores.map((store, n) => store.commit({ claims: [{ key: 'k', owner: `pass_${round}_${n}` }] }));
      const [, ...results] = await Promise.all([letting, ...taking]);
      expect(results.filter(({ kind }) => kind === 'done').length).toBeLessThanOrEqual(1);
      expect(results.every((result) => result.kind !== 'taken' || result.owner !== '')).toBe(true);
      owner = (await first.ownerOf('k')) ?? (await takenBy(first, `pass_${round}`));
    }
  });

  it('an account goes to one person', async () => {
    const people = replicas(8).map((store, n) =>
      store.commit({
        writes: [{ kind: 'person', row: person(n + 1, [account('U1'), account(`U${n}x`)]), version: 0 }],
      }),
    );
    const results = await Promise.all(people);
    expect(results.filter(({ kind }) => kind === 'done')).toHaveLength(1);
    expect(results.filter(({ kind }) => kind === 'taken')).toHaveLength(7);
  });
}

async function takenBy(store: Store, owner: string): Promise<string> {
  await done(store, { claims: [{ key: 'k', owner }] });
  return owner;
}

function freezeCases(replicas: Replicas): void {
  it('nothing guarded by the count before a freeze is done after it, and the freeze gets through', async () => {
    const stores = replicas(6);
    const [first] = stores as [Store];
    for (let round = 0; round < 3; round += 1) {
      const freezeEpoch = await first.freezeEpoch();
      let frozen = false;
      const orders = stores.map(async (store) => {
        const numbers: number[] = [];
        while (!frozen) {
          const result = await store.commit({ freezeEpoch, events: [event()] });
          if (result.kind === 'conflict') break;
          numbers.push(numberOf(result));
        }
        return numbers;
      });
      const freeze = numberOf(await first.commit({ raiseFreezeEpoch: true, events: [event()] }));
      frozen = true;
      for (const number of (await Promise.all(orders)).flat()) expect(number).toBeLessThan(freeze);
      expect(await first.commit({ freezeEpoch, events: [event()] })).toEqual({ kind: 'conflict' });
    }
  });

  it('each freeze counts', async () => {
    const stores = replicas(8);
    const [first] = stores as [Store];
    const before = await first.freezeEpoch();
    await Promise.all(stores.map((store) => done(store, { raiseFreezeEpoch: true })));
    expect(await first.freezeEpoch()).toBe(before + 8);
  });
}

async function done(store: Store, commit: Commit): Promise<void> {
  expect(await store.commit(commit)).toMatchObject({ kind: 'done' });
}

function numberOf(result: CommitResult): number {
  if (result.kind !== 'done') throw new Error(`Expected a commit to be done, and it was ${result.kind}`);
  return result.numbers[0] ?? -1;
}

async function expectWhole(store: Store, size: number): Promise<void> {
  const [entries, head] = [await store.leaves(0, size + 1), await store.ledgerHead()];
  expect(verifyLedger({ entries, checkpoints: [], vkeys: [KEY.vkey], head })).toMatchObject({ ok: true, size });
}
