// Configured pagers, opened through their kinds. Nothing is called yet.
import type { Pager, PagerKind, PagerTools } from '../ports/pager.ts';

/** An entry of `alarms` as the configuration has it; `config` is what the kind's own schema made of it. */
export interface PagerBlock {
  readonly name: string;
  readonly pager: string;
  readonly config: unknown;
}

export function openPagers(
  blocks: readonly PagerBlock[],
  kinds: readonly PagerKind[],
  tools: PagerTools,
): readonly Pager[] {
  return blocks.map(({ name, pager, config }) => {
    const kind = kinds.find((candidate) => candidate.kind === pager);
    if (!kind) throw new Error(`alarms: there is no pager ${pager}`);
    return kind.open(name, config, tools);
  });
}
