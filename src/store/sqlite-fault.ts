// What SQLite's errors mean for whoever runs the store, each with its remedy.
import Sqlite from 'better-sqlite3';
import { StoreError } from './store-error.ts';

/** A StoreError for what the database threw; anything else is a mistake of ours and comes back as it is. */
export function sqliteFault(error: unknown, file: string): unknown {
  if (!(error instanceof Sqlite.SqliteError)) return error;
  const { code, message } = described(error.code, file);
  return new StoreError(code, `${message} (${error.code}: ${error.message})`, { cause: error });
}

export function isBusy(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

/** https://www.sqlite.org/rescode.html: the extended codes begin with the primary ones. */
function described(code: string, file: string): Pick<StoreError, 'code' | 'message'> {
  if (code === 'SQLITE_FULL') {
    return { code: 'full', message: `No room to write ${file}. Free space on its disk; nothing was changed.` };
  }
  if (code.startsWith('SQLITE_IOERR') || code.startsWith('SQLITE_CANTOPEN')) {
    return {
      code: 'io',
      message: `Cannot read or write ${file}. Check its disk and permissions; nothing was changed.`,
    };
  }
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB')) {
    return { code: 'damaged', message: `${file} is damaged. Stop, keep the file, and restore the last backup.` };
  }
  if (code.startsWith('SQLITE_READONLY')) {
    return { code: 'read_only', message: `${file} is open for reading only, or its folder cannot be written to.` };
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return { code: 'busy', message: `Something else keeps ${file} locked. End the program that writes to it.` };
  }
  return { code: 'refused', message: `${file} would not take what it was given. Report this as a bug.` };
}
