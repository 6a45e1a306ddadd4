// One process's share of the matrix, and what it says of each case.
import { startPostgres, type TestPostgres } from '../postgres-server.ts';
import { fullName, type Planned, type Share } from './plan.ts';
import { postgresStoreBench } from './postgres-store-bench.ts';
import { runCase } from './run-case.ts';
import { openStage } from './scenes.ts';
import { type StoreBench, sqliteBench } from './store-bench.ts';
import { openSubject } from './subjects.ts';

export interface Said {
  readonly name: string;
  readonly on: string;
  readonly ms: number;
  readonly violations: readonly string[];
}

export async function runShare(plan: readonly Planned[], share: Share, say: (said: Said) => void): Promise<void> {
  let started: Promise<TestPostgres> | undefined;
  function server(): Promise<TestPostgres> {
    started ??= startPostgres();
    return started;
  }
  try {
    for (const planned of plan) await runPlanned(planned, share, server, say);
  } finally {
    await (await started)?.stop();
  }
}

async function runPlanned(
  planned: Planned,
  share: Share,
  server: () => Promise<TestPostgres>,
  say: (said: Said) => void,
) {
  const cases = planned.cases.filter((_, at) => at % share.of === share.at);
  if (cases.length === 0) return;
  const stage = await openStage(await openSubject(planned.subject, server), await storeFor(planned, server));
  for (const one of cases) {
    const since = performance.now();
    const { stopped, violations } = await runCase(stage, one);
    const all = stopped ? violations : [...violations, 'the program never came to this point'];
    const on = `${planned.subject} on ${planned.store}`;
    say({ name: fullName(planned, one), on, ms: performance.now() - since, violations: all });
  }
  await stage.close();
}

async function storeFor({ store }: Planned, server: () => Promise<TestPostgres>): Promise<StoreBench> {
  switch (store) {
    case 'sqlite':
      return sqliteBench();
    case 'postgres':
      return postgresStoreBench(await (await server()).newDatabase());
  }
}
