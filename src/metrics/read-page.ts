// Reads a page of figures of Hallpass from outside, for the watchdog. Knows the names in figure-gauges.ts and nothing else.

export interface PageFigures {
  readonly lastSweepSeconds: number;
  readonly oldestOverdueSeconds: number;
  readonly oldestUntoldSeconds: number;
  readonly oldestUnsignedSeconds: number;
  readonly lastCheckpointSeconds: number;
  readonly leaves: number;
}

/** `undefined`: the page is not one of Hallpass, or the replica cannot read its store. Never throws. */
export function readPage(page: string): PageFigures | undefined {
  const values = new Map(
    [...page.matchAll(/^(hallpass_[a-z_]+) (\S+)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  if (values.get('hallpass_store_up') !== '1') return undefined;
  const figures = {
    lastSweepSeconds: numberOf(values.get('hallpass_last_sweep_age_seconds')),
    oldestOverdueSeconds: numberOf(values.get('hallpass_oldest_overdue_seconds')),
    oldestUntoldSeconds: numberOf(values.get('hallpass_oldest_untold_leaf_seconds')),
    oldestUnsignedSeconds: numberOf(values.get('hallpass_oldest_unsigned_leaf_seconds')),
    lastCheckpointSeconds: numberOf(values.get('hallpass_last_checkpoint_age_seconds')),
    leaves: numberOf(values.get('hallpass_ledger_leaves')),
  };
  // A figure that is missing was renamed, or cut off: then this page proves nothing.
  return Object.values(figures).some(Number.isNaN) ? undefined : figures;
}

function numberOf(text: string | undefined): number {
  if (text === undefined || text === '') return Number.NaN;
  return text === '+Inf' ? Number.POSITIVE_INFINITY : Number(text);
}
