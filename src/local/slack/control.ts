// The control API over HTTP: the page's JSON routes, the snapshot, the event stream, file downloads.
// Foreign requests were refused before; acts decide what a person may do, this only carries it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { Outcome, Stage } from './acting.ts';
import { click, say, shortcut, slash } from './acts-chat.ts';
import { closeView, submitView } from './acts-submit.ts';
import { suggest } from './acts-suggest.ts';
import { clickInHome, clickInView, openHome } from './acts-view.ts';
import { json } from './api-arguments.ts';
import { CannotAct } from './cannot-act.ts';
import type { ActOutcome, ControlError } from './control-api.ts';
import * as bodies from './control-bodies.ts';
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

type Act = (stage: Stage, body: unknown) => Promise<unknown>;

function act<Body>(schema: z.ZodType<Body>, run: (stage: Stage, body: Body) => Promise<unknown>): Act {
  return (stage, body) => run(stage, schema.parse(body));
}

async function shown(outcome: Promise<Outcome>): Promise<ActOutcome> {
  const { delivery: _, view, ...rest } = await outcome;
  return { ...rest, view: view ? viewShown(view) : null };
}

const ACTS: ReadonlyMap<string, Act> = new Map([
  ['/local/slash', act(bodies.slashBody, (stage, b) => shown(slash(stage, b.as, b.command, b.text, b.channel)))],
  [
    '/local/say',
    act(bodies.sayBody, async ({ state, ...stage }, b) => ({
      message: messageShown(state, say({ state, ...stage }, b.as, b.channel, b.text, b.thread), false),
    })),
  ],
  ['/local/click', act(bodies.clickBody, (stage, { as, ...target }) => shown(click(stage, as, target)))],
  [
    '/local/view/click',
    act(bodies.clickInViewBody, (stage, { as, ...target }) => shown(clickInView(stage, as, target))),
  ],
  [
    '/local/home/click',
    act(bodies.clickInHomeBody, (stage, { as, ...target }) => shown(clickInHome(stage, as, target))),
  ],
  ['/local/suggest', act(bodies.suggestBody, (stage, { as, ...target }) => shown(suggest(stage, as, target)))],
  ['/local/view/submit', act(bodies.submitViewBody, (stage, b) => shown(submitView(stage, b.as, b.values)))],
  ['/local/view/close', act(bodies.closeViewBody, (stage, b) => shown(closeView(stage, b.as, b.all)))],
  ['/local/shortcut', act(bodies.shortcutBody, (stage, b) => shown(shortcut(stage, b.as, b.callbackId, b)))],
  ['/local/home/open', act(bodies.openHomeBody, (stage, b) => shown(openHome(stage, b.as, b.tab)))],
]);

export async function serveControl(
  control: Control,
  req: IncomingMessage,
  res: ServerResponse,
  url: URL,
): Promise<void> {
  const { state } = control.stage;
  if (req.method === 'GET') return serveReading(control, state, req, res, url);
  const run = ACTS.get(url.pathname);
  if (req.method !== 'POST' || !run) return refuse(res, 404, 'not_found', `no ${req.method} ${url.pathname}`);
  if (!isJson(req)) return refuse(res, 415, 'not_json', 'content-type must be application/json');
  const body = json((await readBody(req, API_BODY_BYTES)).toString('utf8'));
  try {
    sendJson(res, 200, await run(control.stage, body));
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
    res.write(`event: change\ndata: ${JSON.stringify({ version: told })}\n\n`);
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
