// Files and folders that only our own user may look into. Never touches what is there already.
import { closeSync, mkdirSync, openSync } from 'node:fs';

export function createPrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}

/**
 * Made before SQLite opens it, and SQLite gives its side files (-wal, -shm) the same mode. A file that is there is not even
 * opened: closing it again would drop every lock that this process has on it (POSIX).
 */
export function createPrivateFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (!isThere(error)) throw error;
  }
}

function isThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}
