// The commit that benchmarks make: one event, one job and one claim, which is what storing a click and its outcome costs.
import { systemClock, systemIds } from '../src/lib/system-clock.ts';
import type { Commit } from '../src/ports/store.ts';

/** `name` is unique in the store. */
export function commitOf(name: string): Commit {
  const at = systemClock.now();
  const actor = { person: 'hallpass', kind: 'system', via: 'bench' } as const;
  const data = { code: 'bench', count: 1 };
  return {
    claims: [{ key: `delivery:${name}`, owner: `job_${name}`, until: at + 600_000 }],
    events: [{ event: { type: 'ingress.refused', at, actor, subject: {}, data }, salt: systemIds.secret(24) }],
    jobs: [
      {
        ...{ id: systemIds.next('job'), kind: 'judge', subject: `request:${name}`, queue: 'judge', lane: 2 },
        ...{ dueAt: at, payload: { name }, ordered: true },
      },
    ],
  };
}
