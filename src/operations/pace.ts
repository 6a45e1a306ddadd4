// How fast each queue may go and how much runs at once: what chat platforms and targets take, and who must not take whose room.
import { AT_ONCE } from '../ports/grant-adapter.ts';
import type { Pace } from '../ports/store.ts';
import type { Targets } from '../ports/targets.ts';

/**
 * Jobs that may wait for a chat platform: were it to hang, they would take every slot that targets have, and a revocation
 * would wait for a message (product promise 7).
 */
const CHAT_AT_ONCE = 16;
/** Alarms go out by another way while chat hangs. */
const PAGES_AT_ONCE = 2;
/** Ten pagers, as many as can be configured: one that hangs takes no other's room. */
const PAGERS_AT_ONCE = 10 * PAGES_AT_ONCE;

/**
 * Slack takes about one message a second in a channel and forgives short bursts
 * (https://docs.slack.dev/apis/web-api/rate-limits); a home view 100 a minute.
 */
export function paceOf(targets: Targets): (queue: string) => Pace {
  return (queue) => {
    if (queue.startsWith('post:')) return { everyMs: 1000, burst: 4, atOnce: 1 };
    if (queue.startsWith('home:')) return { everyMs: 700, burst: 10, atOnce: 2 };
    // What waits for its turn speaks for everything that came since: many at once become few.
    if (queue.startsWith(PAGE)) return { everyMs: 5_000, burst: 8, atOnce: PAGES_AT_ONCE };
    if (queue.startsWith('overdue:')) return { everyMs: 10_000, burst: 2, atOnce: 1 };
    if (isForTarget(queue)) return { everyMs: 0, burst: 1, atOnce: atOnceIn(targets, queue.slice(TARGET.length)) };
    return { everyMs: 0, burst: 1, atOnce: 8 };
  };
}

/** One that is not configured any more is called by nobody, but its jobs have to be looked at. */
export function atOnceIn(targets: Targets, name: string): number {
  return targets.of(name)?.atOnce ?? AT_ONCE;
}

const TARGET = 'target:';
const PAGE = 'page:';

export type Room = 'targets' | 'pagers' | 'chat';
export type Slots = Readonly<Record<Room, number>>;

/** Every target has its share whatever the others do: one that hangs keeps nobody's slot but its own. */
export function slotsFor(targets: Targets): Slots {
  const all = targets.all().map(({ name }) => atOnceIn(targets, name));
  return { targets: all.reduce((sum, one) => sum + one, AT_ONCE), pagers: PAGERS_AT_ONCE, chat: CHAT_AT_ONCE };
}

/** Evaluating and judging ask the chat platform too: who somebody is. */
export function roomOf(queue: string): Room {
  if (isForTarget(queue)) return 'targets';
  return queue.startsWith(PAGE) ? 'pagers' : 'chat';
}

function isForTarget(queue: string): boolean {
  return queue.startsWith(TARGET);
}
