// Minutes before the end: the holder gets a private card with Extend and Return, which follows the pass from then on.

import { warnAt } from '../core/grant-giving.ts';
import type { GrantId, Instant, Surface } from '../core/model.ts';
import type { Job } from '../ports/store.ts';
import { RUNNER } from './actors.ts';
import { change } from './change.ts';
import { over } from './run-grant.ts';
import type { Tools } from './tools.ts';

const LOOK_AGAIN_MS = 5_000;

export async function runWarn(tools: Tools, job: Job): Promise<void> {
  const id = String(job.payload['grant']) as GrantId;
  const grant = (await tools.store.grant(id))?.row;
  const now = await tools.store.now();
  // How that ends decides which end to warn of.
  if (grant?.status === 'extending') return later(tools, job, now + LOOK_AGAIN_MS);
  if (grant?.status !== 'active' || grant.warned) return over(tools, job);
  const due = warnAt(grant.activeAt, grant.expiresAt);
  if (now < due) return later(tools, job, due);
  const request = (await tools.store.request(grant.request))?.row;
  await change(
    tools,
    RUNNER,
    async (draft) => {
      const refusal = await draft.decideGrant(id, { type: 'warn' });
      if (refusal || !request) return;
      const row: Surface = {
        id: tools.ids.next('card'),
        request: request.id,
        audience: 'expiry',
        place: { account: request.account },
        told: -1,
      };
      await draft.keepSurface(row);
    },
    { hold: job },
  );
}

async function later(tools: Tools, job: Job, dueAt: Instant): Promise<void> {
  await tools.store.defer(job, dueAt, 'the pass is being or was extended', { attempt: false });
}
