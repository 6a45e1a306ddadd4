// What the live passes of a target give today, against what was approved: each entitlement is asked about once, whoever holds
// it, and a change is told once for each pass (threats C04, F19).
import type { GrantId } from '../core/model.ts';
import { RUNNER } from './actors.ts';
import { change } from './change.ts';
import { callUnderLease } from './lease.ts';
import { asked, type LivePasses, type Round } from './reconcile-round.ts';

/** Throws AdapterError. */
export async function lookAtEntitlements(round: Round, { entitlements }: LivePasses): Promise<void> {
  const { tools, job, target } = round;
  for (const { entitlement, passes } of entitlements) {
    const look = (signal: AbortSignal) => target.connection.fingerprint(entitlement, signal);
    const today = await asked(tools, { target: target.name }, () => callUnderLease(tools, job, look));
    if (today === undefined) continue;
    for (const [id, known] of passes) if (known !== today) await tellChange(round, id, today);
  }
}

async function tellChange({ tools, job }: Round, id: GrantId, fingerprint: string): Promise<void> {
  const told = { hold: job, keepHold: true };
  await change(tools, RUNNER, (draft) => draft.decideGrant(id, { type: 'drifted', fingerprint }), told);
}
