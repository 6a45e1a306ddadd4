// A writer is killed with SIGKILL, again and again: every commit it was told of is there, none is there by half, the lock of
// the dead holds nobody up, and the ledger adds up.
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { generateKey } from '../../src/core/ledger/note-key.ts';
import { openVerifier } from '../../src/core/ledger/verify.ts';
import { systemClock, systemIds } from '../../src/lib/system-clock.ts';
import type { Store } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { quiet } from '../contracts/store-bench.ts';
import { requestId } from '../contracts/store-samples.ts';
import { startChild } from './child.ts';
import { scratchFolder } from './scratch.ts';

const LIVES = 20;
const SEED = 20261122;
const folder = scratchFolder();
afterAll(folder.remove);

it(`loses nothing over ${LIVES} lives`, async () => {
  const file = folder.fresh();
  const acknowledged = new Set<string>();
  // How many acknowledgements to wait for in each life; the kill then falls somewhere into what comes next.
  const waits = fc.sample(fc.integer({ min: 1, max: 60 }), { numRuns: LIVES, seed: SEED });
  let first = 0;
  for (const wait of waits) {
    const said = await live(file, first, wait);
    for (const line of said) acknowledged.add(line);
    first = Math.max(...said.map((line) => Number(line.split(' ')[1]))) + 2; // never a number that was tried before
  }
  const store = await openStore(`sqlite:${file}`, { clock: systemClock, ids: systemIds, log: quiet });
  const kept = await keptNumbers(store, first);
  expect([...acknowledged].filter((line) => !kept.has(line))).toEqual([]);
  expect(acknowledged.size).toBeGreaterThanOrEqual(waits.reduce((sum, wait) => sum + wait, 0));
  await ledgerHolds(store);
  await store.close();
}, 120_000);

async function live(file: string, first: number, wait: number): Promise<readonly string[]> {
  const child = startChild(new URL('./crash-writer.ts', import.meta.url), file, String(first));
  const said: string[] = [];
  for (let line = await child.lines.next(); !line.done; line = await child.lines.next()) {
    said.push(line.value);
    // What it said before it died counts too: the loop ends with its last word.
    if (said.length === wait) await child.kill();
  }
  expect(said.length).toBeGreaterThanOrEqual(wait);
  return said;
}

/** Which commits are there; each is looked at for all of its parts. */
async function keptNumbers(store: Store, below: number): Promise<ReadonlySet<string>> {
  const kept = new Set<string>();
  let jobs = 0;
  for (let n = 0; n < below; n += 1) {
    const request = await store.request(requestId(n));
    const events = await store.eventsOf(requestId(n));
    const owner = await store.ownerOf(`delivery:${n}`);
    const parts = [request?.version ?? 0, events.length, owner ?? 'nobody'];
    expect([
      [0, 0, 'nobody'],
      [1, 2, `${n}`],
      [2, 3, `${n}`],
    ]).toContainEqual(parts);
    if (!request) continue;
    kept.add(`asked ${n}`);
    if (request.version === 2) kept.add(`done ${n}`);
    else jobs += 1;
  }
  const counts = await store.counts();
  expect(counts.jobs).toBe(jobs);
  expect(counts.leases).toBeLessThanOrEqual(jobs);
  return kept;
}

async function ledgerHolds(store: Store): Promise<void> {
  const head = await store.ledgerHead();
  const verifier = openVerifier({ checkpoints: [], vkeys: [generateKey('hallpass/test').vkey], head });
  for (const leaf of await store.leaves(0, head.size)) verifier.add(leaf);
  expect(verifier.finish()).toMatchObject({ ok: true, size: head.size, erased: 0 });
}
