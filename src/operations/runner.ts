// The loop around the job runner: sleeps until something is due or somebody pokes, fills free slots, stops in order.
import { setImmediate } from 'node:timers/promises';
import { type Room, roomOf, type Slots, slotsFor } from './pace.ts';
import { startJobs } from './run-jobs.ts';
import type { Tools } from './tools.ts';

/** Even with nothing due it looks again this often: pokes are hints, rows are the truth (law 12). */
const LOOK_AGAIN_MS = 5_000;
/** Not sooner than this, however soon something is due: many things that are due within it are one look. */
const LOOK_SOONEST_MS = 50;

export interface Runner {
  poke(): void;
  /** Resolves when no job is running at that moment. */
  idle(): Promise<void>;
  /** Takes no more jobs, waits for those that run, then resolves. */
  stop(): Promise<void>;
}

export function startRunner(tools: Tools): Runner {
  const slots = slotsFor(tools.targets);
  const running = new Map<Promise<void>, Room>();
  let stopping = false;
  let poked = false;
  let nap = new AbortController();

  function poke(): void {
    poked = true;
    nap.abort('poked'); // the reason spares the error with its stack trace that Node would make at each commit
  }

  /** Takes whatever there is room for; how many that was. */
  async function fill(): Promise<number> {
    const left = leftOf(slots, running.values());
    const room = left.targets + left.pagers + left.chat;
    if (room === 0) return 0;
    const started = await startJobs(tools, room, { rooms: { of: roomOf, left } });
    for (const { queue, ended } of started) {
      const tracked: Promise<void> = ended.finally(() => {
        running.delete(tracked);
        poke();
      });
      running.set(tracked, roomOf(queue));
    }
    return started.length;
  }

  async function loop(): Promise<void> {
    while (!stopping) {
      await setImmediate(); // all that is poked for in one turn is one look
      poked = false;
      nap = new AbortController();
      const started = await fill().catch((error: unknown) => {
        tools.log.error('the job runner could not read the store', { error });
        return 0;
      });
      if (poked || stopping) continue;
      // Whatever was started pokes at its end, most often before anybody could say when else there is something to do.
      await tools.clock.sleep(started > 0 ? LOOK_SOONEST_MS : await pause(tools), nap.signal);
    }
  }

  async function idle(): Promise<void> {
    while (running.size > 0) await Promise.all(running.keys());
  }

  const looping = loop();
  return {
    poke,
    idle,
    async stop() {
      stopping = true;
      poke();
      await looping;
      await idle();
    },
  };
}

function leftOf(slots: Slots, running: Iterable<Room>): Slots {
  const left = { ...slots };
  for (const room of running) left[room] -= 1;
  return left;
}

async function pause(tools: Tools): Promise<number> {
  try {
    const next = await tools.store.nextDueAt();
    const now = await tools.store.now();
    return next === undefined ? LOOK_AGAIN_MS : Math.min(LOOK_AGAIN_MS, Math.max(next - now, LOOK_SOONEST_MS));
  } catch {
    return LOOK_AGAIN_MS;
  }
}
