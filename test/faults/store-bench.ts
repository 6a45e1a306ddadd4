// Stores for the matrix: opened, copied at a moment, and put back to it. One for each engine.
import Sqlite from 'better-sqlite3';
import type { Clock, Ids } from '../../src/ports/clock.ts';
import type { Store } from '../../src/ports/store.ts';
import { sqliteDriver } from '../../src/store/sqlite.ts';
import { openFile } from '../../src/store/sqlite-file.ts';
import { makeStore } from '../../src/store/store.ts';
import { quietLog } from '../world-ports.ts';

export interface StoreTime {
  readonly clock: Clock;
  readonly ids: Ids;
}
/** A store as it was at some moment. */
export interface StoreCopy {
  readonly of: string;
}
export interface StoreBench {
  readonly name: 'sqlite' | 'postgres';
  readonly deploymentId: string;
  /** A store of which nobody has heard yet. */
  empty(): Promise<StoreCopy>;
  copy(store: Store): Promise<StoreCopy>;
  /** The store as it was then. The one that was opened before is closed. */
  open(copy: StoreCopy, time: StoreTime): Promise<Store>;
  /** Everything that is in it, to search for what must not be. */
  bytes(store: Store): Promise<Buffer>;
  close(): Promise<void>;
}

interface SqliteCopy extends StoreCopy {
  readonly file: Buffer;
}

const DEPLOYMENT = 'dep_faults';

/** In memory; a copy is the whole file as it would be on disk. */
export function sqliteBench(): StoreBench {
  let open: { readonly db: Sqlite.Database; readonly store: Store } | undefined;
  function bytes(): Buffer {
    if (!open) throw new Error('no store is open');
    return open.db.serialize();
  }
  return {
    name: 'sqlite',
    deploymentId: DEPLOYMENT,
    async empty(): Promise<SqliteCopy> {
      const { db } = openFile(':memory:', quietLog);
      const file = db.serialize();
      db.close();
      return { of: 'sqlite', file };
    },
    copy: async (): Promise<SqliteCopy> => ({ of: 'sqlite', file: bytes() }),
    async open(copy, { clock, ids }) {
      await open?.store.close();
      const db = new Sqlite((copy as SqliteCopy).file);
      db.pragma('foreign_keys = ON');
      const driver = sqliteDriver(db, ':memory:', { clock, ids, log: quietLog }, () => {});
      open = { db, store: makeStore(driver, DEPLOYMENT) };
      return open.store;
    },
    bytes: async () => bytes(),
    close: async () => open?.store.close(),
  };
}
