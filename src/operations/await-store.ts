// A start while the store cannot be reached: this process does not die, but ends what falls due by what it remembers, and
// tries the store until it answers. Nothing else is done until then.
import type { GrantId } from '../core/model.ts';
import { backoffMs } from '../lib/backoff.ts';
import type { Clock, Ids } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Meter } from '../ports/meter.ts';
import type { Remembered, Spool } from '../ports/spool.ts';
import type { Targets } from '../ports/targets.ts';
import type { Trace } from '../ports/trace.ts';
import type { EmergencyAlarm } from './emergency-alarm.ts';
import { openEndings } from './end-without-store.ts';
import { openObligations } from './obligations.ts';
import type { SpoolQueue } from './spool-queue.ts';

const TURN_MS = 1_000;
const OPEN_AGAIN = { baseMs: 1_000, capMs: 15_000 };

/** Of a deployment that has never reached its store. */
const UNKNOWN = 'unknown';

export interface AwaitParts<Opened> {
  readonly open: () => Promise<Opened>;
  /** It may be there later. `owes`: somebody has access that has to end. */
  readonly isAway: (error: unknown, owes: boolean) => boolean;
  readonly connect: (deploymentId: string) => Targets & { close(): Promise<void> };
  readonly spool: Spool;
  readonly queue: SpoolQueue;
  readonly alarm: (deploymentId: string) => EmergencyAlarm;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly meter: Meter;
  readonly trace: Trace;
}

/** Throws what `open` throws when waiting would not help. */
export async function awaitStore<Opened>(parts: AwaitParts<Opened>): Promise<Opened> {
  const remembered = await parts.spool.remembered().catch(() => undefined);
  const owes = (remembered?.obligations.length ?? 0) > 0;
  try {
    return await parts.open();
  } catch (error) {
    if (!parts.isAway(error, owes)) throw error;
    parts.log.error('the store cannot be reached; it is tried again until it can', { error, owes });
  }
  const meanwhile = endMeanwhile(parts, remembered);
  try {
    return await openAgain(parts, owes);
  } finally {
    await meanwhile.stop();
  }
}

async function openAgain<Opened>(parts: AwaitParts<Opened>, owes: boolean): Promise<Opened> {
  const { clock, ids, log } = parts;
  for (let tries = 1; ; tries += 1) {
    await clock.sleep(backoffMs(tries, OPEN_AGAIN, ids.jitter()));
    try {
      return await parts.open();
    } catch (error) {
      if (!parts.isAway(error, owes)) throw error;
      log.warn('the store still cannot be reached', { tries, error });
    }
  }
}

function endMeanwhile<Opened>(parts: AwaitParts<Opened>, remembered: Remembered | undefined) {
  const { clock, queue } = parts;
  const alarm = parts.alarm(remembered?.deploymentId ?? UNKNOWN);
  const since = clock.now();
  const obligations = openObligations(clock, [], remembered);
  const targets = remembered && parts.connect(remembered.deploymentId);
  const endings = targets && openEndings({ ...parts, targets }, (end) => queue.add(end));
  const over = new AbortController();

  async function loop(): Promise<void> {
    const gone = await goneBefore(parts);
    while (!over.signal.aborted) {
      endings?.start(
        obligations.due().filter(({ grant }) => !gone.has(grant)),
        obligations.now,
      );
      alarm.raise(since, endings?.counts() ?? { ended: 0, open: 0 });
      await queue.flush();
      await clock.sleep(TURN_MS, over.signal);
    }
  }
  const running = loop();
  return {
    async stop() {
      over.abort('the store is there');
      await running;
      await endings?.idle();
      await targets?.close();
    },
  };
}

/** Another life of this process has seen them gone, and said so in the spool. */
async function goneBefore<Opened>({ queue, log }: AwaitParts<Opened>): Promise<ReadonlySet<GrantId>> {
  try {
    const ends = await queue.ends();
    return new Set(ends.flatMap(({ grant, seen }) => (seen === 'absent' ? [grant] : [])));
  } catch (error) {
    log.warn('the spool cannot be read: what was ended before is ended once more', { error });
    return new Set();
  }
}
