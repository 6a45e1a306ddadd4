// A folder for the store files of one test file, gone after it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Scratch {
  readonly path: string;
  /** A path of a file that is not there yet. */
  fresh(): string;
  remove(): void;
}

export function scratchFolder(): Scratch {
  const path = mkdtempSync(join(tmpdir(), 'hallpass-store-'));
  let count = 0;
  return {
    path,
    fresh() {
      count += 1;
      return join(path, `${count}.db`);
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
