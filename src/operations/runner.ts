// The loop around the job runner: sleeps until something is due or somebody pokes, fills free slots, stops in order.
import type { Pace } from '../ports/store.ts';
import { paceOf } from './jobs.ts';
import { startJobs } from './run-jobs.ts';
import type { Tools } from './tools.ts';

const JOBS_AT_ONCE = 48;
/**
 * Of these, jobs that may wait for a chat platform: were it to hang, they could take every slot, and a revocation would wait
 * for a message (product promise 7). The rest is for targets and pagers, 4 for each at most.
 */
const CHAT_AT_ONCE = 16;
/** Even with nothing due it looks again this often: pokes are hints, rows are the truth (law 12). */
const LOOK_AGAIN_MS = 5_000;

export interface Runner {
  poke(): void;
  /** Resolves when no job is running at that moment. */
  idle(): Promise<void>;
  /** Takes no more jobs, waits for those that run, then resolves. */
  stop(): Promise<void>;
}

export function startRunner(tools: Tools): Runner {
  const running = new Set<Promise<void>>();
  let inChat = 0;
  let stopping = false;
  let poked = false;
  let nap = new AbortController();

  function poke(): void {
    poked = true;
    nap.abort('poked'); // the reason spares the error with its stack trace that Node would make at each commit
  }

  async function fill(): Promise<boolean> {
    const room = JOBS_AT_ONCE - running.size;
    if (room <= 0) return false;
    const chatRoom = CHAT_AT_ONCE - inChat;
    const started =
      chatRoom > 0 ? await startJobs(tools, Math.min(room, chatRoom)) : await startJobs(tools, room, withoutChat);
    for (const { queue, ended } of started) {
      const weight = needsNoChat(queue) ? 0 : 1;
      inChat += weight;
      const tracked: Promise<void> = ended.finally(() => {
        running.delete(tracked);
        inChat -= weight;
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

  async function idle(): Promise<void> {
    while (running.size > 0) await Promise.all(running);
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

/** Pages are there for when the chat is not. */
function needsNoChat(queue: string): boolean {
  return queue.startsWith('target:') || queue.startsWith('page:');
}

/** Evaluating and judging ask the chat platform too: who somebody is. */
function withoutChat(queue: string): Pace {
  return needsNoChat(queue) ? paceOf(queue) : { ...paceOf(queue), atOnce: 0 };
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
