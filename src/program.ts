// One running Hallpass put together from its parts: store, targets, chat, operations, HTTP. Started in the order in which
// each may rely on the one before, stopped in the reverse one, the store last. Knows no process, signals or files of its own.
import { openControl } from './control/server.ts';
import { refuseCompany } from './control/socket-file.ts';
import { statusOf } from './control/status.ts';
import type { Catalog } from './core/catalog.ts';
import { type ConnectedTargets, connectTargets, type TargetBlock } from './grants/connect-targets.ts';
import { healthRoutes, metricsRoute } from './http/health.ts';
import { type HttpServer, openServer, type ServerSettings } from './http/server.ts';
import type { Secret } from './lib/secret.ts';
import { openSpool } from './lib/spool-files.ts';
import { stopInOrder } from './lib/stop-in-order.ts';
import { ownVersion } from './lib/version.ts';
import { measuredChat } from './metrics/measured-chat.ts';
import { measuredStore } from './metrics/measured-store.ts';
import { measuredTargets } from './metrics/measured-targets.ts';
import { openMetrics } from './metrics/metrics.ts';
import type { Tracing } from './metrics/otel.ts';
import { awaitStore } from './operations/await-store.ts';
import { begin, raiseAlarm } from './operations/begin.ts';
import { openEmergencyAlarm } from './operations/emergency-alarm.ts';
import { type Guard, openGuard } from './operations/guard.ts';
import { openInbox } from './operations/inbox.ts';
import { type Runner, startRunner } from './operations/runner.ts';
import { signerOf } from './operations/signer.ts';
import { openSpoolQueue } from './operations/spool-queue.ts';
import { openTick } from './operations/tick.ts';
import type { Tools } from './operations/tools.ts';
import type { ChatPlatform } from './ports/chat-platform.ts';
import type { Clock, Ids } from './ports/clock.ts';
import type { GrantAdapter } from './ports/grant-adapter.ts';
import type { Log } from './ports/log.ts';
import type { Pager, PagerTools } from './ports/pager.ts';
import type { Route } from './ports/route.ts';
import type { Store } from './ports/store.ts';
import { noTrace } from './ports/trace.ts';
import { isAway } from './store/away.ts';
import { openStore } from './store/open-store.ts';

/** What a chat platform calls back about itself. */
interface ChatCallbacks {
  readonly onFatal: (reason: string) => void;
  readonly onAlarm: (code: string, facts: { readonly [name: string]: string | number }) => void;
}
type OpenedChat = ChatPlatform & { readonly routes: readonly Route[] };

/** Port 0 takes any free one. */
interface Address {
  readonly host: string;
  readonly port: number;
}
const LOOPBACK: Address = { host: '127.0.0.1', port: 0 };

export interface ProgramParts {
  readonly catalog: Catalog;
  readonly targets: readonly TargetBlock[];
  readonly adapters: readonly GrantAdapter[];
  /** As `openStore` takes it. */
  readonly store: string;
  /** Opened only when the chat platform calls us. */
  readonly http: Address;
  /** Health and figures; any free port of loopback when absent. */
  readonly internal?: Address;
  readonly tracing?: Tracing;
  readonly signingKey: Secret;
  /** The second path of alarms; there is none when absent. */
  readonly openPagers?: (tools: PagerTools) => readonly Pager[];
  readonly openChat: (callbacks: ChatCallbacks) => Promise<OpenedChat> | OpenedChat;
  /** Folder of this process alone, for what must be there when the store is not (law 13). */
  readonly localFolder: string;
  /** Path of the socket by which the command line reaches this process; absent: none. */
  readonly controlSocket?: string;
  /** Puts a signed head of the log somewhere outside the store. */
  readonly keepCheckpoint: (note: string) => Promise<void>;
  /** The last of them, oldest first. */
  readonly seenCheckpoints: () => Promise<readonly string[]>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** The chat platform cannot work any more: the process should end, and be started again by its supervisor. */
  readonly onFatal: (reason: string) => void;
}

export interface Program {
  readonly tools: Tools;
  /** True when people can ask and approve; false when chat refused us. Access is ended on time before and without that. */
  readonly ready: Promise<boolean>;
  /** Of the public HTTP server, where there is one. */
  readonly port: number | undefined;
  /** Of `/live`, `/ready` and `/metrics`. */
  readonly internalPort: number;
  /** The verifier key that belongs to the signatures. */
  readonly vkey: string;
  /** The safety net; ticks call it. Never overlaps with itself, never throws. */
  tick(): Promise<void>;
  /** Resolves when no job is running at that moment. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

export async function startProgram(parts: ProgramParts): Promise<Program> {
  const { clock, log, internal = LOOPBACK } = parts;
  const metrics = openMetrics({ clock, log });
  const measures: Measures = { meter: metrics.meter, trace: parts.tracing?.trace ?? noTrace, clock };
  const view: View = { figures: noFigures, ready: () => false, writable: () => false };
  const routes = [...healthRoutes(() => view.ready()), metricsRoute(() => metrics.page(view))];
  if (parts.controlSocket !== undefined) await refuseCompany(parts.controlSocket);
  // From here on a supervisor is answered: a store that is away for long is no reason to be killed.
  const inside = await openServer({ ...internal, routes, log, measures });
  try {
    return await startBehind(parts, inside, measures, view);
  } catch (error) {
    await inside.stop();
    throw error;
  }
}

type Measures = NonNullable<ServerSettings['measures']> & { readonly clock: Clock };
/** What the internal port tells; filled in as the parts are there. */
interface View {
  figures: Store['figures'];
  ready: () => boolean;
  writable: () => boolean;
}

async function startBehind(parts: ProgramParts, inside: HttpServer, measures: Measures, view: View): Promise<Program> {
  const { clock, ids, log, catalog } = parts;
  const { meter, trace } = measures;
  const guard = await openGuarded(parts, measures);
  const { store, writable } = measuredStore(guard.store, meter, trace);
  const connected = connect(parts, store.deploymentId);
  const key = signerOf(parts.signingKey);
  let runner: Runner | undefined;
  let isUp = false;
  let raise: ChatCallbacks['onAlarm'] = () => undefined;
  const chat = await parts.openChat({ onFatal: parts.onFatal, onAlarm: (code, facts) => raise(code, facts) });
  const tools: Tools = {
    store,
    clock,
    ids,
    log,
    catalog,
    targets: measuredTargets(connected, measures),
    chats: { [chat.name]: measuredChat(chat, meter, trace) },
    pagers: pagersOf(parts, store.deploymentId),
    signer: key.signer,
    meter,
    trace,
    keepCheckpoint: parts.keepCheckpoint,
    seenCheckpoints: parts.seenCheckpoints,
    owner: ids.next('process'),
    poke: () => runner?.poke(),
  };
  raise = (code, facts) => void raiseAlarm(tools, code, facts);
  const emergency = guard.arm(tools, openEmergencyAlarm(tools));
  const tick = openTick(tools, emergency, guard);
  const ready = () => isUp && guard.owed.isSent() && guard.troubleSince() === undefined;
  Object.assign(view, { figures: store.figures, ready, writable });
  const { http } = parts;
  const open = chat.routes.length === 0 ? undefined : await openServer({ ...http, routes: chat.routes, log, measures });
  await guard.begin();
  await begin(tools);
  // What fell due while nobody was here is ordered before anybody is told that we are ready (threat E07).
  await tick();
  runner = startRunner(tools);
  store.onNews(tools.poke); // work that another process ordered
  emergency.run();
  const { troubleSince } = guard;
  const standing = { version: ownVersion(), since: clock.now(), ready, chat: () => isUp, troubleSince };
  const control =
    parts.controlSocket === undefined
      ? undefined
      : await openControl(parts.controlSocket, { tools, status: statusOf(tools, standing) }, log);
  // Chat may be away for long: nothing that ends access waits for it (law 13).
  const started = chat.start(openInbox(tools)).then(
    () => {
      isUp = true;
      return true;
    },
    (error: unknown) => chatRefused(tools, parts.onFatal, error),
  );
  return {
    ready: started,
    tools,
    port: open?.port,
    internalPort: inside.port,
    vkey: key.vkey,
    tick,
    idle: () => (runner as Runner).idle(),
    async stop() {
      isUp = false;
      await stopInOrder(log, [
        ['chat', () => chat.stop()],
        ['control socket', async () => control?.stop()],
        ['http', async () => open?.stop()],
        ['jobs', () => (runner as Runner).stop()],
        ['emergency', () => emergency.stop()],
        ['targets', () => connected.close()],
        ['internal http', () => inside.stop()],
        ['store', () => store.close()],
        ['traces', async () => parts.tracing?.stop()],
      ]);
    },
  };
}

/** The store, waited for where that helps, with everything that keeps ending access when it is away. */
async function openGuarded(parts: ProgramParts, { meter, trace }: Measures): Promise<Guard> {
  const { clock, ids, log, catalog } = parts;
  const spool = await openSpool(parts.localFolder, log);
  const queue = openSpoolQueue(spool, log);
  const common = { clock, ids, log, meter, trace, spool, queue };
  const store = await awaitStore({
    ...common,
    open: () => openStore(parts.store, { clock, ids, log }),
    isAway: (error, owes) => isAway(parts.store, error, owes),
    connect: (deploymentId) => connect(parts, deploymentId),
    alarm: (deploymentId) =>
      openEmergencyAlarm({ ...common, catalog, chats: {}, pagers: pagersOf(parts, deploymentId) }),
  });
  return openGuard({ ...common, store, remembered: await spool.remembered().catch(() => undefined) });
}

function connect({ targets, adapters, clock, log }: ProgramParts, deploymentId: string): ConnectedTargets {
  return connectTargets(targets, adapters, { fetch, clock, log, deploymentId });
}

function pagersOf({ openPagers, clock, log }: ProgramParts, deploymentId: string): readonly Pager[] {
  return openPagers?.({ clock, log, fetch, deploymentId }) ?? [];
}

const noFigures: View['figures'] = () => Promise.reject(new Error('the store is not open yet'));

/** Turned away at the door: without live access there is nothing left to do here; with it, ending it is what is left. */
async function chatRefused(tools: Tools, onFatal: (reason: string) => void, error: unknown): Promise<boolean> {
  const live = await tools.store.liveGrants({}, 1);
  if (live.length === 0) {
    onFatal(error instanceof Error ? error.message : 'the chat platform refuses us');
    return false;
  }
  tools.log.error('the chat platform refuses us: nobody can ask or approve, live access is still ended on time', {
    error,
  });
  return false;
}
