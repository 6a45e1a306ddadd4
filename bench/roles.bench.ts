// Giving a PostgreSQL role to 1,000 people and taking it back, through the adapter as the program calls it (grant and look;
// revoke, end sessions, look twice), beside the two bare statements in transactions of their own. Four connections each,
// durable, on a server of its own on this machine.
import { Pool } from 'pg';
import { postgres } from '../src/grants/postgres/index.ts';
import { systemClock as clock } from '../src/lib/system-clock.ts';
import { startPostgres } from '../test/postgres-server.ts';
import { quietLog } from '../test/world-ports.ts';
import { figure } from './figures.ts';

const PEOPLE = 1_000;
const AT_ONCE = 4;
const ROLE = 'readonly';
const NEVER = new AbortController().signal;

const server = await startPostgres(18, { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' });
try {
  await server.query(
    `create role ${ROLE}; create role bot login password 'bot';
     grant ${ROLE} to bot with admin true, inherit false, set false; grant pg_signal_backend to bot;
     do $$ begin for n in 0..${PEOPLE - 1} loop execute format('create role p%s login', n); end loop; end $$`,
  );
  const url = server.url('bot', 'bot');
  const floor = await bare(url);
  const ours = await throughAdapter(url);
  figure('roles_adapter', ours, 'passes given and taken back/s');
  figure('roles_raw', floor, 'passes given and taken back/s');
  figure('roles_ratio_to_raw', ours / floor, 'ratio');
} finally {
  await server.stop();
}

/** People a second. */
async function throughAdapter(url: string): Promise<number> {
  const config = postgres.config.parse({ url, people: '{mail.local}', at_once: AT_ONCE });
  const connection = postgres.connect(config, { fetch, clock, log: quietLog, deploymentId: 'dep_bench' });
  const rate = await perSecond(async (number) => {
    const person = { id: `person_${number}`, name: `P ${number}`, email: `p${number}@acme.test` };
    const principal = await connection.resolve(person, NEVER);
    const order = { grantId: `pass_${number}`, principal, target: { role: ROLE }, expiresAt: clock.now() + 60_000 };
    await connection.grant(order, NEVER);
    if ((await connection.inspect(order, NEVER)) !== 'present') throw new Error('a role that was given is not there');
    await connection.revoke(order, NEVER);
    await connection.endSessions?.(order, NEVER);
    for (let look = 0; look < 2; look += 1)
      if ((await connection.inspect(order, NEVER)) !== 'absent') throw new Error('a role that was taken back is there');
  });
  await connection.close?.();
  return rate;
}

async function bare(url: string): Promise<number> {
  const pool = new Pool({ connectionString: url, max: AT_ONCE });
  const rate = await perSecond(async (number) => {
    for (const statement of [`grant ${ROLE} to p${number}`, `revoke ${ROLE} from p${number}`]) {
      const client = await pool.connect();
      await client.query('begin');
      await client.query(statement);
      await client.query('commit');
      client.release();
    }
  });
  await pool.end();
  return rate;
}

async function perSecond(work: (number: number) => Promise<void>): Promise<number> {
  const started = performance.now();
  let next = 0;
  const worker = async () => {
    for (let number = next++; number < PEOPLE; number = next++) await work(number);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return (PEOPLE * 1000) / (performance.now() - started);
}
