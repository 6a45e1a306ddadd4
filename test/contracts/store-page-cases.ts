// Contract of a store: going through all of a kind in pages misses nothing and repeats nothing.
import { expect, it } from 'vitest';
import type { Stored } from '../../src/ports/store.ts';
import type { StoreBench } from './store-bench.ts';
import { active, evaluating, failed, newGrant, newPerson, newRow, person, T0 } from './store-samples.ts';

export function pageCases(bench: () => StoreBench): void {
  it('live passes come oldest first, those of one moment by their ids, and no final one', async () => {
    const { store, done } = bench();
    await done({ writes: [1, 2, 3, 4].map((id) => newRow(evaluating(id))) });
    await done({
      writes: [
        newGrant(active(1, { orderedAt: T0 + 5 })),
        newGrant(active(2, { orderedAt: T0 })),
        newGrant(active(3, { orderedAt: T0 })),
        newGrant(failed(4)),
      ],
    });
    const found: string[] = [];
    for (let page = await store.liveAfter(undefined, undefined, 1); page.length > 0; ) {
      const [{ row }] = page as [Stored<(typeof page)[number]['row']>];
      found.push(row.id);
      page = await store.liveAfter(undefined, row, 1);
    }
    expect(found).toEqual(['pass_2', 'pass_3', 'pass_1']);
  });

  it('only those in one target, where one is named', async () => {
    const { store, done } = bench();
    await done({ writes: [newRow(evaluating(1)), newGrant(active(1))] });
    const { target } = active(1).offer;
    expect((await store.liveAfter(target, undefined, 9)).map(({ row }) => row.id)).toEqual(['pass_1']);
    expect(await store.liveAfter('elsewhere', undefined, 9)).toEqual([]);
  });

  it('everybody who was met, each once', async () => {
    const { store, done } = bench();
    await done({ writes: [3, 1, 2].map((id) => newPerson(person(id))) });
    const [first, ...more] = await store.people(undefined, 2);
    expect([first, ...more]).toEqual([person(1), person(2)]);
    expect(await store.people(more[0]?.id, 9)).toEqual([person(3)]);
    expect(await store.people(person(3).id, 9)).toEqual([]);
  });
}
