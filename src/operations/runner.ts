// The loop around the job runner: sleeps until something is due or somebody pokes, fills free slots, stops in order.
import { JOBS_AT_ONCE, startJobs } from './run-jobs.ts';
import type { Tools } from './tools.ts';

/** Even with nothing due it looks again this often: pokes are hints, rows are the truth (law 12). */
const LOOK_AGAIN_MS = 5_000;

export interface Runner {
  poke(): void;
  /** Takes no more jobs, waits for those that run, then resolves. */
  stop(): Promise<void>;
}

export function startRunner(tools: Tools): Runner {
  const running = new Set<Promise<void>>();
  let stopping = false;
  let poked = false;
  let nap = new AbortController();

  function poke(): void {
    poked = true;
    nap.abort();
  }

  async function fill(): Promise<boolean> {
    const room = JOBS_AT_ONCE - running.size;
    if (room <= 0) return false;
    const started = await startJobs(tools, room);
    for (const job of started) {
      const tracked: Promise<void> = job.finally(() => {
        running.delete(tracked);
        poke();
      });
      running.add(tracked);
    }
    return started.length > 0;
  }

  async function loop(): Promise<void> {
    while (!stopping) {
      poked = false;
      nap = new AbortController();
      const busy = await fill().catch((error: unknown) => {
        tools.log.error('the job runner could not read the store', { error });
        return false;
      });
      if (busy || poked || stopping) continue;
      await tools.clock.sleep(await pause(tools), nap.signal);
    }
  }

  const looping = loop();
  return {
    poke,
    async stop() {
      stopping = true;
      poke();
      await looping;
      await Promise.all(running);
    },
  };
}

async function pause(tools: Tools): Promise<number> {
  try {
    const next = await tools.store.nextDueAt();
    const now = await tools.store.now();
    return next === undefined ? LOOK_AGAIN_MS : Math.min(LOOK_AGAIN_MS, Math.max(next - now, 50));
  } catch {
    return LOOK_AGAIN_MS;
  }
}
