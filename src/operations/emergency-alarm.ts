// People hear of a store that cannot be written without the store: straight to the second path and to the audit channel, again
// and again until it is over. What cannot be said is tried again; nothing that ends access waits for it.
import type { Instant } from '../core/model.ts';
import { type EndedMeanwhile, storeTroubleNote } from '../messages/store-trouble.ts';
import type { Tools } from './tools.ts';

/** A restart of the database is over by then. */
const FIRST_AFTER_MS = 30_000;
const REPEAT_MS = 900_000;

export type AlarmTools = Pick<Tools, 'clock' | 'ids' | 'log' | 'catalog' | 'chats'>;

export interface EmergencyAlarm {
  /** The trouble lasts. Says so when it is time; returns at once and never throws. */
  raise(since: Instant, done: EndedMeanwhile): void;
  over(): void;
}

export function openEmergencyAlarm(tools: AlarmTools): EmergencyAlarm {
  let saidAt: Instant | undefined;
  return {
    raise(since, done) {
      const now = tools.clock.now();
      if (now - since < FIRST_AFTER_MS) return;
      if (saidAt !== undefined && now - saidAt < REPEAT_MS) return;
      saidAt = now;
      tools.log.error('the store cannot be written', { since: new Date(since).toISOString(), ...done });
      void post(tools, since, done);
    },
    over() {
      saidAt = undefined;
    },
  };
}

async function post(tools: AlarmTools, since: Instant, done: EndedMeanwhile): Promise<void> {
  const channel = tools.catalog.auditChannel;
  try {
    const key = tools.ids.next('alarm');
    await tools.chats[channel.platform]?.post({ kind: 'channel', channel }, storeTroubleNote(since, done), key);
  } catch (error) {
    tools.log.error('the audit channel could not be told that the store cannot be written', { error });
  }
}
