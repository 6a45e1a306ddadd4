// A process of its own that commits without end and says each commit only when it was acknowledged. Killed by crash.test.ts.
// Each number is two commits: asked (row, name, two events, job) and done (row changed, event, job finished).
import { writeSync } from 'node:fs';
import { systemClock, systemIds } from '../../src/lib/system-clock.ts';
import { openStore } from '../../src/store/open-store.ts';
import { quiet } from '../contracts/store-bench.ts';
import { commented, evaluating, event, holdOf, job, newRow, refused, requestId } from '../contracts/store-samples.ts';

const [, , file = '', first = '0'] = process.argv;
const SALT = 's'.repeat(22);
const store = await openStore(`sqlite:${file}`, { clock: systemClock, ids: systemIds, log: quiet });
const pace = () => ({ everyMs: 0, burst: 1, atOnce: 1 });

for (let n = Number(first); ; n += 1) {
  const subject = { request: requestId(n) };
  const said = [
    event({ subject }),
    { ...commented(`${n}`, SALT), event: { ...commented(`${n}`, SALT).event, subject } },
  ];
  const work = job({ id: `job_${n}`, subject: `request:${n}`, once: `evaluate:${n}` });
  const claims = [{ key: `delivery:${n}`, owner: `${n}` }];
  await acknowledged(`asked ${n}`, { writes: [newRow(evaluating(n))], claims, events: said, jobs: [work] });
  for (const held of await store.claim({ owner: 'w', limit: 1, leaseMs: 60_000, pace })) {
    const writes = [{ kind: 'request', row: refused(n), version: 1 } as const];
    await acknowledged(`done ${n}`, { hold: holdOf(held), finish: true, writes, events: [event({ subject })] });
  }
}

async function acknowledged(what: string, commit: Parameters<typeof store.commit>[0]): Promise<void> {
  const result = await store.commit(commit);
  if (result.kind !== 'done') throw new Error(`${what}: ${JSON.stringify(result)}`);
  writeSync(1, `${what}\n`);
}
