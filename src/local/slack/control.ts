// The control API over HTTP: the page's JSON routes, the snapshot, the event stream, file downloads.
// Foreign requests were refused before; acts decide what a person may do, this only carries it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Outcome, Stage } from './acting.ts';
import { click, say, shortcut, slash } from './acts-chat.ts';
import { closeView, submitView } from './acts-submit.ts';
import { suggest } from './acts-suggest.ts';
import { clickInHome, clickInView, openHome } from './acts-view.ts';
import { json } from './api-arguments.ts';
import { CannotAct } from './cannot-act.ts';
import type { ActOutcome, ChangeEvent, ControlError, ControlRoutes, SaidOutcome, SayBody } from './control-api.ts';
import { BODIES, type PostRoute } from './control-bodies.ts';
import { channelForPerson } from './conversations.ts';
import { isJson } from './guard.ts';
import { readBody, sendJson } from './http-io.ts';
import { API_BODY_BYTES } from './limits.ts';
import { firstPerson, messageShown, takeSnapshot, viewShown } from './snapshot.ts';
import type { State } from './state.ts';

export interface Control {
  readonly stage: Stage;
  readonly reachable: () => boolean;
}

const DOWNLOAD = {
  'content-type': 'application/octet-stream',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
} as const;

type Acts = {
  readonly [Route in PostRoute]: (
    stage: Stage,
    body: ControlRoutes[Route]['body'],
  ) => Promise<ControlRoutes[Route]['reply']>;
};

async function shown(outcome: Promise<Outcome>): Promise<ActOutcome> {
  const { delivery: _, view, ...rest } = await outcome;
  return { ...rest, view: view ? viewShown(view) : null };
}

async function said(stage: Stage, { as, channel, text, thread }: SayBody): Promise<SaidOutcome> {
  return { message: messageShown(stage.state, say(stage, as, channel, text, thread), false) };
}

const ACTS: Acts = {
  'POST /local/slash': (on, { as, command, text, channel }) => shown(slash(on, as, command, text, channel)),
  'POST /local/say': said,
  'POST /local/click': (on, { as, ...target }) => shown(click(on, as, target)),
  'POST /local/view/click': (on, { as, ...target }) => shown(clickInView(on, as, target)),
  'POST /local/home/click': (on, { as, ...target }) => shown(clickInHome(on, as, target)),
  'POST /local/suggest': (on, { as, ...target }) => shown(suggest(on, as, target)),
  'POST /local/view/submit': (on, { as, values }) => shown(submitView(on, as, values)),
  'POST /local/view/close': (on, { as, all }) => shown(closeView(on, as, all)),
  'POST /local/shortcut': (on, { as, callbackId, ...at }) => shown(shortcut(on, as, callbackId, at)),
  'POST /local/home/open': (on, { as, tab }) => shown(openHome(on, as, tab)),
};

function isRoute(route: string): route is PostRoute {
  return Object.hasOwn(ACTS, route);
}

function run<Route extends PostRoute>(route: Route, stage: Stage, body: unknown): Promise<unknown> {
  return ACTS[route](stage, BODIES[route].parse(body));
}

export async function serveControl(
  control: Control,
  req: IncomingMessage,
  res: ServerResponse,
  url: URL,
): Promise<void> {
  const { state } = control.stage;
  if (req.method === 'GET') return serveReading(control, state, req, res, url);
  const wanted = `${req.method} ${url.pathname}`;
  if (!isRoute(wanted)) return refuse(res, 404, 'not_found', `no ${wanted}`);
  if (!isJson(req)) return refuse(res, 415, 'not_json', 'content-type must be application/json');
  const body = json((await readBody(req, API_BODY_BYTES)).toString('utf8'));
  try {
    sendJson(res, 200, await run(wanted, control.stage, body));
  } catch (error) {
    refuseAct(res, error);
  }
}

function refuseAct(res: ServerResponse, error: unknown): void {
  if (error instanceof CannotAct) refuse(res, 409, error.code, error.message);
  else if (error instanceof Error && error.name === 'ZodError') refuse(res, 400, 'invalid_body', error.message);
  else throw error;
}

function refuse(res: ServerResponse, status: number, error: string, message: string): void {
  sendJson(res, status, { error, message } satisfies ControlError);
}

function serveReading(control: Control, state: State, req: IncomingMessage, res: ServerResponse, url: URL): void {
  const as = url.searchParams.get('as');
  const me = as === null ? firstPerson(state) : state.users.get(as);
  const file = /^\/local\/files\/([A-Z0-9]+)$/.exec(url.pathname)?.[1];
  if (url.pathname === '/local/events') stream(state, req, res);
  else if (!me || me.id === state.app.botUserId) refuse(res, 404, 'unknown_user', String(as));
  else if (url.pathname === '/local/state') sendJson(res, 200, takeSnapshot(state, me, control.reachable()));
  else if (file !== undefined) download(state, me.id, file, res);
  else refuse(res, 404, 'not_found', url.pathname);
}

/** One line for each change; the page asks for the snapshot again. */
function stream(state: State, req: IncomingMessage, res: ServerResponse): void {
  res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', connection: 'keep-alive' });
  let told = -1;
  const tell = () => {
    if (state.version === told) return;
    told = state.version;
    res.write(`event: change\ndata: ${JSON.stringify({ version: told } satisfies ChangeEvent)}\n\n`);
  };
  state.watchers.add(tell);
  req.on('close', () => state.watchers.delete(tell));
  tell();
}

/** Always a download: a file's bytes never become a page of this origin. */
function download(state: State, user: string, id: string, res: ServerResponse): void {
  const file = state.files.get(id);
  const allowed = file?.channel !== undefined && channelForPerson(state, user, file.channel) !== undefined;
  if (!file?.bytes || !allowed) refuse(res, 404, 'file_not_found', id);
  else res.writeHead(200, { ...DOWNLOAD, 'content-disposition': attachment(file.name) }).end(file.bytes);
}

function attachment(name: string): string {
  return `attachment; filename*=UTF-8''${encodeURIComponent(name)}`;
}
