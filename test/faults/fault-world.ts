// The world of one case: a store that was put back to a prepared moment, a chat, a real target behind faults, and replicas
// of the program that come and go.
import { begin } from '../../src/operations/begin.ts';
import { openObligations } from '../../src/operations/obligations.ts';
import { openOwed } from '../../src/operations/owed.ts';
import { watchStore } from '../../src/operations/store-watch.ts';
import { sweep } from '../../src/operations/sweep.ts';
import type { Tools } from '../../src/operations/tools.ts';
import type { Ids } from '../../src/ports/clock.ts';
import type { GrantAdapter, GrantConnection } from '../../src/ports/grant-adapter.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Store } from '../../src/ports/store.ts';
import type { LiveTarget } from '../../src/ports/targets.ts';
import { type FakeChat, openFakeChat, type Sent } from '../fakes/fake-chat.ts';
import { type Hook, hooked, toolsOf } from '../world-ports.ts';
import type { FaultBench } from './fault-bench.ts';
import { faultCatalog, faultPeople } from './fault-catalog.ts';
import { type OutcomeName, STALE_MS } from './outcomes.ts';
import { type Replica, startReplica, type Warden } from './replica.ts';
import type { StoreBench, StoreCopy } from './store-bench.ts';
import type { VirtualTime } from './virtual-time.ts';

/** A prepared moment, to begin cases from. */
export interface Scene {
  readonly at: number;
  readonly ids: number;
  readonly store: StoreCopy;
  /** The store as it was when the last signed head was seen outside, and the one before. */
  readonly signed: readonly StoreCopy[];
  readonly checkpoints: readonly string[];
  readonly sent: readonly Sent[];
}

export interface FaultWorld {
  readonly time: VirtualTime;
  readonly chat: FakeChat;
  readonly checkpoints: string[];
  readonly logged: string[];
  /** What was logged as an error, and by whom. */
  readonly errors: string[];
  store(): Store;
  /** An id for something that somebody does: each counts once. */
  delivery(): string;
  start(owner: string): Replica;
  /** As a process that begins (src/program.ts); `ready` says what its readiness would, from the first call on. */
  boot(owner: string): Promise<Booted>;
  /** The store as it was when the last signed head was seen outside, or the one before. */
  rollBack(to: 'last head' | 'head before'): Promise<void>;
  scene(): Promise<Scene>;
}

interface Booted {
  readonly replica: Replica;
  readonly ready: () => boolean;
  /** The sweep before anybody is told that it is ready. */
  begin(): Promise<void>;
}

export interface WorldParts {
  readonly bench: FaultBench<unknown, unknown>;
  readonly stores: StoreBench;
  readonly time: VirtualTime;
  readonly connection: GrantConnection<unknown>;
  readonly outcome: OutcomeName;
  readonly warden: Warden;
}

const TARGET = 'prod-db';

export async function openFaultWorld(parts: WorldParts, from: Scene): Promise<FaultWorld> {
  const { bench, stores, time } = parts;
  const requester = bench.person.email ?? '';
  const ids = countedIds(from.ids);
  const chat = openFakeChat(time.truth, faultPeople(requester));
  for (const one of from.sent) chat.sent.push(structuredClone(one));
  const catalog = faultCatalog(requester, bench.rawTarget);
  const storeTime = { clock: time.machine, ids };
  let store = await stores.open(from.store, storeTime);
  let signed = from.signed;
  const startOn = (owner: string, on: Store) =>
    startReplica(owner, time.machine, parts.warden, (hook, clock) => toolsFor(owner, on, hook, clock));
  const world: FaultWorld = {
    time,
    chat,
    checkpoints: [...from.checkpoints],
    logged: [],
    errors: [],
    store: () => store,
    delivery: () => ids.next('delivery'),
    start: (owner) => startOn(owner, store),
    async boot(owner) {
      const owed = openOwed(time.machine, () => obligations.now());
      const obligations = openObligations(time.machine, [(stored) => owed.saw(stored)]);
      const replica = startOn(owner, watchStore(store, time.machine, obligations.saw).store);
      const { tools } = replica;
      async function beginIt(): Promise<void> {
        await obligations.refresh(tools.store);
        owed.begin();
        await begin(tools);
        await sweep(tools);
      }
      return { replica, ready: owed.isSent, begin: () => replica.run(beginIt) };
    },
    async rollBack(to) {
      const copy = signed.at(to === 'last head' ? -1 : -2);
      if (!copy) throw new Error('so many heads were not signed yet');
      store = await stores.open(copy, storeTime);
    },
    async scene() {
      const copy = await stores.copy(store);
      return {
        at: time.truth.now(),
        ids: ids.count(),
        store: copy,
        signed,
        checkpoints: [...world.checkpoints],
        sent: structuredClone(chat.sent),
      };
    },
  };
  function toolsFor(owner: string, on: Store, hook: Hook, clock: Tools['clock']): Tools {
    const log = logInto(world);
    const common = { clock, ids, store: on, chat, checkpoints: world.checkpoints, catalog, log, owner, hook };
    const target = liveTarget(parts, owner, hook);
    return {
      ...toolsOf({ ...common, fakes: {} }),
      targets: { of: (name) => (name === TARGET ? target : undefined), all: () => [target] },
      async keepCheckpoint(note) {
        world.checkpoints.push(note);
        signed = [...signed.slice(-1), await stores.copy(store)];
      },
    };
  }
  return world;
}

function liveTarget({ bench, connection, outcome }: WorldParts, owner: string, hook: Hook): LiveTarget {
  const adapter = bench.adapter as GrantAdapter<unknown, unknown>;
  const config = adapter.config.parse(bench.rawConfig);
  // Where looks may be stale the adapter has to say so: without that, no look would prove anything.
  const settleSeconds = outcome === 'stale' ? Math.max(adapter.settleSeconds, STALE_MS / 1000) : adapter.settleSeconds;
  const sessions = adapter.sessionsFor?.(config);
  return {
    name: TARGET,
    adapter: { ...adapter, settleSeconds },
    connection: hooked(connection, { owner, port: 'target', target: TARGET }, hook),
    ...(sessions === undefined ? {} : { sessions }),
    keyOf: (entitlement) => adapter.targetKey(config, entitlement),
  };
}

function logInto(world: FaultWorld): Log {
  const write = (message: string, facts?: unknown): void => {
    world.logged.push(`${message} ${JSON.stringify(facts, plainError) ?? ''}`);
  };
  return {
    debug: write,
    info: write,
    warn: write,
    error(message, facts) {
      write(message, facts);
      world.errors.push(`${message} ${JSON.stringify(facts, plainError) ?? ''}`);
    },
  };
}

function plainError(_key: string, value: unknown): unknown {
  return value instanceof Error ? `${value.name}: ${value.message}` : value;
}

/** The same ids and secrets in every run of a case. */
function countedIds(from: number): Ids & { count(): number } {
  let count = from;
  let random = 1;
  function next(): number {
    count += 1;
    return count;
  }
  return {
    count: () => count,
    next: (prefix) => `${prefix}_${next().toString().padStart(26, '0')}`,
    secret: (bytes) => Buffer.alloc(bytes, next() % 251).toString('base64url'),
    jitter() {
      random = (random * 48_271) % 2_147_483_647;
      return random / 2_147_483_647;
    },
  };
}
