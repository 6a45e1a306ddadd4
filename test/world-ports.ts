// The ports of the world of the tests, each behind a hook: a test sees every call before and after it happens, may refuse
// it, delay it, or end the world at it.
import type { Catalog } from '../src/core/catalog.ts';
import { signCheckpoint, verifyCheckpoint } from '../src/core/ledger/checkpoint.ts';
import { parseSigner } from '../src/core/ledger/note-key.ts';
import type { SignedHead, Tools } from '../src/operations/tools.ts';
import type { ChatPlatform } from '../src/ports/chat-platform.ts';
import type { Clock, Ids } from '../src/ports/clock.ts';
import type { GrantAdapter, GrantConnection, Owned } from '../src/ports/grant-adapter.ts';
import type { Log } from '../src/ports/log.ts';
import { quietMeter } from '../src/ports/meter.ts';
import type { Pager } from '../src/ports/pager.ts';
import type { Store } from '../src/ports/store.ts';
import type { LiveTarget } from '../src/ports/targets.ts';
import { noTrace } from '../src/ports/trace.ts';
import type { FakeAdapter } from './fakes/fake-adapter.ts';

export const quietLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

export interface PortCall {
  /** The program that makes it: one that was restarted is dead, and its calls must not land. */
  readonly owner: string;
  readonly port: 'store' | 'chat' | 'target';
  /** Which target, where it is one. */
  readonly target?: string;
  readonly method: string;
  readonly args: readonly unknown[];
}
/** Answers the call, or has it answered by `proceed`. */
export type Hook = (call: PortCall, proceed: () => Promise<unknown>) => Promise<unknown>;

export function countingIds(): Ids {
  let count = 0;
  let random = 1;
  function counted(): number {
    count += 1;
    return count;
  }
  return {
    next: (prefix) => `${prefix}_${counted().toString().padStart(26, '0')}`,
    secret: (bytes) => Buffer.alloc(bytes, counted() % 251).toString('base64url'),
    jitter() {
      // Park and Miller's generator: the same numbers in every run.
      random = (random * 48_271) % 2_147_483_647;
      return random / 2_147_483_647;
    },
  };
}

/** A key of the tests alone. */
const SIGNER = parseSigner(
  '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n-----END PRIVATE KEY-----\n',
  'hallpass/test',
);
export const VKEY = SIGNER.vkey;

export function signOf({ size, rootHex }: { readonly size: number; readonly rootHex: string }): string {
  return signCheckpoint({ origin: SIGNER.name, size, root: rootHex }, SIGNER);
}

function readOf(note: string): SignedHead | undefined {
  const verdict = verifyCheckpoint(note, VKEY);
  return verdict.kind === 'good' ? { size: verdict.checkpoint.size, rootHex: verdict.checkpoint.root } : undefined;
}

export interface Parts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly store: Store;
  readonly fakes: { readonly [target: string]: FakeAdapter };
  readonly chat: ChatPlatform;
  readonly pagers?: readonly Pager[];
  readonly checkpoints: string[];
  readonly catalog: Catalog;
  readonly log: Log;
  readonly owner: string;
  readonly hook: Hook;
}

export function toolsOf(parts: Parts): Tools {
  const { clock, ids, store, chat, checkpoints, catalog, log, owner, hook } = parts;
  const live = new Map(Object.entries(parts.fakes).map(([name, fake]) => [name, liveTarget(parts, name, fake)]));
  return {
    store: hooked(store, { owner, port: 'store' }, hook),
    clock,
    ids,
    log,
    catalog,
    targets: { of: (name) => live.get(name), all: () => [...live.values()] },
    chats: { slack: hooked(chat, { owner, port: 'chat' }, hook) },
    pagers: parts.pagers ?? [],
    signer: { sign: signOf, read: readOf },
    meter: quietMeter,
    trace: noTrace,
    keepCheckpoint: async (note) => void checkpoints.push(note),
    seenCheckpoints: async () => checkpoints,
    owner,
    poke() {},
  };
}

function liveTarget({ clock, store, owner, hook }: Parts, name: string, fake: FakeAdapter): LiveTarget {
  const adapter = fake.adapter as unknown as GrantAdapter<unknown, unknown>;
  const config = adapter.config.parse({});
  const tools = { fetch: globalThis.fetch, clock, log: quietLog, deploymentId: store.deploymentId };
  const from = { owner, port: 'target', target: name } as const;
  const connection = hooked(adapter.connect(config, tools) as GrantConnection<unknown>, from, hook);
  return { name, adapter, connection, keyOf: (entitlement) => adapter.targetKey(config, entitlement) };
}

/** Not calls that leave the house. */
const ANSWERED_AT_ONCE = new Set(['skewMs', 'onNews']);

export function hooked<T extends object>(port: T, from: Omit<PortCall, 'method' | 'args'>, hook: Hook): T {
  return new Proxy(port, {
    get(of, key) {
      const value = Reflect.get(of, key) as unknown;
      if (typeof value !== 'function' || typeof key !== 'string') return value;
      if (ANSWERED_AT_ONCE.has(key)) return value.bind(of);
      if (key === 'owned') return (...args: unknown[]) => listed(of, value as ListOwned, from, args, hook);
      return (...args: unknown[]) =>
        hook({ ...from, method: key, args }, () => Reflect.apply(value, of, args) as Promise<unknown>);
    },
  });
}

type ListOwned = (...args: unknown[]) => AsyncIterable<Owned>;

/** A list is a call too, made when it is begun. */
async function* listed(
  of: object,
  list: ListOwned,
  from: Omit<PortCall, 'method' | 'args'>,
  args: readonly unknown[],
  hook: Hook,
): AsyncGenerator<Owned> {
  const items = await hook({ ...from, method: 'owned', args }, async () => Reflect.apply(list, of, args));
  yield* items as AsyncIterable<Owned>;
}
