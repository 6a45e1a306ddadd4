// The store as operations see it: commits are traced, the lag of each end is counted when it is written, and whether this
// process can write is known. Changes nothing about a call.
import type { DomainEvent } from '../core/events.ts';
import type { Meter } from '../ports/meter.ts';
import type { Commit, Store } from '../ports/store.ts';
import type { Trace } from '../ports/trace.ts';

export interface MeasuredStore {
  readonly store: Store;
  /** False from a write that failed until one succeeds. */
  readonly writable: () => boolean;
}

export function measuredStore(store: Store, meter: Meter, trace: Trace): MeasuredStore {
  let isWritable = true;

  async function writing<T>(work: () => Promise<T>, isProof: (result: T) => boolean): Promise<T> {
    try {
      const result = await work();
      if (isProof(result)) isWritable = true;
      return result;
    } catch (error) {
      isWritable = false;
      throw error;
    }
  }
  const measured: Store = {
    ...store,
    commit: (change: Commit) =>
      trace.span(
        'store commit',
        { events: change.events?.length ?? 0, jobs: change.jobs?.length ?? 0 },
        async (note) => {
          const result = await writing(
            () => store.commit(change),
            ({ kind }) => kind === 'done',
          );
          note({ outcome: result.kind });
          if (result.kind === 'done') countEnds(change, meter);
          return result;
        },
      ),
    beat: () =>
      writing(
        () => store.beat(),
        (isWritten) => isWritten,
      ),
  };
  return { store: measured, writable: () => isWritable };
}

function countEnds({ events = [], writes = [] }: Commit, meter: Meter): void {
  for (const { event } of events) {
    if (!isEnd(event)) continue;
    const row = writes.find(({ kind, row: { id } }) => kind === 'grant' && id === event.subject.grant)?.row;
    if (row && 'offer' in row) meter.revoked(row.offer.target, event.data.lagSeconds);
  }
}

function isEnd(event: DomainEvent): event is Extract<DomainEvent, { type: 'grant.revoked' }> {
  return event.type === 'grant.revoked';
}
