// The targets that the whole matrix is run over: PostgreSQL and the webhook, each a real server behind its real adapter, and
// one that is nasty on purpose.
import { postgresBench } from '../grants/postgres/bench.ts';
import { webhookBench } from '../grants/webhook/bench.ts';
import type { TestPostgres } from '../postgres-server.ts';
import type { FaultBench } from './fault-bench.ts';
import { nastyBench } from './nasty-bench.ts';

export const SUBJECTS = ['postgres', 'webhook', 'nasty'] as const;
export type SubjectName = (typeof SUBJECTS)[number];

/** `server` is started when it is needed first. */
export async function openSubject(
  name: SubjectName,
  server: () => Promise<TestPostgres>,
): Promise<FaultBench<unknown, unknown>> {
  switch (name) {
    case 'postgres':
      return plain(await postgresBench(await server()));
    case 'webhook':
      return plain(await webhookFaultBench());
    case 'nasty':
      return plain(nastyBench());
  }
}

/** The matrix hands back to a bench only what the bench itself made. */
export function plain<Config, Target>(bench: FaultBench<Config, Target>): FaultBench<unknown, unknown> {
  return bench as unknown as FaultBench<unknown, unknown>;
}

export async function webhookFaultBench() {
  const bench = await webhookBench();
  return { ...bench, beginAgain: async () => bench.receiver.forget() };
}
