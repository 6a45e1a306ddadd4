// What one change has read so far: each row once, with the version that guards it in the commit. Whatever a decision
// relied on must still be so when it is written, whether it was changed or only looked at.
import type { Commit, Stored, Write } from '../ports/store.ts';

export type RowKind = 'request' | 'grant' | 'surface';
type RowOf<Kind extends RowKind> = Extract<Write, { kind: Kind }>['row'];

export interface DraftRow<T> {
  readonly id: string;
  /** As it was read; `undefined`: it was not there, and must not be when the change is written. */
  readonly before: T | undefined;
  readonly version: number;
  row: T | undefined;
  touched: boolean;
}

export interface DraftRows<T> {
  read(id: string): Promise<DraftRow<T>>;
  changed(): readonly DraftRow<T>[];
  writes(): readonly Write[];
  guards(): NonNullable<Commit['unchanged']>;
}

export function draftRows<Kind extends RowKind>(
  kind: Kind,
  load: (id: string) => Promise<Stored<RowOf<Kind>> | undefined>,
): DraftRows<RowOf<Kind>> {
  const rows = new Map<string, DraftRow<RowOf<Kind>>>();
  const changed = () => [...rows.values()].filter((row) => row.touched);
  return {
    async read(id) {
      const known = rows.get(id);
      if (known) return known;
      const stored = await load(id);
      const row = { id, before: stored?.row, version: stored?.version ?? 0, row: stored?.row, touched: false };
      // Two readers at once share what came first, or one would write what the other never saw.
      const first = rows.get(id) ?? row;
      rows.set(id, first);
      return first;
    },
    changed,
    writes: () => changed().flatMap(({ row, version }) => (row ? [{ kind, row, version } as Write] : [])),
    guards: () => [...rows.values()].flatMap(({ id, version, touched }) => (touched ? [] : [{ kind, id, version }])),
  };
}
