// What everybody who handles a delivery has at hand, and how failures are taken in: the person reads a reference, the log
// has the rest (threat I01).
import type { ChatInbox } from '../../ports/chat-platform.ts';
import type { Clock, Ids } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Identity } from './identity.ts';
import type { TellPrivately } from './private-answer.ts';
import type { Web } from './web.ts';
import { wentWrong } from './words.ts';

export interface Desk {
  readonly inbox: ChatInbox;
  readonly us: Identity;
  readonly command: string;
  readonly web: Web;
  readonly tell: TellPrivately;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** Answers Slack; what may be said depends on what is answered. */
export type Ack<Response = undefined> = (response?: Response) => Promise<void>;

/** `sorry` is a sentence for the person. */
export type Tried<T> = { readonly done: T } | { readonly sorry: string };

/** Never rejects. */
export async function tried<T>(desk: Desk, what: string, work: () => Promise<T>): Promise<Tried<T>> {
  try {
    return { done: await work() };
  } catch (error) {
    return { sorry: sorry(desk, what, error) };
  }
}

export function sorry(desk: Desk, what: string, error: unknown): string {
  const reference = desk.ids.next('ref');
  desk.log.error('Slack interaction failed', { what, reference, error });
  return wentWrong(reference);
}
