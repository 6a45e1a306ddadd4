// A small soak: 300 passes in three hours that jump, 5 % of all calls to targets gone wrong, three targets away for a while.
// The large one is `npm run soak`.
import { describe, expect, it } from 'vitest';
import { runSoak } from './soak/soak.ts';
import { soakPlan } from './soak/soak-plan.ts';

describe('a soak', () => {
  it('ends every pass in time, and alarms where it cannot', async () => {
    const report = await runSoak(soakPlan(300, 3, 1), 'sqlite::memory:');
    expect(report.breaches).toEqual([]);
    expect(report.errors).toEqual([]);
    expect(report.ended).toBeGreaterThan(250);
    // The outages were felt.
    expect(report.late).toBeGreaterThan(0);
    expect(report.alarms).toBeGreaterThan(0);
    expect(report.lags[Math.floor(report.lags.length * 0.99)]).toBeLessThanOrEqual(60);
  }, 120_000);
});
