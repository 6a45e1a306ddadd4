// From a command or a press to the acknowledgement that Slack waits for (3 s at most), over signed HTTP, beside Bolt that does
// nothing but acknowledge. Bolt, the program, and the program without its jobs take turns, each turn with new processes and
// a copy of the same store; every figure is the median of the turns.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deliveryKey } from '../src/operations/ask.ts';
import { type Child, startHelper } from './child.ts';
import { startProgram } from './deployment.ts';
import { figure, median } from './figures.ts';
import { type Loaded, runLoad } from './load.ts';
import { lookInto, SEEDED, type SeededStore, seedStore } from './seeded-store.ts';
import { triggerOf, type What } from './slack-requests.ts';
import { type Deployment, TEAM, TOKENS, type World } from './world.ts';

const TURNS = 2;
const SECONDS = 1;
const CONNECTIONS = [10, 50] as const;
/** Before the measurement: machine code is made, connections are open. */
const WARM = { 10: 400, 50: 50 } as const;
const SERVERS = {
  list: ['bolt', 'whole'],
  ask: ['bolt', 'whole', 'front'],
  press: ['bolt', 'whole', 'front'],
} as const;
type Server = 'bolt' | 'whole' | 'front';

const folder = mkdtempSync(join(tmpdir(), 'hallpass-bench-'));
const world = await startHelper<World>('world-process.ts', TOKENS);
const measured = new Map<string, Loaded[]>();
try {
  const seeded = await seedStore(world.said, join(folder, 'seed'));
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const what of ['list', 'ask', 'press'] as const) {
      for (const server of SERVERS[what]) await measure(server, what, seeded);
    }
  }
  for (const what of ['list', 'ask', 'press'] as const) {
    for (const connections of CONNECTIONS) report(what, connections);
  }
} finally {
  await world.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function measure(server: Server, what: What, seeded: SeededStore): Promise<void> {
  const deployment = await seeded.deploy(join(folder, server));
  const child = await started(server, deployment);
  try {
    let first = SEEDED;
    for (const connections of CONNECTIONS) {
      const loaded = await runLoad({
        ...{ what, first, connections, warm: WARM[connections], seconds: SECONDS, cards: seeded.cards },
        ...{ url: `http://127.0.0.1:${deployment.port}/slack/events`, callbackUrl: world.said.url },
        signingSecret: TOKENS.signingSecret,
      });
      const name = `${what} ${connections} ${server}`;
      measured.set(name, [...(measured.get(name) ?? []), loaded]);
      first = loaded.next;
    }
    if (server !== 'bolt' && what !== 'list') await assertStored(deployment, what, first);
  } finally {
    await child.stop('SIGKILL');
    rmSync(deployment.folder, { recursive: true });
  }
}

async function started(server: Server, deployment: Deployment): Promise<Child> {
  switch (server) {
    case 'bolt':
      return startHelper('bare-bolt-process.ts', { tokens: TOKENS, port: deployment.port });
    case 'whole':
      return startProgram(deployment);
    case 'front':
      return startHelper('front-process.ts', {}, deployment.env);
  }
}

/** An acknowledgement with nothing behind it would be a fine figure and worth nothing. */
async function assertStored(deployment: Deployment, what: What, next: number): Promise<void> {
  const missing = await lookInto(deployment, async (store) => {
    let count = 0;
    for (let number = SEEDED; number < next; number += 1) {
      const account = { platform: 'slack', tenant: TEAM, user: '' } as const;
      const key = deliveryKey({ account, delivery: triggerOf(what, number) });
      if ((await store.ownerOf(key)) === undefined) count += 1;
    }
    return count;
  });
  if (missing > 0) throw new Error(`${missing} (${what}) of ${next - SEEDED} were acknowledged and not stored`);
}

function report(what: What, connections: number): void {
  const of = (server: Server, field: 'p50' | 'p99' | 'perSecond') =>
    median((measured.get(`${what} ${connections} ${server}`) ?? []).map((loaded) => loaded[field]));
  const name = `ack_${what}_${connections}`;
  figure(`${name}_p50`, of('whole', 'p50'), 'ms');
  figure(`${name}_p99`, of('whole', 'p99'), 'ms (goal < 100)');
  figure(name, of('whole', 'perSecond'), 'requests/s');
  if (measured.has(`${what} ${connections} front`)) {
    figure(`${name}_without_jobs_p99`, of('front', 'p99'), 'ms');
    figure(`${name}_without_jobs`, of('front', 'perSecond'), 'requests/s');
    figure(`${name}_share_of_jobs`, 1 - of('whole', 'perSecond') / of('front', 'perSecond'), 'of the time');
  }
  figure(`${name}_bolt_p50`, of('bolt', 'p50'), 'ms');
  figure(`${name}_bolt_p99`, of('bolt', 'p99'), 'ms');
  figure(`${name}_bolt`, of('bolt', 'perSecond'), 'requests/s');
  figure(`${name}_ratio_to_bolt`, of('whole', 'perSecond') / of('bolt', 'perSecond'), 'ratio (goal >= 0.5)');
}
