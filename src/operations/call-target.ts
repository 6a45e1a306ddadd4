// One external call, bounded in time by the injected clock. Whatever is not an AdapterError is a bug of the adapter
// and counts as "may have changed something": doubt means revoke (law 3).
import { AdapterError } from '../ports/grant-adapter.ts';
import type { Tools } from './tools.ts';

/** Shorter than a lease (30 s), so that a call never outlives the right to make it (law 5). */
export const CALL_SECONDS = 20;

export async function callTarget<T>(
  tools: Pick<Tools, 'clock' | 'log'>,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const timeout = new AbortController();
  const done = new AbortController();
  const slept = tools.clock.sleep(CALL_SECONDS * 1000, done.signal).then(() => {
    if (done.signal.aborted) return;
    timeout.abort();
    throw new AdapterError('unreachable', `no answer within ${CALL_SECONDS} s`, 'maybe');
  });
  try {
    return (await Promise.race([call(timeout.signal), slept])) as T;
  } catch (error) {
    if (error instanceof AdapterError) throw error;
    tools.log.error('an adapter failed in a way it should not', { error });
    throw new AdapterError('unreachable', 'the adapter failed', 'maybe', { cause: error });
  } finally {
    done.abort('over'); // the reason spares an error with a stack trace that nobody reads
    slept.catch(() => undefined);
  }
}
