// No statement of the store walks a large table on PostgreSQL either: looked up in its own plans, over a store in which nearly
// everything is finished and little of the rest is due.
import { beforeAll, describe, expect, it } from 'vitest';
import type { Statement, Value } from '../../src/store/ask.ts';
import { postgresDialect } from '../../src/store/postgres.ts';
import { writeStatements } from '../../src/store/statements.ts';
import { usePostgresStores } from './postgres-bench.ts';

const { server, newStore } = usePostgresStores(18);

const { rows, counts: _countsWalkOnPurpose, turns, ...others } = writeStatements(postgresDialect());
const statements: readonly Statement<unknown>[] = [
  ...Object.values(others),
  ...Object.values(turns ?? {}),
  ...Object.values(rows).flatMap((kind) => Object.values(kind)),
];

/** Of 20,000 finished passes 200 are live, of 5,000 waiting jobs 50 are due. */
const FILL = `
  insert into requests select 'req_' || n, 1, 'approved', 'per_' || n % 900, n, null, '{}' from generate_series(1, 20000) n;
  update requests set due_at = submitted_at, status = 'pending' where submitted_at % 100 = 0;
  insert into grants select 'pass_' || n, 1, 'req_' || n, 'revoked', 'per_' || n % 900, 'r', 't' || n % 20, 'k', '{}', 'p', 'p',
    n, 1, null, '{}' from generate_series(1, 20000) n;
  update grants set due_at = ordered_at, status = 'active' where ordered_at % 100 = 0;
  insert into persons select 'per_' || n, 1, '{}' from generate_series(0, 5000) n;
  insert into accounts select 'slack', 'T1', 'U' || n, 'per_' || n from generate_series(0, 5000) n;
  insert into surfaces select 'card_' || n, 1, 'req_' || n, 'slack', 'T1', 'C1', n, '{}' from generate_series(1, 20000) n;
  insert into claims select 'key_' || n, 'x', case when n % 2 = 0 then n * 1000 end from generate_series(1, 20000) n;
  insert into jobs (id, kind, subject, queue, lane, due_at, payload, ordered, once, attempts, round)
    select 'job_' || n, 'card', 's' || n, 'q' || n % 40, n % 4, n * 1000, '{}', n % 3 = 0, 'o' || n, 0, 1
    from generate_series(1, 5000) n;
  insert into leases select 's' || n, 'job_' || n, 'q1', n, 'w', n from generate_series(1, 40) n;
  insert into queues select 'q' || n, 0, 0, 1, 0 from generate_series(1, 40) n;
  alter table events disable trigger user;
  insert into events select n, n, 't', 'req_' || n % 5000, 'pass_' || n % 5000, '{}', 'h' from generate_series(0, 50000) n;
  alter table events enable trigger user;
  insert into event_texts select n, 's', '{}' from generate_series(0, 50000, 5) n;
  analyze;`;

let database = '';
beforeAll(async () => {
  const url = await newStore();
  database = url.slice(url.lastIndexOf('/') + 1);
  await server().query(FILL, undefined, database);
}, 60_000);

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly Node[];
}

type Given = Readonly<Record<string, Value>>;
const FEW_DUE: Given = { now: 20_000, limit: 5, ordered: true };
const anyBut = (given: Given): Given => new Proxy(given, { get: (_values, name) => given[String(name)] ?? 5 });

/** As it is planned for values that are known: the server keeps to such plans where one for any values costs more. */
async function planOf(
  { sql, inputs }: Pick<Statement<unknown>, 'sql' | 'inputs'>,
  given: Given = FEW_DUE,
): Promise<readonly Node[]> {
  const answer = await server().query(`explain (format json) ${sql}`, inputs(anyBut(given)), database);
  const plans = answer[0]?.['QUERY PLAN'] as readonly { readonly Plan: Node }[];
  return plans.flatMap(({ Plan }) => nodesOf(Plan));
}

function nodesOf(node: Node): readonly Node[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

/** Tables that hold a row, or a few: nothing is gained by an index. */
const SMALL = ['counters', 'deployment', 'ledger_head', 'checkpoints', 'leases', 'queues'];
/** The figures for whoever watches count all work that is left. */
const MEANT = ['figures_jobs: jobs'];

describe('query plans', () => {
  it.each(statements.map((statement) => [statement.name, statement] as const))(
    '%s walks no table',
    async (name, statement) => {
      const walks = (await planOf(statement))
        .filter((node) => node['Node Type'] === 'Seq Scan')
        .map((node) => node['Relation Name'] ?? '')
        .filter((table) => !SMALL.includes(table));
      expect(walks.map((table) => `${name}: ${table}`).filter((walk) => !MEANT.includes(walk))).toEqual([]);
    },
  );

  it.each([
    ['dueRequests', 'requests_due'],
    ['dueGrants', 'grants_due'],
    ['liveGrantsOf', 'grants_live_of'],
    ['dueShares', 'jobs_due'],
    ['dueJobToTake', 'jobs_ordered'],
    ['nextDue', 'jobs_due'],
    ['surfaceAt', 'surfaces_at'],
    ['tidyClaims', 'claims_until'],
    ['eventsOf', 'events_of_grant'],
    ['eventsOf', 'events_of_request'],
  ] as const)('%s uses %s', async (name, index) => {
    const used = (await planOf(others[name])).map((node) => node['Index Name']);
    expect(used).toContain(index);
  });

  it.each(['dueRequests', 'dueGrants'] as const)(
    '%s goes straight to its page, and sorts no more than that',
    async (name) => {
      const used = await planOf(others[name], { now: 20_000, limit: 5, afterDue: 15_000, afterId: 'x' });
      expect(used.map((node) => node['Node Type'])).toContain('Incremental Sort');
      expect(used.map((node) => node['Index Name'])).toContain(name === 'dueGrants' ? 'grants_due' : 'requests_due');
    },
  );

  it.each(['dueJob', 'dueJobToTake'] as const)('%s goes straight to its queue when much is due', async (name) => {
    const used = await planOf(others[name], { ...FEW_DUE, now: 4_000_000, queue: 'q5', lane: 1 });
    expect(used.map((node) => node['Index Name'])).toContain('jobs_in_queue');
  });

  it('would see a walk', async () => {
    const sql = "select id from grants where role = 'x'";
    expect((await planOf({ sql, inputs: () => [] })).map((node) => node['Node Type'])).toEqual(['Seq Scan']);
  });
});
