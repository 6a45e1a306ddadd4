// When the store cannot be written (law 13, threats F14, J06): no new decision, but every access whose stored deadline has
// passed or whose end was ordered is ended, and what came of it goes to the spool, until it can be entered. Nothing is given
// here, and nothing is taken before its time. A replica that is cut off from the store knows of no extension that others
// wrote meanwhile: it ends at the deadline it was told, and comparing with the target finds that later. That is accepted:
// late access is the greater evil.
import type { Instant } from '../core/model.ts';
import { SWEEP } from './actors.ts';
import { change } from './change.ts';
import type { EmergencyAlarm } from './emergency-alarm.ts';
import { openEndings } from './end-without-store.ts';
import { enterEnd } from './enter-spool.ts';
import type { Obligations } from './obligations.ts';
import type { SpoolQueue } from './spool-queue.ts';
import type { StoreWatch } from './store-watch.ts';
import type { Tools } from './tools.ts';

const TURN_MS = 1_000;
/** A spool that cannot be read, or a line that cannot be entered, is tried again after this. */
const SETTLE_AGAIN_MS = 15_000;

export interface EmergencyParts {
  readonly tools: Tools;
  readonly watch: Pick<StoreWatch, 'troubleSince'>;
  readonly obligations: Obligations;
  readonly queue: SpoolQueue;
  readonly alarm: EmergencyAlarm;
}

export interface Emergency {
  /** Looks once: ends what is due while the store is away, enters what was done when it is back. Never throws. */
  turn(): Promise<void>;
  /** Enters what is left over, as far as the store takes it. Never throws. */
  settle(): Promise<void>;
  /** Resolves when no attempt is under way. */
  idle(): Promise<void>;
  /** Turns for ever, until `stop`. */
  run(): void;
  stop(): Promise<void>;
}

interface State extends EmergencyParts {
  /** The trouble that is not over, or not in the log yet. */
  troubleSince: Instant | undefined;
  /** There may be lines: a process that died left them. */
  hasLines: boolean;
  settling: Promise<void> | undefined;
  settleAt: Instant;
}

export function openEmergency(parts: EmergencyParts): Emergency {
  const { tools, watch, obligations, queue, alarm } = parts;
  const state: State = { ...parts, troubleSince: undefined, hasLines: true, settling: undefined, settleAt: 0 };
  const nap = new AbortController();
  let running: Promise<void> | undefined;
  const endings = openEndings(tools, (end) => {
    state.hasLines = true;
    return queue.add(end);
  });

  async function turn(): Promise<void> {
    const since = watch.troubleSince();
    if (since === undefined) endings.forget();
    else {
      state.troubleSince ??= since;
      endings.start(obligations.due(), obligations.now);
      alarm.raise(since, endings.counts());
      void queue.flush();
    }
    await settle(state);
  }
  async function loop(): Promise<void> {
    while (!nap.signal.aborted) {
      // A store that hangs must not hold up the endings: what is settled meanwhile is found by a later turn.
      void turn();
      await tools.clock.sleep(TURN_MS, nap.signal);
    }
  }
  return {
    turn,
    settle: () => settle(state),
    idle: endings.idle,
    run() {
      running ??= loop();
    },
    async stop() {
      nap.abort('stopped');
      await running;
      await endings.idle();
      await state.settling;
    },
  };
}

function settle(state: State): Promise<void> {
  const { clock, log } = state.tools;
  const isNeeded = state.troubleSince !== undefined || (state.hasLines && clock.now() >= state.settleAt);
  if (!isNeeded) return Promise.resolve();
  state.settling ??= settleOnce(state)
    .catch((error: unknown) => {
      if (state.troubleSince !== undefined) return;
      state.settleAt = clock.now() + SETTLE_AGAIN_MS;
      log.error('what was done without the store cannot be entered, and is tried again', { error });
    })
    .finally(() => {
      state.settling = undefined;
    });
  return state.settling;
}

async function settleOnce(state: State): Promise<void> {
  if (state.troubleSince !== undefined) await recordTrouble(state, state.troubleSince);
  if (!state.hasLines) return;
  state.hasLines = false; // before they are read: what is done meanwhile says so again
  try {
    const ends = await state.queue.ends();
    for (const end of ends) await enterEnd(state.tools, end);
    await state.queue.drop(ends);
  } catch (error) {
    state.hasLines = true;
    throw error;
  }
}

/** That this can be written is the proof that the store takes decisions again. */
async function recordTrouble(state: State, since: Instant): Promise<void> {
  const { clock, log } = state.tools;
  const seconds = Math.round((clock.now() - since) / 1000);
  await change(state.tools, SWEEP, async (draft) => {
    const data = { code: 'store_unwritable', facts: { seconds } };
    draft.record({ type: 'alarm.raised', at: draft.now, actor: SWEEP, subject: {}, data });
  });
  state.troubleSince = undefined;
  state.alarm.over();
  log.warn('the store can be written again', { seconds });
}
