// The parts of the file that adapters understand: each target's settings and each role's grant, read by the schema of the
// target's adapter, with $NAME replaced from the environment before.
import { canonicalize } from '../core/ledger/canonical.ts';
import type { JsonObject } from '../core/model.ts';
import type { Secret } from '../lib/secret.ts';
import type { GrantAdapter } from '../ports/grant-adapter.ts';
import { TARGET_KEYS } from './file-schema.ts';
import { entriesOf, type Finding, valueAt, wrong } from './finding.ts';
import { readBlock, readFilled } from './read-block.ts';
import type { Surroundings } from './secrets.ts';

/** A target as its adapter read it. */
export interface TargetSettings {
  readonly name: string;
  /** The adapter's kind. */
  readonly adapter: string;
  /** What the adapter's `config` schema made of the block; to be handed to its `connect`. */
  readonly config: unknown;
}

export interface AdapterBlocks {
  readonly targets: readonly TargetSettings[];
  /** Role name to what is granted, as plain JSON. */
  readonly entitlements: ReadonlyMap<string, JsonObject>;
  readonly secrets: readonly Secret[];
  readonly findings: readonly Finding[];
}

/** Reads what can be read; blocks whose adapter is not known are left to the file's schema to complain about. */
export function readAdapterBlocks(file: unknown, adapters: readonly GrantAdapter[], from: Surroundings): AdapterBlocks {
  const known = new Map(adapters.map((adapter) => [adapter.kind, adapter]));
  const targets = entriesOf(valueAt(file, ['targets'])).flatMap(([name, block]) => {
    const adapter = known.get(String(valueAt(block, ['adapter'])));
    return adapter === undefined ? [] : [readTarget(name, block, adapter, from)];
  });
  const grants = entriesOf(valueAt(file, ['roles'])).flatMap(([name, role]) => {
    const kind = valueAt(file, ['targets', String(valueAt(role, ['target'])), 'adapter']);
    const adapter = known.get(String(kind));
    const grant = valueAt(role, ['grant']);
    return adapter === undefined || grant === undefined ? [] : [readGrant(name, grant, adapter)];
  });
  return {
    targets: targets.flatMap(({ settings }) => settings ?? []),
    entitlements: new Map(grants.flatMap(({ name, entitlement }) => (entitlement ? [[name, entitlement]] : []))),
    secrets: targets.flatMap(({ secrets }) => secrets),
    findings: [...targets, ...grants].flatMap(({ findings }) => findings),
  };
}

function readTarget(name: string, block: unknown, adapter: GrantAdapter, from: Surroundings) {
  const { read, secrets, findings } = readFilled(adapter.config, block, ['targets', name], TARGET_KEYS, from);
  return { settings: read && { name, adapter: adapter.kind, config: read.data }, secrets, findings };
}

function readGrant(name: string, grant: unknown, adapter: GrantAdapter) {
  const at = ['roles', name, 'grant'];
  const read = readBlock(adapter.target, grant, grant, at);
  if (!('data' in read)) return { name, findings: read.findings };
  const entitlement = asJson(read.data);
  if (entitlement !== undefined) return { name, entitlement, findings: [] };
  const says = `the adapter ${adapter.kind} made something of this block that cannot be kept`;
  return { name, findings: [wrong(at, says, 'This is a mistake in the adapter: report it to its author.', 'key')] };
}

/** A copy that is nothing but JSON, or nothing. */
function asJson(value: unknown): JsonObject | undefined {
  try {
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (JSON.parse(canonicalize(value)) as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}
