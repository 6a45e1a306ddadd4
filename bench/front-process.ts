// The program without its jobs: the same store, Slack code, inbox and HTTP server, and nobody who runs what is ordered.
// The difference to the whole program is what the jobs cost those who wait for an answer.
import { openSlack } from '../src/chat/slack/index.ts';
import { configPath, loadConfig } from '../src/config/load-config.ts';
import { storeUrl } from '../src/config/store-setting.ts';
import { connectTargets } from '../src/grants/connect-targets.ts';
import { adapters } from '../src/grants/registry.ts';
import { openServer } from '../src/http/server.ts';
import { openLog } from '../src/lib/log.ts';
import { systemClock as clock, systemIds as ids } from '../src/lib/system-clock.ts';
import { openInbox } from '../src/operations/inbox.ts';
import { signerOf } from '../src/operations/signer.ts';
import { quietMeter } from '../src/ports/meter.ts';
import { noTrace } from '../src/ports/trace.ts';
import { openStore } from '../src/store/open-store.ts';
import { say } from './child.ts';

const loaded = loadConfig(configPath(process.env, '.'), process.env, { adapters, pagers: [] });
if (!loaded.ok) throw new Error(loaded.report);
const { config } = loaded;
const log = openLog({ level: 'error', destination: process.stderr });
const store = await openStore(storeUrl(config.store), { clock, ids, log });
const never = () => undefined;
const chat = openSlack(config.slack, { clock, ids, log, onFatal: never, onAlarm: never });
const targets = connectTargets(Object.values(config.targets), adapters, {
  fetch,
  clock,
  log,
  deploymentId: store.deploymentId,
});
const { port } = await openServer({ ...config.http, routes: chat.routes, log });
await chat.start(
  openInbox({
    ...{ store, clock, ids, log, targets, catalog: config.catalog, chats: { slack: chat }, pagers: [] },
    ...{ signer: signerOf(config.signingKey).signer, keepCheckpoint: async () => undefined },
    seenCheckpoints: async () => [],
    ...{ owner: ids.next('process'), poke: never, meter: quietMeter, trace: noTrace },
  }),
);
say({ port });
