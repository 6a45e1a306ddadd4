// A replica that does nothing but commit, from a moment on that all replicas are given: through the store, or with the bare
// driver, one connection for each writer.
import { Client } from 'pg';
import { systemClock as clock, systemIds as ids } from '../src/lib/system-clock.ts';
import { openStore } from '../src/store/open-store.ts';
import { input, say } from './child.ts';
import { commitOf } from './commits.ts';

export interface CommitOrder {
  readonly url: string;
  readonly how: 'store' | 'raw';
  /** Unique among all that write. */
  readonly name: string;
  readonly writers: number;
  readonly beginAt: number;
  readonly seconds: number;
}
type Write = (name: string) => Promise<void>;

const LEAF = 'x'.repeat(260);
const HASH = 'b'.repeat(64);
const HASHES = JSON.stringify(Array.from({ length: 6 }, () => 'a'.repeat(64)));
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const order = await input<CommitOrder>();
const { write, close } = order.how === 'store' ? await throughStore(order) : await bare(order);
await clock.sleep(Math.max(0, order.beginAt - clock.now()));
const end = performance.now() + order.seconds * 1000;
let commits = 0;
await Promise.all(
  Array.from({ length: order.writers }, async (_, writer) => {
    while (performance.now() < end) {
      commits += 1;
      await write[writer % write.length]?.(`${order.name}-${writer}-${commits}`);
    }
  }),
);
await close();
say({ commits });

async function throughStore({ url }: CommitOrder) {
  const store = await openStore(url, { clock, ids, log: quiet });
  const one: Write = async (name) => {
    const result = await store.commit(commitOf(name));
    if (result.kind !== 'done') throw new Error(`a commit ended as ${result.kind}`);
  };
  return { write: [one], close: () => store.close() };
}

/** The same rows, locks and waits; nothing decided, checked, hashed or encoded, and each statement waits for its answer. */
async function bare({ url, writers }: CommitOrder) {
  const clients = Array.from({ length: writers }, () => new Client({ connectionString: url }));
  await Promise.all(clients.map((client) => client.connect()));
  const write = clients.map(
    (client): Write =>
      (name) =>
        bareCommit(client, name),
  );
  return { write, close: async () => void (await Promise.all(clients.map((client) => client.end()))) };
}

async function bareCommit(client: Client, name: string): Promise<void> {
  const ask = (statement: string, text: string, values: unknown[] = []) =>
    client.query({ name: statement, text, values });
  const at = clock.now();
  await client.query('begin isolation level read committed');
  await ask('clock', 'select clock_timestamp()');
  await ask('claim', 'insert into claims (key, owner, until) values ($1, $2, $3)', [name, `job_${name}`, at + 600_000]);
  await ask('turn', 'select pg_advisory_xact_lock(hashtextextended($1, 0))', [`order:request:${name}`]);
  await ask(
    'job',
    `insert into jobs (id, kind, subject, queue, lane, due_at, payload, ordered, attempts, round)
     values ($1, 'judge', $2, 'judge', 2, $3, $4, true, 0, 1)`,
    [`job_${name}`, `request:${name}`, at, `{"name":"${name}"}`],
  );
  const { rows } = await ask('head', 'select size, hashes from ledger_head where id = 1 for update');
  const seq = Number(rows[0]?.size ?? 0);
  const leaf = `insert into events (seq, at, type, leaf, hash) values ($1, $2, 'ingress.refused', $3, $4)`;
  await ask('leaf', leaf, [seq, at, LEAF, HASH]);
  await ask('move', 'update ledger_head set size = $1, hashes = $2 where id = 1', [seq + 1, HASHES]);
  await client.query('commit');
}
