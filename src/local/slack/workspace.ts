// A Slack-compatible workspace on loopback: what local mode runs and what tests use in Slack's place.
// Puts the parts together; every rule lives in a part. It never speaks to Slack.
import { createAdministration } from './administration.ts';
import { createDeliverer } from './deliver.ts';
import { createFaults } from './faults.ts';
import { ACK_MS } from './limits.ts';
import { newState } from './new-state.ts';
import { createRateLimit } from './rate-limits.ts';
import { DEFAULT_APP, DEFAULT_SCOPES, DEFAULT_TEAM } from './seeds.ts';
import { listen } from './server.ts';
import { createSocketMode } from './socket.ts';
import { noticed, type State } from './state.ts';
import { isReachable, people, sight, trouble } from './workspace-parts.ts';
import type { Workspace, WorkspaceOptions } from './workspace-types.ts';

export type { Workspace, WorkspaceOptions };

/** Resolves once the workspace listens. Throws an Error when the seeds contradict each other or the port is taken. */
export async function startWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const { clock, ids } = options;
  const botToken = options.botToken ?? `xoxb-${ids.secret(18)}`;
  const appToken = options.appToken ?? `xapp-1-${ids.secret(18)}`;
  const signingSecret = options.signingSecret ?? Buffer.from(ids.secret(32), 'base64url').toString('hex');
  const state = stateFor(options, botToken, appToken);
  const stopping = new AbortController();
  const socketMode = createSocketMode(state);
  const deliverer = createDeliverer(state, socketMode, {
    signingSecret,
    ackMs: options.ackMs ?? ACK_MS,
    signedAt: options.signedAt ?? clock.now,
    eventRetries: options.eventRetries ?? true,
    signal: stopping.signal,
  });
  const faults = createFaults(clock);
  const away = { down: false };
  const { server, port } = await listen(
    {
      api: {
        state,
        faults,
        distributed: options.distributed ?? false,
        ...(options.rateLimits !== false && { rateLimit: createRateLimit(clock) }),
      },
      control: { stage: { state, deliverer }, reachable: () => isReachable(state, socketMode) },
      socketMode,
      isDown: () => away.down,
      extraRoutes: options.extraRoutes,
    },
    options.port ?? 0,
  );
  state.base = `http://127.0.0.1:${port}`;
  const setDown = (down: boolean) => {
    away.down = down;
    if (down) socketMode.cut();
    if (down) server.closeAllConnections();
    noticed(state);
  };
  return {
    ...people(state, deliverer),
    ...sight(state, socketMode),
    ...trouble(state, faults, socketMode, deliverer, signingSecret, setDown),
    ...createAdministration(state, deliverer),
    url: state.base,
    apiUrl: `${state.base}/api/`,
    port,
    botToken,
    appToken,
    signingSecret,
    setRequestUrl(url) {
      state.requestUrl = url;
    },
    setMode(mode) {
      state.mode = mode;
    },
    async stop() {
      stopping.abort();
      socketMode.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function stateFor(options: WorkspaceOptions, botToken: string, appToken: string): State {
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
