// No statement of the store walks a table, whatever it is asked: looked up in SQLite's own plans.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/lib/system-clock.ts';
import type { Statement, Value } from '../../src/store/ask.ts';
import { sqliteDriver } from '../../src/store/sqlite.ts';
import { openFile } from '../../src/store/sqlite-file.ts';
import { countingIds, quiet } from '../contracts/store-bench.ts';

const { db } = openFile(':memory:', quiet);
const driver = sqliteDriver(db, ':memory:', { clock: systemClock, ids: countingIds(), log: quiet }, () => {});
afterAll(() => driver.close());

const { rows, counts: _countsWalkOnPurpose, turns: _onlyElsewhere, ...others } = driver.statements;
const statements: readonly Statement<unknown>[] = [
  ...Object.values(others),
  ...Object.values(rows).flatMap((kind) => Object.values(kind)),
];

/** Values that no planner can know beforehand. */
const ANY: Record<string, Value> = new Proxy({}, { get: () => 5 });

function planOf({ sql, inputs }: Statement<unknown>): readonly string[] {
  const steps = db.prepare<unknown[], { detail: string }>(`explain query plan ${sql}`).all(...inputs(ANY));
  return steps.map(({ detail }) => detail);
}

/** Walks that are meant: one row, the live passes and no others, newest first until there are enough, or all work that is left. */
const MEANT = [
  'SCAN deployment USING COVERING INDEX',
  'SCAN checkpoints',
  'SCAN running',
  'SCAN shares',
  'SCAN grants USING INDEX grants_live',
  'SCAN jobs USING COVERING INDEX jobs_in_queue',
];

describe('query plans', () => {
  it.each(statements.map((statement) => [statement.name, statement] as const))(
    '%s walks no table',
    (_name, statement) => {
      const walks = planOf(statement).filter((step) => step.startsWith('SCAN '));
      expect(walks.filter((step) => !MEANT.some((meant) => step.startsWith(meant)))).toEqual([]);
    },
  );

  it.each([
    ['dueRequests', 'SEARCH requests USING INDEX requests_due (due_at>? AND due_at<?)'],
    ['dueGrants', 'SEARCH grants USING INDEX grants_due (due_at>? AND due_at<?)'],
    ['liveGrantsOf', 'SEARCH grants USING INDEX grants_live_of (person=?)'],
    ['dueShares', 'SEARCH jobs USING COVERING INDEX jobs_due (due_at>? AND due_at<?)'],
    ['dueJob', 'SEARCH jobs USING INDEX jobs_in_queue (queue=? AND lane=? AND due_at>? AND due_at<?)'],
    ['dueJob', 'SEARCH older USING INDEX jobs_ordered (subject=? AND number<?)'],
    ['nextDue', 'SEARCH jobs USING COVERING INDEX jobs_due (due_at>?)'],
    ['liveAfter', 'SEARCH grants USING INDEX grants_live ((ordered_at,id)>(?,?))'],
    ['surfaceAt', 'SEARCH surfaces USING INDEX surfaces_at (message=? AND channel=? AND tenant=? AND platform=?)'],
    ['tidyClaims', 'SEARCH claims USING INDEX claims_until (until<?)'],
    ['liveGroups', 'SEARCH grants USING INDEX grants_due (due_at>?)'],
    ['revokingGrants', 'SEARCH grants USING INDEX grants_due (due_at>?)'],
    ['pendingSince', 'SEARCH requests USING COVERING INDEX requests_in (status=?)'],
    ['eventsOf', 'SEARCH events USING COVERING INDEX events_of_grant (grant_id=? AND seq>?)'],
  ] as const)('%s uses its index', (name, step) => {
    expect(planOf(others[name])).toContain(step);
  });

  it('would see a walk', () => {
    const steps = db
      .prepare<[], { detail: string }>("explain query plan select id from grants where status = 'x'")
      .all();
    expect(steps.map(({ detail }) => detail)).toEqual(['SCAN grants']);
  });
});

describe('statements', () => {
  beforeAll(() => expect(statements.length).toBeGreaterThan(60));

  it('have names of their own', () => {
    const names = statements.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });

  it('do not run without all their values', () => {
    expect(() => others.requestsIn.inputs({ status: 'x' })).toThrow('wants a value for limit');
  });
});
