// The rows of a copy on their way: what is changed in them, and the sum by which both ends are compared. Pure but for reading.
import { createHash } from 'node:crypto';
import type { Instant } from '../ports/clock.ts';
import type { CopySide } from './copy-side.ts';
import { type CopyRow, type CopyTable, columnAt } from './copy-tables.ts';

export interface Digest {
  readonly rows: number;
  /** SHA-256 over the rows in the order of their keys, hex. */
  readonly digest: string;
}
export type Change = (table: CopyTable, row: CopyRow) => CopyRow;

export async function digestOf(side: CopySide, table: CopyTable): Promise<Digest> {
  const sum = rollingDigest();
  for await (const batch of side.rows(table)) sum.add(batch);
  return { rows: sum.rows(), digest: sum.hex() };
}

export function rollingDigest() {
  const hash = createHash('sha256');
  let count = 0;
  return {
    add(rows: readonly CopyRow[]): void {
      count += rows.length;
      for (const row of rows) hash.update(`${JSON.stringify(row)}\n`);
    },
    rows: () => count,
    hex: () => hash.digest('hex'),
  };
}

/** Work that somebody held is due again, and no later lease gets a number that was given before. */
export function freed(epoch: number, now: Instant): Change {
  return (table, row) => {
    if (table.name === 'jobs' && row[columnAt(table, 'epoch')] !== null) {
      return withValues(table, row, { epoch: null, due_at: Math.min(Number(row[columnAt(table, 'due_at')]), now) });
    }
    if (table.name === 'counters' && row[columnAt(table, 'name')] === 'epoch') {
      return withValues(table, row, { value: epoch });
    }
    return row;
  };
}

function withValues(table: CopyTable, row: CopyRow, values: Readonly<Record<string, number | null>>): CopyRow {
  return table.columns.map(({ name }, index) => (name in values ? (values[name] ?? null) : (row[index] ?? null)));
}
