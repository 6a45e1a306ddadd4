// Configured targets, connected through their adapters. Nothing is called yet: connections open when they are used.
import { type AdapterTools, AT_ONCE, type GrantAdapter } from '../ports/grant-adapter.ts';
import type { LiveTarget, Targets } from '../ports/targets.ts';

/** A target as the configuration has it; `config` is what the adapter's own schema made of its block. */
export interface TargetBlock {
  readonly name: string;
  readonly adapter: string;
  readonly config: unknown;
}

export interface ConnectedTargets extends Targets {
  close(): Promise<void>;
}

export function connectTargets(
  blocks: readonly TargetBlock[],
  adapters: readonly GrantAdapter[],
  tools: AdapterTools,
): ConnectedTargets {
  const live = new Map(blocks.map((block) => [block.name, connect(block, adapters, tools)]));
  return {
    of: (name) => live.get(name),
    all: () => [...live.values()],
    async close() {
      await Promise.all([...live.values()].map((target) => target.connection.close?.()));
    },
  };
}

function connect(block: TargetBlock, adapters: readonly GrantAdapter[], tools: AdapterTools): LiveTarget {
  const adapter = adapters.find((candidate) => candidate.kind === block.adapter);
  if (!adapter) throw new Error(`target ${block.name}: there is no adapter ${block.adapter}`);
  return {
    name: block.name,
    adapter,
    connection: adapter.connect(block.config, tools),
    atOnce: adapter.atOnceFor?.(block.config) ?? AT_ONCE,
    sessions: adapter.sessionsFor?.(block.config) ?? adapter.sessions,
    keyOf: (entitlement) => adapter.targetKey(block.config, entitlement),
  };
}
