// The sweep goes through all that is due, however much of it cannot be moved on, and stops within its bounds.
import { expect, it, onTestFinished } from 'vitest';
import type { GrantId } from '../../src/core/model.ts';
import { type SweepPlace, sweep } from '../../src/operations/sweep.ts';
import type { Tools } from '../../src/operations/tools.ts';
import type { DueCursor, DueRows } from '../../src/ports/store.ts';
import { openWorld } from '../world.ts';

const AT_ONCE = 500;
const AT_MOST = 5_000;

interface Endless {
  readonly tools: Tools;
  /** Numbers of the rows that were looked at. */
  readonly seen: number[];
  readonly beats: () => number;
  readonly errors: readonly string[];
}

/** So many passes are due that nobody knows, and stay so. */
async function endless(rows: number): Promise<Endless> {
  const world = await openWorld();
  onTestFinished(() => world.close());
  const seen: number[] = [];
  const errors: string[] = [];
  let beats = 0;
  async function due(limit: number, after?: DueCursor): Promise<DueRows> {
    const from = after && after.grants !== 'over' ? Number(after.grants.id) + 1 : 0;
    const count = Math.min(limit, rows - from);
    const grants = Array.from({ length: count }, (_, more) => String(from + more) as GrantId);
    const last = grants.at(-1);
    const next = { requests: 'over', grants: { dueAt: 1, id: last ?? '' } } as const;
    return { requests: [], grants, ...(count === limit ? { next } : {}) };
  }
  const { store } = world;
  const grant: typeof store.grant = async (id) => void seen.push(Number(id)) as undefined;
  const beat = async () => {
    beats += 1;
    return true;
  };
  const log = { ...world.tools.log, error: (message: string) => void errors.push(message) };
  return { tools: { ...world.tools, log, store: { ...store, due, grant, beat } }, seen, errors, beats: () => beats };
}

const numbers = (from: number, end: number) => Array.from({ length: end - from }, (_, more) => from + more);

it.each([0, 1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, AT_MOST - 1])('looks at all of %i rows, each once', async (rows) => {
  const { tools, seen, errors, beats } = await endless(rows);
  const place: SweepPlace = {};
  expect(await sweep(tools, place)).toBe(0);
  expect(seen).toEqual(numbers(0, rows));
  expect(place.after).toBeUndefined();
  expect({ errors, beats: beats() }).toEqual({ errors: [], beats: 1 });
});

it('comes to its end with more, says so, and goes on there: in the end all were looked at, and it begins anew', async () => {
  const rows = 2 * AT_MOST + 700;
  const { tools, seen, errors, beats } = await endless(rows);
  const place: SweepPlace = {};
  for (const end of [AT_MOST, 2 * AT_MOST, rows]) {
    await sweep(tools, place);
    expect(seen).toEqual(numbers(0, end));
  }
  expect(errors).toEqual(
    Array(2).fill('more rows are due than one sweep looks at; the next one goes on where this one stopped'),
  );
  expect(beats()).toBe(3);
  await sweep(tools, place);
  expect(seen.slice(rows)).toEqual(numbers(0, AT_MOST));
});
