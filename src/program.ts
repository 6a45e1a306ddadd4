// One running Hallpass put together from its parts: store, targets, chat, operations, HTTP. Started in the order in which
// each may rely on the one before, stopped in the reverse one, the store last. Knows no process, signals or files of its own.
import type { Catalog } from './core/catalog.ts';
import { signCheckpoint } from './core/ledger/checkpoint.ts';
import { parseSigner } from './core/ledger/note-key.ts';
import { connectTargets, type TargetBlock } from './grants/connect-targets.ts';
import { healthRoutes, metricsRoute } from './http/health.ts';
import { type HttpServer, openServer, type ServerSettings } from './http/server.ts';
import { reveal, type Secret } from './lib/secret.ts';
import { measuredChat } from './metrics/measured-chat.ts';
import { measuredStore } from './metrics/measured-store.ts';
import { measuredTargets } from './metrics/measured-targets.ts';
import { openMetrics } from './metrics/metrics.ts';
import type { Tracing } from './metrics/otel.ts';
import { SWEEP } from './operations/actors.ts';
import { change } from './operations/change.ts';
import { openInbox } from './operations/inbox.ts';
import { type Runner, startRunner } from './operations/runner.ts';
import { sweep } from './operations/sweep.ts';
import type { LedgerSigner, Tools } from './operations/tools.ts';
import type { ChatPlatform } from './ports/chat-platform.ts';
import type { Clock, Ids } from './ports/clock.ts';
import type { GrantAdapter } from './ports/grant-adapter.ts';
import type { Log } from './ports/log.ts';
import type { Route } from './ports/route.ts';
import { noTrace } from './ports/trace.ts';
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
  readonly openChat: (callbacks: ChatCallbacks) => Promise<OpenedChat> | OpenedChat;
  /** Puts a signed head of the log somewhere outside the store. */
  readonly keepCheckpoint: (note: string) => Promise<void>;
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
  const { clock, ids, log, catalog } = parts;
  const metrics = openMetrics({ clock, log });
  const measures = { meter: metrics.meter, trace: parts.tracing?.trace ?? noTrace, clock };
  const { meter, trace } = measures;
  const { store, writable } = measuredStore(await openStore(parts.store, { clock, ids, log }), meter, trace);
  const connected = connectTargets(parts.targets, parts.adapters, {
    fetch,
    clock,
    log,
    deploymentId: store.deploymentId,
  });
  const key = signerOf(parts.signingKey);
  let runner: Runner | undefined;
  let isReady = false;
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
    signer: key.signer,
    meter,
    trace,
    keepCheckpoint: parts.keepCheckpoint,
    owner: ids.next('process'),
    poke: () => runner?.poke(),
  };
  raise = (code, facts) => void raiseAlarm(tools, code, facts);
  const tick = quietly(tools);
  const isUp = () => isReady;
  const page = () => metrics.page({ figures: store.figures, ready: isUp, writable });
  const doors = await openDoors(parts, chat.routes, [...healthRoutes(isUp), metricsRoute(page)], measures);
  await begin(tools);
  // What fell due while nobody was here is ordered before anybody is told that we are ready (threat E07).
  await tick();
  runner = startRunner(tools);
  // Chat may be away for long: nothing that ends access waits for it (law 13).
  const ready = chat.start(openInbox(tools)).then(
    () => {
      isReady = true;
      return true;
    },
    (error: unknown) => chatRefused(tools, parts.onFatal, error),
  );
  return {
    ready,
    tools,
    port: doors.open?.port,
    internalPort: doors.internal.port,
    vkey: key.vkey,
    tick,
    idle: () => (runner as Runner).idle(),
    async stop() {
      isReady = false;
      await stopInOrder(log, [
        ['chat', () => chat.stop()],
        ['http', async () => doors.open?.stop()],
        ['jobs', () => (runner as Runner).stop()],
        ['targets', () => connected.close()],
        ['internal http', () => doors.internal.stop()],
        ['store', () => store.close()],
        ['traces', async () => parts.tracing?.stop()],
      ]);
    },
  };
}

/** The public port carries what the chat platform calls, and nothing else; without such routes there is none. */
async function openDoors(
  { http, internal = LOOPBACK, log }: ProgramParts,
  routes: readonly Route[],
  internalRoutes: readonly Route[],
  measures: NonNullable<ServerSettings['measures']>,
): Promise<{ readonly internal: HttpServer; readonly open: HttpServer | undefined }> {
  const inside = await openServer({ ...internal, routes: internalRoutes, log, measures });
  const open = routes.length === 0 ? undefined : await openServer({ ...http, routes, log, measures });
  return { internal: inside, open };
}

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

/** A step that fails must not keep the later ones from running: the store is always closed. */
async function stopInOrder(log: Log, steps: readonly (readonly [string, () => Promise<void>])[]): Promise<void> {
  for (const [what, step] of steps) {
    try {
      await step();
    } catch (error) {
      log.error('a part did not stop as it should', { what, error });
    }
  }
}

export function signerOf(secret: Secret): { readonly signer: LedgerSigner; readonly vkey: string } {
  const text = reveal(secret);
  const origin = /^PRIVATE\+KEY\+([^+]+)\+/.exec(text)?.[1] ?? 'hallpass';
  const key = parseSigner(text, origin);
  return {
    vkey: key.vkey,
    signer: { sign: ({ size, rootHex }) => signCheckpoint({ origin, size, root: rootHex }, key) },
  };
}

/** The first leaf names the deployment; the policy in force from now on is part of the record. */
async function begin(tools: Tools): Promise<void> {
  const { size } = await tools.store.ledgerHead();
  await change(tools, SWEEP, async (draft) => {
    const { policyVersion } = tools.catalog;
    const { deploymentId: deployment } = tools.store;
    if (size === 0)
      draft.record({ type: 'log.started', at: draft.now, actor: SWEEP, subject: {}, data: { deployment } });
    draft.record({ type: 'config.loaded', at: draft.now, actor: SWEEP, subject: {}, data: { policyVersion } });
  });
}

async function raiseAlarm(
  tools: Tools,
  code: string,
  facts: { readonly [name: string]: string | number },
): Promise<void> {
  try {
    await change(tools, SWEEP, async (draft) => {
      draft.record({ type: 'alarm.raised', at: draft.now, actor: SWEEP, subject: {}, data: { code, facts } });
    });
  } catch (error) {
    tools.log.error('an alarm could not be written down', { code, facts, error });
  }
}

function quietly(tools: Tools): () => Promise<void> {
  let running: Promise<void> | undefined;
  async function once(): Promise<void> {
    try {
      await sweep(tools);
    } catch (error) {
      tools.log.error('the sweep failed and will be repeated at the next tick', { error });
    } finally {
      running = undefined;
    }
  }
  return () => {
    running ??= once();
    return running;
  };
}
