// How a running Hallpass stands, for the person at the command line. Reads only; names no person.
import { z } from 'zod';
import { EVERYWHERE, reasonOn } from '../operations/hold.ts';
import type { Tools } from '../operations/tools.ts';

export const ControlStatus = z.object({
  version: z.string(),
  pid: z.int(),
  /** When this process began. */
  since: z.int(),
  ready: z.boolean(),
  chat: z.boolean(),
  /** `writable`, or since when it is not, or why it cannot be read. */
  store: z.object({ writable: z.boolean(), unwritableSince: z.int().optional() }),
  /** Absent while the store cannot be read. */
  passes: z.object({ live: z.int(), overdue: z.int() }).optional(),
  /** Targets (`*`: all) where nothing new is given for now, and why. */
  held: z.array(z.object({ target: z.string(), why: z.string() })).optional(),
});
export type ControlStatus = z.infer<typeof ControlStatus>;

export interface Standing {
  readonly version: string;
  readonly since: number;
  readonly ready: () => boolean;
  readonly chat: () => boolean;
  readonly troubleSince: () => number | undefined;
}

export function statusOf(tools: Tools, standing: Standing): () => Promise<ControlStatus> {
  return async () => {
    const unwritableSince = standing.troubleSince();
    const writable = unwritableSince === undefined;
    return {
      version: standing.version,
      pid: process.pid,
      since: standing.since,
      ready: standing.ready(),
      chat: standing.chat(),
      store: writable ? { writable } : { writable, unwritableSince },
      ...(await fromStore(tools).catch(() => ({}))),
    };
  };
}

async function fromStore(tools: Tools): Promise<Pick<ControlStatus, 'passes' | 'held'>> {
  const { grants, late } = await tools.store.figures();
  const live = grants.reduce((sum, { count }) => sum + count, 0);
  const names = [EVERYWHERE, ...tools.targets.all().map(({ name }) => name)];
  const held = await Promise.all(names.map(async (target) => ({ target, why: await reasonOn(tools, target) })));
  return {
    passes: { live, overdue: late.alarms },
    held: held.flatMap(({ target, why }) => (why === undefined ? [] : [{ target, why }])),
  };
}
