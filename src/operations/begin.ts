// The first words of a program that starts, and alarms that parts of it raise about themselves.
import type { JsonObject } from '../core/model.ts';
import { SWEEP } from './actors.ts';
import { change } from './change.ts';
import { actOnRollback, lookForRollback } from './check-rollback.ts';
import { orderReconcile } from './reconcile-state.ts';
import { checkRemovedTargets } from './removed-targets.ts';
import type { Tools } from './tools.ts';

/**
 * Before anything is given: is the store the one it was, and is every target configured that has live access in it? The first
 * leaf names the deployment; the policy in force from now on is part of the record.
 */
export async function begin(tools: Tools): Promise<void> {
  const rollback = await lookForRollback(tools);
  const begun = await change(tools, SWEEP, async (draft) => {
    const { policyVersion } = tools.catalog;
    const { deploymentId: deployment } = tools.store;
    if (rollback.size === 0)
      draft.record({ type: 'log.started', at: draft.now, actor: SWEEP, subject: {}, data: { deployment } });
    draft.record({ type: 'config.loaded', at: draft.now, actor: SWEEP, subject: {}, data: { policyVersion } });
    await actOnRollback(tools, draft, rollback);
  });
  // Another replica starts in this very moment and was faster: what it wrote is looked at anew.
  if (begun.kind === 'taken') return begin(tools);
  await checkRemovedTargets(tools);
  await orderReconcile(tools);
}

/** Never throws: what cannot be written down is in the log of the process. */
export async function raiseAlarm(tools: Tools, code: string, facts: JsonObject): Promise<void> {
  try {
    await change(tools, SWEEP, async (draft) => {
      draft.record({ type: 'alarm.raised', at: draft.now, actor: SWEEP, subject: {}, data: { code, facts } });
    });
  } catch (error) {
    tools.log.error('an alarm could not be written down', { code, facts, error });
  }
}
