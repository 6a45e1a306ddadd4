// Lines on their way into the spool: in their order, and kept in memory while the disk takes none.
import type { Log } from '../ports/log.ts';
import type { Spool, SpooledEnd } from '../ports/spool.ts';

export interface SpoolQueue {
  /** Resolves when it is on the disk, or cannot be put there for now. Never throws. */
  add(end: SpooledEnd): Promise<void>;
  /** Tries again. Never throws. */
  flush(): Promise<void>;
  /** Everything that is not in the log yet: of the spool, and what it could not take. Throws what the disk says. */
  ends(): Promise<readonly SpooledEnd[]>;
  /** These are in the log. Throws what the disk says. */
  drop(ends: readonly SpooledEnd[]): Promise<void>;
}

interface State {
  readonly spool: Spool;
  readonly log: Log;
  readonly waiting: SpooledEnd[];
  writing: Promise<void> | undefined;
}

export function openSpoolQueue(spool: Spool, log: Log): SpoolQueue {
  const state: State = { spool, log, waiting: [], writing: undefined };
  return {
    add(end) {
      state.waiting.push(end);
      return flush(state);
    },
    flush: () => flush(state),
    async ends() {
      const written = await spool.ends();
      const ids = new Set(written.map(({ id }) => id));
      return [...written, ...state.waiting.filter(({ id }) => !ids.has(id))];
    },
    async drop(ends) {
      if (ends.length === 0) return;
      const ids = new Set(ends.map(({ id }) => id));
      await spool.drop(ids);
      state.waiting.splice(0, state.waiting.length, ...state.waiting.filter(({ id }) => !ids.has(id)));
    },
  };
}

function flush(state: State): Promise<void> {
  state.writing ??= writeAll(state).finally(() => {
    state.writing = undefined;
  });
  return state.writing;
}

async function writeAll({ spool, log, waiting }: State): Promise<void> {
  for (let end = waiting[0]; end; end = waiting[0]) {
    try {
      await spool.append(end);
    } catch (error) {
      log.error('what was done cannot be written into the spool and is kept in memory', { error });
      return;
    }
    if (waiting[0] === end) waiting.shift();
  }
}
