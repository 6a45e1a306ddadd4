// A click is stored before it is answered: the job is the stored click. A repeated delivery stores nothing more.

import { readButtonValue } from '../core/digest.ts';
import type { JsonObject } from '../core/model.ts';
import type { Origin } from '../ports/chat-platform.ts';
import { RUNNER } from './actors.ts';
import { deliveryKey } from './ask.ts';
import { change } from './change.ts';
import { judgeJob } from './jobs.ts';
import type { StoredClick } from './stored-click.ts';
import type { Tools } from './tools.ts';

const DELIVERY_KEPT_MS = 3_600_000;

/** False: this delivery was stored before. */
export async function storeClick(
  tools: Tools,
  origin: Origin,
  action: StoredClick['action'],
  value: string,
  note?: string,
): Promise<boolean> {
  const about = readButtonValue(value)?.id ?? value;
  const outcome = await change(tools, RUNNER, async (draft) => {
    const click: StoredClick = {
      action,
      value,
      account: origin.account,
      delivery: origin.delivery,
      // The store's clock, not the platform's: the press was here when it was stored.
      at: draft.now,
      ...(origin.message ? { message: origin.message } : {}),
      ...(origin.channel ? { channel: origin.channel.channel } : {}),
      ...(note === undefined ? {} : { note }),
    };
    const job = judgeJob(tools.ids, about, click as unknown as JsonObject, draft.now);
    draft.claim({ key: deliveryKey(origin), owner: job.id, until: draft.now + DELIVERY_KEPT_MS });
    draft.job(job);
  });
  return outcome.kind === 'done';
}
