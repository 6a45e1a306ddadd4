// What the store throws when the database cannot do its part. Every message names the remedy; `code` is for programs.

export type StoreFault =
  | 'bad_url'
  | 'unsupported'
  /** Another process works on the file. */
  | 'in_use'
  /** Another connection kept the write lock longer than we wait. */
  | 'busy'
  | 'full'
  | 'io'
  /** The server cannot be reached, or ended the connection: nothing was changed. */
  | 'unreachable'
  /** The server does not let us in, or not do this. */
  | 'denied'
  /**
   * The connection was lost during a commit: it may be done or not. Never repeated by the store. Whoever asked loads what it
   * was to change and decides again: versions, claims by their owner and held jobs make a second time harmless.
   */
  | 'unknown_outcome'
  | 'damaged'
  | 'read_only'
  /** Read-only opening of a file that was never migrated, or by an older program. */
  | 'outdated'
  /** A newer program has changed its tables in a way that this one does not know. */
  | 'newer'
  /** It was copied to another store, which is worked on since. */
  | 'moved'
  /** There is something where there must be nothing, or the reverse. */
  | 'not_empty'
  | 'nothing_there'
  | 'closed'
  /** The database would not take what it was given: a mistake of ours. */
  | 'refused';

export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreFault;
  constructor(code: StoreFault, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}

/** A program that is older than the tables would misread rows and could not end what the newer one gave. */
export function madeByNewer(where: string): StoreError {
  return new StoreError(
    'newer',
    `${where} was brought up to date by a newer version of Hallpass, and this one does not know its tables. Start the newer version again: it goes on where it stopped. To go back for good, restore the backup from before the upgrade: hallpass store restore <file> (docs/backup.md).`,
  );
}

export function closed(): StoreError {
  return new StoreError('closed', 'The store was closed: open it again.');
}
