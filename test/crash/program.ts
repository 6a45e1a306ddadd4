// A Hallpass in a process of its own, to be killed: real store on a file, real runner, ticks; chat and target are in the
// process that started it, so that what they saw outlives it.

import { systemIds } from '../../src/lib/system-clock.ts';
import { openInbox } from '../../src/operations/inbox.ts';
import { startRunner } from '../../src/operations/runner.ts';
import { sweep } from '../../src/operations/sweep.ts';
import type { Tools } from '../../src/operations/tools.ts';
import type { ChatPlatform } from '../../src/ports/chat-platform.ts';
import type { GrantAdapter, GrantConnection } from '../../src/ports/grant-adapter.ts';
import { quietMeter } from '../../src/ports/meter.ts';
import type { Hold, Store } from '../../src/ports/store.ts';
import { noTrace } from '../../src/ports/trace.ts';
import { openStore } from '../../src/store/open-store.ts';
import { openFakeAdapter } from '../fakes/fake-adapter.ts';
import { quietLog, signOf } from '../world-ports.ts';
import { KILL_CATALOG } from './kill-catalog.ts';
import { BEAT_SECONDS, errorOf, type FromProgram, fastClock, SPEED, type ToProgram } from './wire.ts';

const TICK_SECONDS = 5;
const CHAT = ['post', 'update', 'find', 'publishHome', 'account', 'accountByEmail', 'members', 'channel'];
const TARGET = ['resolve', 'fingerprint', 'grant', 'revoke', 'inspect'];

const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
let calls = 0;

function send(message: FromProgram): void {
  process.send?.(message);
}

/** A port whose every method is answered by the process outside. */
function remote(port: 'chat' | 'target', methods: readonly string[]): object {
  const call =
    (method: string) =>
    (...args: readonly unknown[]) =>
      new Promise((resolve, reject) => {
        calls += 1;
        waiting.set(calls, { resolve, reject });
        send({ kind: 'call', id: calls, port, method, args: args.filter((arg) => !(arg instanceof AbortSignal)) });
      });
  return Object.fromEntries(methods.map((method) => [method, call(method)]));
}

/** Says what becomes of claims, and of writes of those who hold a job. */
function telling(store: Store): Store {
  async function written<T>(hold: Hold | undefined, write: () => Promise<T>, isAccepted: (result: T) => boolean) {
    const at = Date.now();
    const result = await write();
    if (hold)
      send({
        kind: 'held',
        what: isAccepted(result) ? 'accepted' : 'fenced',
        subject: hold.subject,
        epoch: hold.epoch,
        at,
      });
    return result;
  }
  return {
    ...store,
    async claim(wish) {
      const jobs = await store.claim(wish);
      for (const { subject, epoch } of jobs) send({ kind: 'held', what: 'claimed', subject, epoch, at: Date.now() });
      return jobs;
    },
    // What is refused for another reason changed nothing either, and is no news.
    commit: (commit) =>
      written(
        commit.hold,
        () => store.commit(commit),
        ({ kind }) => kind !== 'fenced',
      ),
    defer: (hold, ...rest) =>
      written(
        hold,
        () => store.defer(hold, ...rest),
        (isDone) => isDone,
      ),
    renew: (hold, leaseMs) =>
      written(
        hold,
        () => store.renew(hold, leaseMs),
        (isOurs) => isOurs,
      ),
  };
}

async function run(url: string, since: number): Promise<void> {
  const clock = fastClock(since);
  const log = { ...quietLog, error: (message: string) => send({ kind: 'error', message }) };
  const store = telling(await openStore(url, { clock, ids: systemIds, log }, { time: clock.now }));
  const adapter = openFakeAdapter({ clock, sessions: 'none' }).adapter as unknown as GrantAdapter<unknown, unknown>;
  const config = adapter.config.parse({});
  const target = {
    name: 'prod-db',
    adapter,
    connection: remote('target', TARGET) as GrantConnection<unknown>,
    keyOf: (entitlement: unknown) => adapter.targetKey(config, entitlement),
  };
  let poke = () => {};
  const tools: Tools = {
    store,
    clock,
    ids: systemIds,
    log,
    catalog: KILL_CATALOG,
    targets: { of: (name) => (name === 'prod-db' ? target : undefined), all: () => [target] },
    chats: { slack: { name: 'slack', ...remote('chat', CHAT) } as ChatPlatform },
    pagers: [],
    signer: { sign: signOf, read: () => undefined },
    meter: quietMeter,
    trace: noTrace,
    keepCheckpoint: async () => undefined,
    seenCheckpoints: async () => [],
    owner: `process-${process.pid}`,
    poke: () => poke(),
  };
  await sweep(tools);
  const runner = startRunner(tools);
  poke = runner.poke;
  const ticks = setInterval(() => void sweep(tools).catch(() => undefined), (TICK_SECONDS * 1000) / SPEED);
  const beats = setInterval(() => send({ kind: 'beat' }), (BEAT_SECONDS * 1000) / SPEED);
  const inbox = openInbox(tools);
  process.on('message', async (message: ToProgram) => {
    if (message.kind === 'answer') return settle(message);
    if (message.kind === 'do') return send({ kind: 'done', id: message.id, value: await act(message) });
    for (const timer of [ticks, beats]) clearInterval(timer);
    await runner.stop();
    await store.close();
    process.disconnect();
  });
  async function act({ act: what, event }: Extract<ToProgram, { kind: 'do' }>): Promise<unknown> {
    if (what === 'jobs') {
      const dueInMs = ((await store.nextDueAt()) ?? Number.POSITIVE_INFINITY) - (await store.now());
      return { live: (await store.liveGrants({}, 9)).length, dueInMs };
    }
    return what === 'command' ? inbox.command(event as never) : inbox.press(event as never);
  }
  send({ kind: 'ready' });
}

function settle({ id, value, fault }: Extract<ToProgram, { kind: 'answer' }>): void {
  const call = waiting.get(id);
  waiting.delete(id);
  if (fault) call?.reject(errorOf(fault));
  else call?.resolve(value);
}

const [, , url = '', since = ''] = process.argv;
await run(url, Number(since));
