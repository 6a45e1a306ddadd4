// A Slack-compatible workspace on loopback: what local mode runs and what tests use in Slack's place.
// Puts the parts together; every rule lives in a part. It never speaks to Slack.
import { createAdministration } from './administration.ts';
import { createDeliverer, type DeliverySettings } from './deliver.ts';
import { createFaults } from './faults.ts';
import { ACK_MS } from './limits.ts';
import { newState } from './new-state.ts';
import { createRateLimit } from './rate-limits.ts';
import { DEFAULT_APP, DEFAULT_SCOPES, DEFAULT_TEAM } from './seeds.ts';
import { listen } from './server.ts';
import { createSocketMode } from './socket.ts';
import { noticed, type State } from './state.ts';
import type { WebApi } from './web-api.ts';
import { isReachable, people, sight, trouble } from './workspace-parts.ts';
import type { Workspace, WorkspaceOptions } from './workspace-types.ts';

export type { Workspace, WorkspaceOptions };

interface Secrets {
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
}

/** Resolves once the workspace listens. Throws an Error when the seeds contradict each other or the port is taken. */
export async function startWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const secrets = secretsFor(options);
  const state = stateFor(options, secrets);
  const stopping = new AbortController();
  const socketMode = createSocketMode(state);
  const settings = deliverySettings(options, secrets.signingSecret, stopping.signal);
  const stage = { state, deliverer: createDeliverer(state, socketMode, settings) };
  const api = webApiFor(options, state);
  const away = { isDown: false };
  const control = { stage, reachable: () => isReachable(state, socketMode) };
  const parts = { api, control, socketMode, isDown: () => away.isDown, extraRoutes: options.extraRoutes };
  const { server, port } = await listen(parts, options.port ?? 0);
  state.base = `http://127.0.0.1:${port}`;
  const setDown = (isDown: boolean) => {
    away.isDown = isDown;
    if (isDown) socketMode.cut();
    if (isDown) server.closeAllConnections();
    noticed(state);
  };
  return {
    ...people(stage),
    ...sight(state, socketMode),
    ...trouble({ ...stage, faults: api.faults, socketMode, signingSecret: secrets.signingSecret, setDown }),
    ...createAdministration(state, stage.deliverer),
    ...secrets,
    url: state.base,
    apiUrl: `${state.base}/api/`,
    port,
    setRequestUrl: (url) => void Object.assign(state, { requestUrl: url }),
    setMode: (mode) => void Object.assign(state, { mode }),
    async stop() {
      stopping.abort();
      socketMode.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function secretsFor({ ids, botToken, appToken, signingSecret }: WorkspaceOptions): Secrets {
  return {
    botToken: botToken ?? `xoxb-${ids.secret(18)}`,
    appToken: appToken ?? `xapp-1-${ids.secret(18)}`,
    signingSecret: signingSecret ?? Buffer.from(ids.secret(32), 'base64url').toString('hex'),
  };
}

function stateFor(options: WorkspaceOptions, { botToken, appToken }: Secrets): State {
  return newState({
    clock: options.clock,
    ids: options.ids,
    team: options.team ?? DEFAULT_TEAM,
    app: { ...DEFAULT_APP, ...options.app },
    users: options.users,
    channels: options.channels,
    usergroups: options.usergroups ?? [],
    scopes: options.scopes ?? DEFAULT_SCOPES,
    botToken,
    appToken,
    mode: options.mode ?? 'socket',
    requestUrl: options.requestUrl,
  });
}

function deliverySettings(options: WorkspaceOptions, signingSecret: string, signal: AbortSignal): DeliverySettings {
  return {
    signingSecret,
    ackMs: options.ackMs ?? ACK_MS,
    signedAt: options.signedAt ?? options.clock.now,
    eventRetries: options.eventRetries ?? true,
    signal,
  };
}

function webApiFor({ clock, rateLimits, distributed }: WorkspaceOptions, state: State): WebApi {
  const limited = rateLimits === false ? {} : { rateLimit: createRateLimit(clock) };
  return { state, faults: createFaults(clock), distributed: distributed ?? false, ...limited };
}
