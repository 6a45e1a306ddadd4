// The ways in, HTTP or Socket Mode, in front of one dispatcher. Decides nothing about what comes in but whether it does.
import type { ChatInbox } from '../../ports/chat-platform.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Route } from '../../ports/route.ts';
import { responseHosts } from './delivery.ts';
import { createDispatcher, type Dispatcher } from './dispatch.ts';
import { slackRoute } from './http-route.ts';
import type { Identity } from './identity.ts';
import { type Recent, recentKeys } from './recent.ts';
import type { SlackSettings, SlackTools } from './settings.ts';
import { signatureCheck } from './signature.ts';
import { socketInbound } from './socket-inbound.ts';
import { CONNECTIONS, type SocketMode, socketMode } from './socket-mode.ts';
import { slackVerifier } from './verify.ts';
import { chatErrorOf } from './web-faults.ts';
import { within } from './within.ts';

/** Twice the signature window, so that no request can come again after it was forgotten (A06). */
const REPLAY_MS = 600_000;
const REPLAY_KEYS = 50_000;
/** Handlers only touch the store; one that needs longer than this hangs. */
const DRAIN_MS = 10_000;

export interface Inbound {
  readonly routes: readonly Route[];
  readonly dispatcher: Dispatcher;
  /** Lets deliveries in. Rejects when Slack refuses the app-level token. */
  start(refused: ChatInbox['refused']): Promise<void>;
  /** Lets what is running finish, then lets nothing in. */
  stop(): Promise<void>;
}

/** Throws a TypeError when the secret of the chosen way in is missing or too short (A03, A04). */
export function inboundOf(settings: SlackSettings, tools: SlackTools, us: () => Identity | undefined): Inbound {
  const seen = recentKeys(REPLAY_MS, REPLAY_KEYS);
  const dispatcher = createDispatcher({ clock: tools.clock, log: tools.log, seen });
  let refused: ChatInbox['refused'] | undefined;
  let open = false;
  const door: Door = {
    // Before `start` there is nobody to tell, after `stop` nobody any more.
    us: () => (open ? us() : undefined),
    hosts: responseHosts(settings.apiUrl),
    seen,
    clock: tools.clock,
    onRefused: (code) => refused?.({ code }),
  };
  const way =
    settings.mode === 'http' ? byHttp(settings, door, dispatcher) : bySocket(settings, door, dispatcher, tools);
  return {
    routes: way.routes,
    dispatcher,
    start(given) {
      refused = given;
      open = true;
      return way.start();
    },
    async stop() {
      await within(tools.clock, DRAIN_MS, way.idle());
      open = false;
      await way.stop();
    },
  };
}

/** What both ways check with. */
interface Door {
  readonly us: () => Identity | undefined;
  readonly hosts: readonly string[];
  readonly seen: Recent;
  readonly clock: Clock;
  readonly onRefused: (code: string) => void;
}

interface Way {
  readonly routes: readonly Route[];
  start(): Promise<void>;
  idle(): Promise<void>;
  stop(): Promise<void>;
}

function byHttp({ signingSecret, previousSigningSecret }: SlackSettings, door: Door, dispatcher: Dispatcher): Way {
  if (signingSecret === undefined) throw new TypeError('Slack over HTTP needs a signing secret');
  const secrets = previousSigningSecret === undefined ? [signingSecret] : [signingSecret, previousSigningSecret];
  const verify = slackVerifier({ ...door, signed: signatureCheck(secrets) });
  return {
    routes: [slackRoute(verify, dispatcher)],
    start: async () => undefined,
    idle: () => dispatcher.idle(),
    stop: async () => undefined,
  };
}

function bySocket(settings: SlackSettings, door: Door, dispatcher: Dispatcher, tools: SlackTools): Way {
  const { appToken, apiUrl, expectedConnections: expected = CONNECTIONS } = settings;
  if (appToken === undefined) throw new TypeError('Slack Socket Mode needs an app-level token');
  const inbound = socketInbound({ ...door, dispatcher, log: tools.log });
  let sockets: SocketMode | undefined;
  return {
    routes: [],
    async start() {
      sockets = socketMode({ appToken, apiUrl, expected }, { ...tools, receive: inbound.receive });
      try {
        await sockets.start();
      } catch (error) {
        await sockets.stop();
        throw chatErrorOf(error, false);
      }
    },
    async idle() {
      await inbound.idle();
      await dispatcher.idle();
    },
    stop: async () => sockets?.stop(),
  };
}
