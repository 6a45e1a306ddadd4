// Contract of a store: what it tells whoever watches is exact, comes from what is live alone, and names nobody.
import { expect, it } from 'vitest';
import type { StoreBench } from './store-bench.ts';
import {
  active,
  evaluating,
  event,
  failed,
  job,
  newGrant,
  newRow,
  newSurface,
  pending,
  requestId,
  revoking,
  surface,
  T0,
} from './store-samples.ts';

const HOUR = 3_600_000;

export function figureCases(bench: () => StoreBench): void {
  it('of an empty store: nothing waits, nothing is late, nobody has swept', async () => {
    expect(await bench().store.figures()).toEqual({
      now: T0,
      grants: [],
      late: { alarms: 0 },
      pendingSince: [],
      jobs: [],
      log: { size: 0, unsigned: { count: 0 }, untold: { count: 0 } },
    });
  });

  it('live passes by status and target; what is over is not among them', async () => {
    const { store, done } = bench();
    const other = { ...active(3), offer: { ...active(3).offer, target: 'billing' } };
    const rows = [active(1), active(2), other, revoking(4, T0), failed(5)];
    await done({ writes: [newRow(evaluating(1)), ...rows.map(newGrant)] });
    const { grants } = await store.figures();
    expect(new Set(grants.map(({ status, target, count }) => `${status} ${target} ${count}`))).toEqual(
      new Set(['active prod-db 2', 'active billing 1', 'revoking prod-db 1']),
    );
  });

  it('late since the order to end, or since the deadline where that was the order, or where nobody took it up', async () => {
    const { store, clock, done } = bench();
    const grants = [revoking(1, T0 + 1000), { ...revoking(2, T0 + 2000) }].map(newGrant);
    await done({ writes: [newRow(evaluating(1)), ...grants, newGrant(active(3))] });
    await clock.advance(1000);
    expect((await store.figures()).late).toEqual({ alarms: 0 });
    await clock.advance(500);
    expect((await store.figures()).late).toEqual({ since: T0 + 1000, alarms: 0 });
    const gone = revoking(1, T0 + 1000);
    await done({
      writes: [
        { kind: 'grant', row: { ...failed(1), id: gone.id }, version: 1 },
        { kind: 'grant', row: { ...failed(2) }, version: 1 },
      ],
    });
    expect((await store.figures()).late).toEqual({ alarms: 0 });
    await clock.advance(HOUR);
    expect((await store.figures()).late).toEqual({ since: T0 + HOUR, alarms: 0 });
  });

  it('counts passes whose alarm is open, and goes by the deadline where that was the order', async () => {
    const { store, clock, done } = bench();
    const late = revoking(1, T0 + HOUR + 5);
    if (late.status !== 'revoking') throw new Error('A sample is not what it says');
    const ending = { ...late.ending, because: 'deadline', overdueSince: T0 + HOUR + 120_000, lastAlarmAt: T0 } as const;
    await done({ writes: [newRow(evaluating(1)), newGrant({ ...late, ending })] });
    await clock.advance(2 * HOUR);
    expect((await store.figures()).late).toEqual({ since: T0 + HOUR, alarms: 1 });
  });

  it('since when each request waits for people, oldest first, and no other request', async () => {
    const { store, done } = bench();
    const later = { ...pending(2, T0 + HOUR), submittedAt: T0 + 7 };
    await done({ writes: [newRow(later), newRow(pending(1, T0 + HOUR)), newRow(evaluating(3))] });
    expect((await store.figures()).pendingSince).toEqual([T0, T0 + 7]);
  });

  it('jobs by lane and kind of queue: all of them, those that are due, and since when', async () => {
    const { store, order, claimOne } = bench();
    await order(
      job({ queue: 'post:slack:C1', lane: 3, dueAt: T0 - 5 }),
      job({ queue: 'post:slack:C2', lane: 3, dueAt: T0 - 9 }),
      job({ queue: 'post:slack:C2', lane: 3, dueAt: T0 + HOUR }),
      job({ queue: 'target:prod-db', lane: 1, dueAt: T0 - 1 }),
    );
    const post = { lane: 3, queue: 'post', count: 3, due: 2, dueSince: T0 - 9 };
    const revoke = { lane: 1, queue: 'target', count: 1, due: 1, dueSince: T0 - 1 };
    expect((await store.figures()).jobs).toEqual(expect.arrayContaining([post, revoke]));
    expect((await claimOne()).queue).toBe('target:prod-db');
    const { jobs } = await store.figures();
    expect(jobs).toEqual(expect.arrayContaining([post, { lane: 1, queue: 'target', count: 1, due: 0 }]));
    expect(jobs).toHaveLength(2);
  });

  it('what of the log is not signed and not told yet, and since when', async () => {
    const { store, done } = bench();
    await done({ events: [event({ at: T0 + 1 }), event({ at: T0 + 2 }), event({ at: T0 + 3 })] });
    const all = { count: 3, since: T0 + 1 };
    expect((await store.figures()).log).toEqual({ size: 3, unsigned: all, untold: all });
    const { rootHex } = await store.ledgerHead();
    expect(await store.saveCheckpoint({ size: 3, rootHex, note: 'n', at: T0 + 4 })).toBe(true);
    const { request: _none, ...stream } = surface(1, { audience: 'audit', told: 1 });
    await done({ writes: [newSurface({ ...stream, id: 'audit' })], events: [event({ at: T0 + 9 })] });
    expect((await store.figures()).log).toEqual({
      size: 4,
      signedAt: T0 + 4,
      unsigned: { count: 1, since: T0 + 9 },
      untold: { count: 2, since: T0 + 3 },
    });
  });

  it('who swept last: beats are kept at most every 10 s', async () => {
    const { store, clock } = bench();
    expect(await store.beat()).toBe(true);
    expect((await store.figures()).sweptAt).toBe(T0);
    await clock.advance(9_999);
    expect(await store.beat()).toBe(false);
    expect((await store.figures()).sweptAt).toBe(T0);
    await clock.advance(1);
    expect(await store.beat()).toBe(true);
    expect((await store.figures()).sweptAt).toBe(T0 + 10_000);
  });

  it('names no person, request or pass', async () => {
    const { store, done, order } = bench();
    await done({ writes: [newRow(pending(1, T0 + HOUR)), newGrant(active(2)), newGrant(revoking(3, T0))] });
    await order(job({ queue: 'post:slack:U-mia', lane: 3 }), job({ queue: 'home:slack', lane: 3 }));
    const said = JSON.stringify(await store.figures());
    expect(said).not.toMatch(/req_|pass_|per_|mia|INC-42|drop table/);
    expect(said).toContain('prod-db');
    expect(requestId(1)).toMatch(/req_/);
  });
}
