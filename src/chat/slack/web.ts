// The Web API as this folder uses it: one client of its own, never Bolt's, and every failure as a ChatError.
import { WebClient } from '@slack/web-api';
import { reveal, type Secret } from '../../lib/secret.ts';
import type { Log } from '../../ports/log.ts';
import { callSettings } from './client-settings.ts';
import { libraryLog } from './library-log.ts';
import { chatErrorOf } from './web-faults.ts';

export interface Web {
  /** A call that changes nothing over there. */
  read<T>(call: (client: WebClient) => Promise<T>): Promise<T>;
  /** A call that does: without a clear answer it may have happened (`sent: 'maybe'`). */
  write<T>(call: (client: WebClient) => Promise<T>): Promise<T>;
}

export function openWeb(token: Secret, apiUrl: string | undefined, log: Log): Web {
  const client = new WebClient(reveal(token), { ...callSettings(apiUrl), logger: libraryLog(log) });
  const run = async <T>(call: (client: WebClient) => Promise<T>, writes: boolean): Promise<T> => {
    try {
      return await call(client);
    } catch (error) {
      throw chatErrorOf(error, writes);
    }
  };
  return { read: (call) => run(call, false), write: (call) => run(call, true) };
}
