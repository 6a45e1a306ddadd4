// The Slack platform against the local workspace, over either transport, with the HTTP server of the product in between.
import { onTestFinished } from 'vitest';
import { openSlack, type SlackPlatform, type SlackSettings } from '../../../src/chat/slack/index.ts';
import { openServer } from '../../../src/http/server.ts';
import { secretOf } from '../../../src/lib/secret.ts';
import { idsFrom } from '../../../src/lib/system-clock.ts';
import { startWorkspace } from '../../../src/local/slack/workspace.ts';
import type { Workspace, WorkspaceOptions } from '../../../src/local/slack/workspace-types.ts';
import type { Clock, Ids } from '../../../src/ports/clock.ts';
import type { Facts, Log } from '../../../src/ports/log.ts';
import { type RecordingInbox, recordingInbox } from '../../contracts/recording-inbox.ts';
import { type ManualClock, manualClock } from '../../fakes/manual-clock.ts';

export type Mode = 'socket' | 'http';
export const MODES: readonly Mode[] = ['socket', 'http'];
export const TEAM = 'T0LOCAL';
const BOT = 'U0HALLPASS';
export const ANA = 'U0ANA';
export const BEN = 'U0BEN';
export const GUEST = 'U0GUEST';
export const GONE = 'U0GONE';
export const ROBOT = 'U0ROBOT';
export const STRANGER = 'U0STRANGER';
export const REVIEW = 'C0REVIEW';
export const SHARED = 'C0SHARED';
export const ARCHIVED = 'C0OLD';
/** The bot is not in it. */
export const ELSEWHERE = 'C0ELSE';

const USERS: WorkspaceOptions['users'] = [
  { id: ANA, name: 'ana', real_name: 'Ana Nowak', email: 'ana@acme.test', tz: 'Europe/Berlin' },
  { id: BEN, name: 'ben', real_name: 'Ben Okafor', email: 'ben@acme.test', tz: 'America/New_York' },
  { id: GUEST, name: 'gus', is_restricted: true },
  { id: GONE, name: 'gone', email: 'gone@acme.test', deleted: true },
  { id: ROBOT, name: 'robot', is_bot: true },
  { id: STRANGER, name: 'eve', email: 'eve@other.test', team_id: 'T0OTHER', is_stranger: true },
];
const CHANNELS: WorkspaceOptions['channels'] = [
  { id: REVIEW, name: 'reviews', members: [ANA, BEN, BOT] },
  { id: 'C0PRIVATE', name: 'secops', is_private: true, members: [BEN, BOT] },
  { id: ELSEWHERE, name: 'elsewhere', members: [ANA] },
  { id: ARCHIVED, name: 'old', is_archived: true, members: [ANA, BOT] },
  { id: SHARED, name: 'shared', is_ext_shared: true, members: [ANA, STRANGER, BOT] },
];
/** What the manifest asks for, and nothing else. */
export const SCOPES: readonly string[] = [
  'commands',
  'chat:write',
  'users:read',
  'users:read.email',
  'channels:read',
  'groups:read',
  'channels:history',
  'groups:history',
  'usergroups:read',
];

export interface Rig {
  readonly workspace: Workspace;
  readonly clock: ManualClock;
  readonly platform: SlackPlatform;
  readonly inbox: RecordingInbox;
  readonly log: KeptLog;
  readonly alarms: { readonly code: string; readonly facts: Facts }[];
  readonly fatal: string[];
  /** How long somebody of ours wanted to sleep, each time, in milliseconds. */
  readonly sleeps: readonly number[];
  /** Waits, without polling, for what our side does: log lines, alarms, sleeps. */
  until(what: string, look: () => boolean): Promise<void>;
}

export interface KeptLog extends Log {
  readonly lines: { readonly level: keyof Log; readonly message: string; readonly facts: Facts }[];
}

export function keptLog(noticed: () => void = () => undefined): KeptLog {
  const lines: KeptLog['lines'] = [];
  const at =
    (level: keyof Log) =>
    (message: string, facts: Facts = {}) => {
      lines.push({ level, message, facts });
      noticed();
    };
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

export interface RigOptions {
  readonly workspace?: Partial<WorkspaceOptions>;
  readonly settings?: Partial<SlackSettings>;
  readonly ids?: Ids;
  /** `false`: not started. */
  readonly start?: boolean;
}

/** A workspace and a platform connected to it, on one clock that stands still; both are stopped when the test ends. */
export async function rig(mode: Mode, options: RigOptions = {}): Promise<Rig> {
  const clock = manualClock();
  const workspace = await workspaceOn(clock, mode, options.workspace);
  return { workspace, clock, ...(await platformFor(workspace, mode, clock, options)) };
}

export async function workspaceOn(clock: Clock, mode: Mode, more: Partial<WorkspaceOptions> = {}): Promise<Workspace> {
  const workspace = await startWorkspace({
    clock,
    ids: countingIds(clock),
    mode,
    users: USERS,
    channels: CHANNELS,
    usergroups: [{ id: 'S0DBAS', handle: 'dbas', users: [ANA] }],
    scopes: SCOPES,
    rateLimits: false,
    eventRetries: false,
    app: { messageShortcuts: [{ callbackId: 'about', name: 'Request access for this' }] },
    ...more,
  });
  onTestFinished(() => workspace.stop());
  return workspace;
}

/** Deterministic: every byte comes from a counter. */
function countingIds(clock: { now(): number }): Ids {
  let count = 0;
  return idsFrom(clock.now, (length) => {
    const bytes = Buffer.alloc(length);
    count += 1;
    bytes.writeUInt32BE(count, length - 4);
    return bytes;
  });
}

export async function platformFor(
  workspace: Workspace,
  mode: Mode,
  clock: Clock,
  options: RigOptions = {},
): Promise<Omit<Rig, 'workspace' | 'clock'>> {
  const watchers = new Set<() => void>();
  const noticed = () => {
    for (const watcher of [...watchers]) watcher();
  };
  const alarms: Rig['alarms'] = [];
  const fatal: string[] = [];
  const sleeps: number[] = [];
  const inbox = recordingInbox();
  const log = keptLog(noticed);
  const platform = openSlack(
    { ...settingsFor(workspace, mode), ...options.settings },
    {
      clock: {
        now: () => clock.now(),
        sleep(ms, signal) {
          const slept = clock.sleep(ms, signal);
          sleeps.push(ms);
          noticed();
          return slept;
        },
      },
      ids: options.ids ?? countingIds(clock),
      log,
      onFatal(reason) {
        fatal.push(reason);
        noticed();
      },
      onAlarm(code, facts) {
        alarms.push({ code, facts });
        noticed();
      },
    },
  );
  if (mode === 'http') await serve(platform, workspace, log);
  onTestFinished(() => platform.stop());
  if (options.start !== false) await platform.start(inbox);
  return { platform, inbox, log, alarms, fatal, sleeps, until: (what, look) => waitUntil(watchers, what, look) };
}

const PATIENCE_MS = 5_000;

function waitUntil(watchers: Set<() => void>, what: string, look: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const patience = setTimeout(() => {
      watchers.delete(check);
      reject(new Error(`not within ${PATIENCE_MS} ms: ${what}`));
    }, PATIENCE_MS);
    function check(): void {
      if (!look()) return;
      clearTimeout(patience);
      watchers.delete(check);
      resolve();
    }
    watchers.add(check);
    check();
  });
}

async function serve(platform: SlackPlatform, workspace: Workspace, log: Log): Promise<void> {
  const server = await openServer({ host: '127.0.0.1', port: 0, routes: platform.routes, log });
  onTestFinished(() => server.stop());
  workspace.setRequestUrl(`http://127.0.0.1:${server.port}/slack/events`);
}

function settingsFor(workspace: Workspace, mode: Mode): SlackSettings {
  return {
    mode,
    command: '/jit',
    apiUrl: workspace.apiUrl,
    botToken: secretOf(workspace.botToken),
    appToken: secretOf(workspace.appToken),
    signingSecret: secretOf(workspace.signingSecret),
  };
}

export function never(): never {
  throw new Error('cannot be');
}
