// A whole Hallpass on a clock that a test moves: real store, real operations, a fake target and a fake chat. Restarting
// it keeps store, target and chat, as a crash would.
import type { Catalog, Role } from '../src/core/catalog.ts';
import { openInbox } from '../src/operations/inbox.ts';
import { runDueJobs } from '../src/operations/run-jobs.ts';
import { sweep } from '../src/operations/sweep.ts';
import type { Tools } from '../src/operations/tools.ts';
import type { ChatInbox } from '../src/ports/chat-platform.ts';
import type { Ids } from '../src/ports/clock.ts';
import type { Message } from '../src/ports/document.ts';
import type { GrantAdapter, GrantConnection } from '../src/ports/grant-adapter.ts';
import type { Log } from '../src/ports/log.ts';
import type { Store } from '../src/ports/store.ts';
import { openStore } from '../src/store/open-store.ts';
import { type FakeAdapter, openFakeAdapter } from './fakes/fake-adapter.ts';
import { type FakeChat, openFakeChat } from './fakes/fake-chat.ts';
import { type ManualClock, manualClock } from './fakes/manual-clock.ts';

export const quietLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

export function countingIds(): Ids {
  let count = 0;
  let random = 1;
  return {
    next: (prefix) => `${prefix}_${(count += 1).toString().padStart(26, '0')}`,
    secret: (bytes) => Buffer.alloc(bytes, (count += 1) % 251).toString('base64url'),
    jitter: () => (random = (random * 48_271) % 2_147_483_647) / 2_147_483_647,
  };
}

export const ROLE: Role = {
  name: 'prod-db-readonly',
  title: 'Read production data',
  target: 'prod-db',
  entitlement: { role: 'readonly' },
  risk: 'medium',
  who: ['engineers'],
  duration: { minSeconds: 60, defaultSeconds: 3600, maxSeconds: 4 * 3600 },
  reviewers: { platform: 'slack', channel: 'C-REV' },
  stages: [{ from: ['dbas'], count: 1 }],
  pendingSeconds: 8 * 3600,
  requires: ['reason'],
};

export function catalogOf(roles: readonly Role[] = [ROLE], policyVersion = 'policy-1'): Catalog {
  const group = (name: string, ...members: string[]) => ({ name, members, platformGroups: [] });
  return {
    organization: 'acme',
    command: '/jit',
    auditChannel: { platform: 'slack', channel: 'C-AUDIT' },
    security: 'secops',
    groups: {
      engineers: group('engineers', 'mia@acme.test', 'ana@acme.test'),
      dbas: group('dbas', 'ana@acme.test', 'ben@acme.test', 'mia@acme.test'),
      secops: group('secops', 'sam@acme.test'),
    },
    targets: { 'prod-db': { name: 'prod-db', adapter: 'fake' } },
    roles: Object.fromEntries(roles.map((role) => [role.name, role])),
    policyVersion,
  };
}

const PEOPLE = ['mia', 'ana', 'ben', 'sam', 'gus', 'eve'].map((name) => ({
  user: `U-${name}`,
  name: name[0]?.toUpperCase() + name.slice(1),
  email: `${name}@acme.test`,
  standing: (name === 'gus' ? 'guest' : name === 'eve' ? 'stranger' : 'member') as 'guest' | 'stranger' | 'member',
}));

export interface World {
  readonly clock: ManualClock;
  readonly ids: Ids;
  readonly store: Store;
  readonly fake: FakeAdapter;
  readonly chat: FakeChat;
  readonly checkpoints: string[];
  tools: Tools;
  inbox: ChatInbox;
  /** Runs everything due now. */
  settle(): Promise<void>;
  /** Moves the clock in steps, sweeping and running jobs at each, as the program would. */
  pass(seconds: number, stepSeconds?: number): Promise<void>;
  say(user: string, text: string): Promise<string>;
  press(
    user: string,
    action: string,
    message: Message,
    ref?: { readonly channel: string; readonly message: string },
  ): Promise<string>;
  /** The reviewer card as it is shown now. */
  card(): { readonly message: Message; readonly ref: import('../src/core/model.ts').MessageRef };
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly catalog?: Catalog;
  readonly settleSeconds?: number;
  readonly expiresItself?: boolean;
  readonly sessions?: 'ended' | 'outlive' | 'none';
  readonly store?: Store;
  /** Wraps every port, e.g. to crash at a call. */
  readonly wrap?: <T extends object>(port: T, name: string) => T;
}

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const clock = manualClock();
  const ids = countingIds();
  const store = options.store ?? (await openStore('sqlite::memory:', { clock, ids, log: quietLog }));
  const { settleSeconds = 0, expiresItself = false, sessions = 'none' } = options;
  const fake = openFakeAdapter({ clock, settleSeconds, expiresItself, sessions });
  const chat = openFakeChat(clock, PEOPLE);
  const checkpoints: string[] = [];
  const wrap = options.wrap ?? (<T extends object>(port: T) => port);
  let delivery = 0;

  function boot(): Tools {
    return bootTools({ clock, ids, store, fake, chat, checkpoints, wrap, catalog: options.catalog ?? catalogOf() });
  }
  const world: World = {
    clock,
    ids,
    store,
    fake,
    chat,
    checkpoints,
    tools: boot(),
    inbox: undefined as unknown as ChatInbox,
    async settle() {
      await runDueJobs(world.tools);
    },
    async pass(seconds, stepSeconds = 1) {
      for (let passed = 0; passed < seconds; passed += stepSeconds) {
        await clock.advance(stepSeconds * 1000);
        await sweep(world.tools);
        await world.settle();
      }
    },
    async say(user, text) {
      const answer = await world.inbox.command({
        account: chat.ref(`U-${user}`),
        delivery: `d${(delivery += 1)}`,
        at: clock.now(),
        text,
      });
      return answer.kind === 'note' ? JSON.stringify(answer.note.lines) : answer.kind;
    },
    async press(user, action, message, ref) {
      const buttons = 'buttons' in message ? (message.buttons ?? []) : [];
      const button = buttons.find((candidate) => candidate.action === action);
      if (!button) throw new Error(`no button ${action} on “${JSON.stringify(message).slice(0, 200)}”`);
      const origin = { account: chat.ref(`U-${user}`), delivery: `d${(delivery += 1)}`, at: clock.now() };
      const where = ref
        ? {
            message: { platform: 'slack', tenant: 'T01', ...ref },
            channel: { platform: 'slack', channel: ref.channel },
          }
        : {};
      const answer = await world.inbox.press({ ...origin, ...where, action, value: button.value });
      return answer.kind === 'note' ? JSON.stringify(answer.note.lines) : answer.kind;
    },
    card() {
      const found = chat.sent.find((one) => one.message.kind === 'card' && one.place.kind === 'channel');
      if (!found) throw new Error('no card was posted');
      return { message: found.message, ref: found.ref };
    },
    async close() {
      await store.close();
    },
  };
  world.inbox = openInbox(world.tools);
  return world;
}

export interface Boot {
  readonly clock: ManualClock;
  readonly ids: Ids;
  readonly store: Store;
  readonly fake: FakeAdapter;
  readonly chat: FakeChat;
  readonly checkpoints: string[];
  readonly catalog: Catalog;
  readonly wrap: <T extends object>(port: T, name: string) => T;
  readonly owner?: string;
}

export function bootTools(boot: Boot): Tools {
  const { clock, ids, fake, chat, checkpoints, wrap, catalog } = boot;
  const adapter = fake.adapter as unknown as GrantAdapter<unknown, unknown>;
  const config = adapter.config.parse({});
  const toolsForAdapter = { fetch: globalThis.fetch, clock, log: quietLog, deploymentId: boot.store.deploymentId };
  const connection = wrap(adapter.connect(config, toolsForAdapter) as GrantConnection<unknown>, 'target');
  const live = {
    name: 'prod-db',
    adapter,
    connection,
    keyOf: (entitlement: unknown) => adapter.targetKey(config, entitlement),
  };
  return {
    store: wrap(boot.store, 'store'),
    clock,
    ids,
    log: quietLog,
    catalog,
    targets: { of: (name) => (name === 'prod-db' ? live : undefined), all: () => [live] },
    chats: { slack: wrap(chat, 'chat') },
    signer: { sign: ({ size, rootHex }) => `${size} ${rootHex}` },
    keepCheckpoint: async (note) => void checkpoints.push(note),
    owner: boot.owner ?? 'test',
    poke() {},
  };
}
