// Contract of a store: the ledger grows with the commits, and the core's own audit finds nothing in it.
import { expect, it } from 'vitest';
import type { DomainEvent } from '../../src/core/events.ts';
import { emptyRoot, rootOfLeaves } from '../../src/core/ledger/merkle.ts';
import { checkStoredLeaf } from '../../src/core/ledger/stored-leaf.ts';
import type { RequestId } from '../../src/core/model.ts';
import type { Store } from '../../src/ports/store.ts';
import type { StoreBench } from './store-bench.ts';
import {
  account,
  active,
  commented,
  evaluating,
  event,
  grantId,
  newGrant,
  newRow,
  requestId,
  T0,
} from './store-samples.ts';

export function ledgerCases(bench: () => StoreBench): void {
  leafCases(bench);
  historyCases(bench);
  checkpointCases(bench);
}

function leafCases(bench: () => StoreBench): void {
  it('begins empty', async () => {
    const { store } = bench();
    expect(await store.ledgerHead()).toEqual({ size: 0, rootHex: emptyRoot });
    expect(await store.leaves(0, 10)).toEqual([]);
    expect(await store.event(0)).toBeUndefined();
  });

  it('numbers leaves from 0 without gaps, also past commits that came to nothing', async () => {
    const { store, done } = bench();
    expect(await done({ events: [event(), event()] })).toEqual([0, 1]);
    await store.commit({ events: [event(), event()], unchanged: [{ kind: 'request', id: 'req_1', version: 1 }] });
    await expect(store.commit({ events: [event(), commented('x', 'short')] })).rejects.toThrow('salt');
    expect(await done({ events: [] })).toEqual([]);
    expect(await done({ events: [event()] })).toEqual([2]);
    const leaves = await store.leaves(0, 10);
    expect(leaves.map(({ seq }) => seq)).toEqual([0, 1, 2]);
    expect(await store.ledgerHead()).toEqual({ size: 3, rootHex: rootOfLeaves(leaves.map(({ hash }) => hash)) });
    expect(await store.leaves(1, 1)).toEqual([leaves[1]]);
  });

  it('gives events back exactly, and leaves that say what they said', async () => {
    const { store, done } = bench();
    const actor = { person: 'per_1', kind: 'agent', via: 'slack', account: account('U1'), sponsor: 'per_2' };
    const data = { zebra: 1, alpha: [{ b: null, a: 0.1 }], 'ключ 🔑': '\u2028"\\' };
    const facts = { type: 'decision.refused', at: T0 + 7, actor, subject: { request: 'req_1', person: 'per_1' }, data };
    const odd = event(facts as unknown as DomainEvent);
    const worded = commented('fix INC-42, ünïcödé', 'a'.repeat(43));
    await done({ events: [odd, worded] });
    expect(await store.event(0)).toStrictEqual({ number: 0, hash: expect.any(String), event: odd.event });
    expect(await store.event(1)).toStrictEqual({ number: 1, hash: expect.any(String), event: worded.event });
    const [plain, said] = await store.leaves(0, 2);
    expect(plain).toMatchObject({ at: T0 + 7, type: 'decision.refused' });
    expect(plain).not.toHaveProperty('text');
    expect(said).toMatchObject({ salt: worded.salt, text: worded.event.text });
    expect(said?.leaf).not.toContain('INC-42');
    expect([plain, said].map((leaf) => leaf && checkStoredLeaf(leaf).codes)).toEqual([[], []]);
    expect((await store.event(1))?.hash).toBe(said?.hash);
  });

  it('many writers at once make one log', async () => {
    const { store, done } = bench();
    const numbers = await Promise.all(Array.from({ length: 40 }, () => done({ events: [event(), event()] })));
    expect(numbers.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 80 }, (_, n) => n));
    expect(await rootNow(store)).toBe((await store.ledgerHead()).rootHex);
  });
}

function historyCases(bench: () => StoreBench): void {
  const of = (request: RequestId | undefined, grant?: number) =>
    event({ subject: { ...(request && { request }), ...(grant !== undefined && { grant: grantId(grant) }) } });

  it('the history of a request holds its passes and what was asked for them later, in order', async () => {
    const { store, done } = bench();
    await done({
      writes: [newRow(evaluating(1)), newRow(evaluating(2)), newGrant(active(1)), newGrant(active(2, {}, 2))],
    });
    const {
      status: _status,
      dueAt,
      reason,
      submittedAt: _at,
      id: _id,
      ...asked
    } = evaluating(3, { grant: grantId(1) });
    const more = event({
      type: 'request.submitted',
      subject: { request: requestId(3) },
      data: asked,
      text: { reason },
    } as Partial<DomainEvent>);
    const events = [
      of(requestId(1)),
      of(undefined, 1),
      of(requestId(2)),
      more,
      of(requestId(3), 1),
      of(undefined, 2),
      event({ subject: {} }),
      of(requestId(1)),
    ];
    await done({ events });
    const numbers = async (id: RequestId, from?: number) =>
      (await store.eventsOf(id, from)).map(({ number }) => number);
    expect(await numbers(requestId(1))).toEqual([0, 1, 3, 4, 7]);
    expect(await numbers(requestId(1), 4)).toEqual([4, 7]);
    expect(await numbers(requestId(2))).toEqual([2, 5]);
    expect(await numbers(requestId(3))).toEqual([3, 4]);
    expect(await numbers(requestId(9))).toEqual([]);
    expect((await store.eventsOf(requestId(1)))[2]?.event).toStrictEqual(more.event);
  });
}

function checkpointCases(bench: () => StoreBench): void {
  it('keeps a checkpoint of the head or of an earlier size, and only of what the log was', async () => {
    const { store, done } = bench();
    const at = T0;
    const roots: string[] = [emptyRoot];
    for (let n = 1; n <= 9; n += 1) {
      await done({ events: [commented(`${n}`, 'a'.repeat(22))] });
      roots.push((await store.ledgerHead()).rootHex);
    }
    const save = (size: number, rootHex = roots[size] ?? '') =>
      store.saveCheckpoint({ size, rootHex, note: `n${size}`, at });
    expect(await save(9)).toBe(true);
    expect(await save(3)).toBe(true);
    expect(await save(5)).toBe(true); // from the leaves since 3
    expect(await save(0)).toBe(true);
    expect(await save(6, roots[5])).toBe(false);
    expect(await save(9, roots[8])).toBe(false);
    expect(await save(10, roots[9])).toBe(false);
    expect(await save(-1, roots[0])).toBe(false);
    expect(await save(4.5, roots[4])).toBe(false);
    expect((await store.checkpoints(0)).map(({ size }) => size)).toEqual([0, 3, 5, 9]);
    expect(await store.checkpoints(5)).toEqual([
      { size: 5, note: 'n5', at },
      { size: 9, note: 'n9', at },
    ]);
    expect((await store.ledgerHead()).checkpoint).toEqual({ size: 9, note: 'n9', at });
  });

  it('keeps the first note of a size', async () => {
    const { store, done } = bench();
    await done({ events: [event()] });
    const { size, rootHex } = await store.ledgerHead();
    expect(await store.saveCheckpoint({ size, rootHex, note: 'first', at: T0 })).toBe(true);
    expect(await store.saveCheckpoint({ size, rootHex, note: 'second', at: T0 + 1 })).toBe(true);
    expect(await store.checkpoints(0)).toEqual([{ size: 1, note: 'first', at: T0 }]);
  });
}

async function rootNow(store: Store): Promise<string> {
  const leaves = await store.leaves(0, 1000);
  return rootOfLeaves(leaves.map(({ hash }) => hash));
}
