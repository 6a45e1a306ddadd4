// What a case of the adapter contract works with, and the few moves that many cases make.
import { inspect } from 'node:util';
import { expect } from 'vitest';
import type { JsonObject, Principal } from '../../src/core/model.ts';
import type { Instant } from '../../src/ports/clock.ts';
import {
  type AdapterError,
  type AdapterTools,
  AdapterError as Fault,
  type GrantAdapter,
  type GrantConnection,
  type Granted,
  type GrantOrder,
  type PersonFacts,
  type RevokeOrder,
} from '../../src/ports/grant-adapter.ts';

export interface AdapterBench<Config, Target> {
  readonly adapter: GrantAdapter<Config, Target>;
  readonly tools: AdapterTools;
  /** The `targets.<name>` block, as the configuration file would have it. */
  readonly rawConfig: JsonObject;
  /** Two different roles in the same target. */
  readonly rawTarget: JsonObject;
  readonly rawOtherTarget: JsonObject;
  /** Well-formed, and not there. */
  readonly rawMissingTarget: JsonObject;
  /** Two people who are known in the target, and one whom the target does not know. */
  readonly person: PersonFacts;
  readonly otherPerson: PersonFacts;
  readonly stranger: PersonFacts;
  readonly world: BenchWorld<Target>;
  readonly broken: {
    /** Nobody answers there. */
    readonly deadServer: JsonObject;
    /** Somebody takes the connection and never says a word. */
    readonly silentServer?: SilentServer;
    readonly wrongCredentials: JsonObject;
    /** What the message of wrong credentials must say to help. */
    readonly credentialsRemedy: RegExp;
    /** Credentials that work and do not suffice, and what the doctor must say of them. */
    readonly tooFewRights?: { readonly rawConfig: JsonObject; readonly remedy: RegExp };
  };
  /** A `grant` block made with a hostile name, for the injection corpus. */
  hostileTarget(name: string): JsonObject;
  /** Wait until a read-back shows the truth. */
  settle(): Promise<void>;
  /** Where time can be moved: needed for adapters that say `expiresItself`. */
  advance?(ms: number): Promise<void>;
  /** Every secret of this bench. None may be seen in an error, a receipt or the log. */
  readonly canaries: readonly string[];
  /** Everything that went to the log. */
  logged(): string;
  close(): Promise<void>;
}

export interface SilentServer {
  readonly rawConfig: JsonObject;
  /** Resolves when somebody has called since the last time this was asked. */
  contacted(): Promise<void>;
}

/** The target as an administrator sees it, past the adapter. */
interface BenchWorld<Target> {
  has(principal: Principal, target: Target): Promise<boolean>;
  /** Give and take as an administrator would, without our mark. */
  give(principal: Principal, target: Target): Promise<void>;
  take(principal: Principal, target: Target): Promise<void>;
  /** From now on the entitlement gives more than before. */
  strengthen(target: Target): Promise<void>;
  /** Everything there that an adapter might wrongly change, as one text to compare. */
  picture(): Promise<string>;
  /** A live session of the principal that makes use of the target. */
  openSession?(principal: Principal, target: Target): Promise<{ alive(): Promise<boolean> }>;
}

/** A bench with everything parsed and connected. */
export interface Ready<Config, Target> {
  readonly config: Config;
  readonly target: Target;
  readonly otherTarget: Target;
  readonly missingTarget: Target;
  readonly connection: GrantConnection<Target>;
}

export const HOUR_MS = 3_600_000;

export function never(): AbortSignal {
  return new AbortController().signal;
}

/** Run `work` on the connected bench and let go of the connection after. */
export async function connected<Config, Target>(
  bench: AdapterBench<Config, Target>,
  work: (ready: Ready<Config, Target>) => Promise<void>,
  rawConfig: JsonObject = bench.rawConfig,
): Promise<void> {
  const { adapter, tools } = bench;
  const config = adapter.config.parse(rawConfig);
  const connection = adapter.connect(config, tools);
  const target = adapter.target.parse(bench.rawTarget);
  const otherTarget = adapter.target.parse(bench.rawOtherTarget);
  const missingTarget = adapter.target.parse(bench.rawMissingTarget);
  try {
    await work({ config, target, otherTarget, missingTarget, connection });
  } finally {
    await connection.close?.();
  }
}

export function orderOf<Config, Target>(
  bench: AdapterBench<Config, Target>,
  principal: Principal,
  target: Target,
  grantId = 'grt_contract_1',
): GrantOrder<Target> & { readonly expiresAt: Instant } {
  return { grantId, principal, target, expiresAt: bench.tools.clock.now() + HOUR_MS };
}

/** Grant to the end, through as many polls as it takes; answers what the core would keep, through JSON as the store does it. */
export async function grantFully<Target>(
  connection: GrantConnection<Target>,
  order: GrantOrder<Target>,
): Promise<{ readonly granted: Granted; readonly order: RevokeOrder<Target> }> {
  let answer = await connection.grant(order, never());
  for (let polls = 0; 'accepted' in answer && polls < 20; polls += 1) {
    if (connection.poll === undefined) throw new Error('`grant` answered `accepted` and there is no `poll`.');
    answer = await connection.poll(throughJson(answer.accepted), order, never());
  }
  if ('accepted' in answer) throw new Error('Still `accepted` after 20 polls.');
  return { granted: answer, order: { ...order, receipt: throughJson(answer.receipt) } };
}

export function throughJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}

export async function listOf<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The AdapterError that `work` ends with; anything else fails the case. */
export async function faultFrom(work: Promise<unknown>): Promise<AdapterError> {
  const caught = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(caught, 'ends with an AdapterError and nothing else').toBeInstanceOf(Fault);
  return caught as AdapterError;
}

/** Everything a logger could print of it, hidden fields and causes included. */
export function everythingIn(value: unknown): string {
  const stack = value instanceof Error ? `${value.stack ?? ''}` : '';
  return `${inspect(value, { depth: 12, showHidden: true, maxStringLength: null })}\n${stack}`;
}
