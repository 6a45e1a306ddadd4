// A small workspace that stands still: fixed ids, a clock that moves when told, and calls as the SDK sends them.
import { type Logger, LogLevel } from '@slack/bolt';
import { onTestFinished } from 'vitest';
import { idsFrom } from '../../../src/lib/system-clock.ts';
import type { Workspace, WorkspaceOptions } from '../../../src/local/slack/workspace.ts';
import { startWorkspace } from '../../../src/local/slack/workspace.ts';
import type { Ids } from '../../../src/ports/clock.ts';
import { type ManualClock, manualClock } from '../../fakes/manual-clock.ts';

export const ANA = 'U0ANA';
export const BEN = 'U0BEN';
export const STRANGER = 'U0STRANGER';
export const BOT = 'U0HALLPASS';
export const REVIEW = 'C0REVIEW';
export const PRIVATE = 'C0PRIVATE';

const USERS: WorkspaceOptions['users'] = [
  { id: ANA, name: 'ana', real_name: 'Ana Nowak', email: 'ana@acme.test', tz: 'Europe/Berlin', locale: 'de-DE' },
  { id: BEN, name: 'ben', real_name: 'Ben Okafor', email: 'ben@acme.test', tz: 'America/New_York' },
  { id: 'U0GUEST', name: 'gus', is_restricted: true },
  { id: 'U0GONE', name: 'gone', email: 'gone@acme.test', deleted: true },
  { id: STRANGER, name: 'eve', email: 'eve@other.test', team_id: 'T0OTHER', is_stranger: true },
];

const CHANNELS: WorkspaceOptions['channels'] = [
  { id: REVIEW, name: 'reviews', members: [ANA, BEN, BOT] },
  { id: PRIVATE, name: 'secops', is_private: true, members: [BEN, BOT] },
  { id: 'C0ELSE', name: 'elsewhere', members: [ANA] },
  { id: 'C0HIDDEN', name: 'hidden', is_private: true, members: [ANA] },
  { id: 'C0OLD', name: 'old', is_archived: true, members: [ANA, BOT] },
  { id: 'C0SHARED', name: 'shared', is_ext_shared: true, members: [ANA, STRANGER, BOT] },
];

export interface Bench {
  readonly workspace: Workspace;
  readonly clock: ManualClock;
  /** One Web API call, form-encoded as the SDK does it; the answer's JSON, status and headers. */
  call(method: string, args?: Record<string, unknown>, token?: string): Promise<Called>;
  /** A trigger id that is good for 3 s: of a command that nobody answers. */
  trigger(user?: string): Promise<string>;
}

interface Called {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { readonly ok?: boolean; readonly error?: string; readonly [field: string]: unknown };
}

/** Deterministic: every byte comes from a counter. */
export function countingIds(clock: { now(): number }): Ids {
  let count = 0;
  return idsFrom(clock.now, (length) => {
    const bytes = Buffer.alloc(length);
    count += 1;
    bytes.writeUInt32BE(count, length - 4);
    return bytes;
  });
}

/** Starts a workspace that is stopped when the test ends. `ackMs` is short: an app that is not there answers never. */
export async function bench(options: Partial<WorkspaceOptions> = {}): Promise<Bench> {
  const clock = manualClock();
  const workspace = await startWorkspace({
    clock,
    ids: countingIds(clock),
    users: USERS,
    channels: CHANNELS,
    usergroups: [{ id: 'S0DBAS', handle: 'dbas', users: [BEN] }],
    rateLimits: false,
    eventRetries: false,
    ...options,
  });
  onTestFinished(() => workspace.stop());
  return {
    workspace,
    clock,
    call: (method, args, token = workspace.botToken) => callApi(workspace, method, args, token),
    async trigger(user = ANA) {
      const { delivery } = await workspace.slash(user, '/jit', '', REVIEW);
      return String(delivery?.payload.trigger_id);
    },
  };
}

async function callApi(
  workspace: Workspace,
  method: string,
  args: Record<string, unknown> = {},
  token: string,
): Promise<Called> {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(args))
    form.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded' };
  const response = await fetch(`${workspace.apiUrl}${method}`, { method: 'POST', headers, body: form.toString() });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: JSON.parse(text) };
}

export function plain(text: string): { type: 'plain_text'; text: string } {
  return { type: 'plain_text', text };
}

export function mrkdwn(text: string): { type: 'mrkdwn'; text: string } {
  return { type: 'mrkdwn', text };
}

export function long(length: number): string {
  return 'x'.repeat(length);
}

export function many<Thing>(count: number, make: (index: number) => Thing): Thing[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

export function option(value: string): { text: ReturnType<typeof plain>; value: string } {
  return { text: plain(value), value };
}

/** For what the test could not go on without. */
export function never(): never {
  throw new Error('it is not there');
}

/** A logger for Slack's packages that says nothing: cut connections are what the tests are about. */
export const QUIET: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  setName: () => undefined,
  getLevel: () => LogLevel.ERROR,
};
