// @ts-check
// Speaks to the workspace this page came from: its control API and the target's. Draws nothing, keeps nothing.

/**
 * @typedef {import('../slack/control-api.ts').Snapshot} Snapshot
 * @typedef {import('../slack/control-api.ts').ActOutcome} ActOutcome
 * @typedef {import('../slack/control-api.ts').SaidOutcome} SaidOutcome
 * @typedef {import('../target-port.ts').TargetReply} TargetReply
 * @typedef {import('../target-port.ts').QueryReply} QueryReply
 * @typedef {import('../slack/control-api.ts').ControlRoutes} ControlRoutes
 */

/** What the workspace refused, with its sentence. */
export class RefusedError extends Error {
  /** @param {string} code @param {string} message */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** @param {string | undefined} as @returns {Promise<Snapshot>} */
export function fetchSnapshot(as) {
  return call(`/local/state${as === undefined ? '' : `?as=${encodeURIComponent(as)}`}`);
}

/** @param {string} as @returns {Promise<TargetReply>} */
export function fetchTarget(as) {
  return call(`/target?as=${encodeURIComponent(as)}`);
}

/** @param {string} as @param {string} sql @returns {Promise<QueryReply>} */
export function runQuery(as, sql) {
  return call('/target/query', { as, sql });
}

/**
 * @template {keyof ControlRoutes & `POST ${string}`} Route
 * @param {Route} route @param {ControlRoutes[Route]['body']} body @returns {Promise<ControlRoutes[Route]['reply']>}
 */
export function act(route, body) {
  return call(route.slice('POST '.length), body);
}

/** @param {string} path @param {unknown} [body] @returns {Promise<any>} */
async function call(path, body) {
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(path, body === undefined ? {} : post).catch(() => undefined);
  if (!response)
    throw new RefusedError('unreachable', 'The local workspace does not answer. Is `npm start` still running?');
  const reply = await response.json().catch(() => ({}));
  if (response.ok) return reply;
  throw new RefusedError(
    reply.error ?? `http_${response.status}`,
    reply.message ?? `The workspace answered ${response.status}.`,
  );
}

/**
 * Tells of every change; connects again when cut off, and the first event after that tells of what was missed.
 * @param {(version: number) => void} onChange @param {(online: boolean) => void} onOnline
 */
export function listen(onChange, onOnline) {
  const source = new EventSource('/local/events');
  source.addEventListener('open', () => onOnline(true));
  source.addEventListener('change', (event) => onChange(JSON.parse(event.data).version));
  source.addEventListener('error', () => {
    onOnline(false);
    // By itself a browser waits longer, and after an HTTP error gives up for good.
    source.close();
    setTimeout(() => listen(onChange, onOnline), RECONNECT_MS);
  });
}

const RECONNECT_MS = 1_000;
