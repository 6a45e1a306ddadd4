// Minutes before the end: the holder gets a private card with Extend and Return, which follows the pass from then on.

import { warnAt } from '../core/grant-giving.ts';
import type { GrantId, Surface } from '../core/model.ts';
import type { Job } from '../ports/store.ts';
import { RUNNER } from './actors.ts';
import { change } from './change.ts';
import { over } from './run-grant.ts';
import type { Tools } from './tools.ts';

export async function runWarn(tools: Tools, job: Job): Promise<void> {
  const id = String(job.payload['grant']) as GrantId;
  const grant = (await tools.store.grant(id))?.row;
  if (grant?.status !== 'active' || grant.warned) return over(tools, job);
  const due = warnAt(grant.activeAt, grant.expiresAt);
  if ((await tools.store.now()) < due) {
    await tools.store.defer(job, due, 'the pass was extended', { attempt: false });
    return;
  }
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
      draft.write({ kind: 'surface', row, version: 0 });
    },
    { hold: job },
  );
}
