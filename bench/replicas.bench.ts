// Commits a second on PostgreSQL by 1, 2 and 4 replicas, each a process of its own with 8 writers, beside as many processes that
// run the same statements with the bare driver. Durable (fsync on), on a server of its own on this machine.

import { systemClock as clock, systemIds as ids } from '../src/lib/system-clock.ts';
import { openStore } from '../src/store/open-store.ts';
import { startPostgres } from '../test/postgres-server.ts';
import { startHelper } from './child.ts';
import type { CommitOrder } from './commit-process.ts';
import { commitOf } from './commits.ts';
import { figure } from './figures.ts';

const REPLICAS = [1, 2, 4] as const;
const WRITERS = 8;
const SECONDS = 3;
/** To load the program and to connect. */
const HEAD_START_MS = 3_000;
const DURABLE = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' };

const server = await startPostgres(18, DURABLE);
try {
  for (const replicas of REPLICAS) {
    const floor = await perSecond('raw', replicas);
    const ours = await perSecond('store', replicas);
    figure(`replicas_${replicas}_store`, ours, 'commits/s');
    figure(`replicas_${replicas}_raw`, floor, 'commits/s');
    figure(`replicas_${replicas}_ratio_to_raw`, ours / floor, 'ratio');
  }
} finally {
  await server.stop();
}

/** Each on a store of its own with one commit. */
async function perSecond(how: CommitOrder['how'], replicas: number): Promise<number> {
  const url = await server.newDatabase();
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  const store = await openStore(url, { clock, ids, log: quiet });
  await store.commit(commitOf('first'));
  await store.close();
  const beginAt = clock.now() + HEAD_START_MS;
  const order = { url, how, writers: WRITERS, beginAt, seconds: SECONDS };
  const processes = await Promise.all(
    Array.from({ length: replicas }, (_, at) =>
      startHelper<{ readonly commits: number }>('commit-process.ts', { ...order, name: `${how}-${at}` }),
    ),
  );
  await Promise.all(processes.map((one) => one.stop()));
  return processes.reduce((sum, { said }) => sum + said.commits, 0) / SECONDS;
}
