// Judges a soak from outside the program: by what was committed, what was posted, and what is true in the targets. Keeps a
// few numbers for each pass that is live, and one for each that is over.
import { endDue } from '../../src/core/grant-ending.ts';
import type { Grant, Instant } from '../../src/core/model.ts';
import type { Commit } from '../../src/ports/store.ts';
import type { FakeAdapter } from '../fakes/fake-adapter.ts';
import type { Heard } from './forgetful-chat.ts';
import type { Outage, SoakPlan } from './soak-plan.ts';

const LATE_MS = 120_000;
const ALARMED_BY_MS = 180_000;
/** After a target is back: the longest gap between attempts, once more for each that went wrong since, and what proving takes. */
const GAP_MS = 300_000;
const PROOF_MS = 30_000;

interface Owed {
  readonly target: string;
  due: Instant;
  attempts?: number;
  isOverdue?: boolean;
  /** Attempts that failed after its target was back from an outage. */
  failuresSince: number;
  alarmedAt?: Instant;
}

export interface SoakFigures {
  readonly given: number;
  readonly failed: number;
  readonly ended: number;
  /** Seconds from the end to proven absence, where the target answered; sorted. */
  readonly lags: Float64Array;
  readonly late: number;
  readonly alarms: number;
  readonly endedAfterOutage: number;
  readonly breaches: readonly string[];
}

export interface SoakWatch {
  committed(commit: Commit, now: Instant): void;
  heard(heard: Heard, now: Instant): void;
  /** Compares the targets with what they may hold. */
  look(fakes: ReadonlyMap<string, FakeAdapter>, now: Instant): void;
  figures(): SoakFigures;
}

export function watchSoak(plan: SoakPlan): SoakWatch {
  const owed = new Map<string, Owed>();
  /** Passes that people were to be alarmed about, and their targets. */
  const overdueIn = new Map<string, string>();
  const lags = new Float64Array(plan.grants);
  const breaches: string[] = [];
  const count = { given: 0, failed: 0, ended: 0, lags: 0, late: 0, alarms: 0, endedAfterOutage: 0 };
  const breach = (what: string) => {
    if (breaches.length < 20) breaches.push(what);
  };

  function follow(grant: Grant, now: Instant): void {
    if (grant.status === 'failed') {
      count.failed += owed.delete(grant.id) ? 1 : 0;
    } else if (grant.status === 'granting' || grant.status === 'active') {
      const known = owed.get(grant.id);
      if (!known) count.given += 1;
      owed.set(grant.id, { failuresSince: 0, ...known, target: grant.offer.target, due: grant.expiresAt });
    } else if (grant.status === 'revoking') {
      const known = owed.get(grant.id);
      if (!known) return;
      known.due = endDue(grant);
      const outage = outageAt(plan.outages, known);
      if (outage && now > outage.until && grant.ending.attempts > (known.attempts ?? 0)) known.failuresSince += 1;
      known.attempts = grant.ending.attempts;
      known.isOverdue = grant.ending.overdueSince !== undefined;
      if (known.isOverdue) overdueIn.set(grant.id, known.target);
    } else if (grant.status === 'revoked') end(grant, grant.revokedAt);
  }

  function end({ id }: Grant, at: Instant): void {
    const known = owed.get(id);
    owed.delete(id);
    count.ended += 1;
    if (known) judge(id, known, at);
    else breach(`${id} ended twice`);
  }

  function judge(id: string, known: Owed, at: Instant): void {
    alarmed(id, known, at);
    const outage = outageAt(plan.outages, known);
    if (!outage) {
      lags[count.lags] = (at - known.due) / 1000;
      count.lags += 1;
      if (at - known.due > LATE_MS) breach(`${id} ended ${(at - known.due) / 1000} s late while its target was up`);
    } else {
      count.endedAfterOutage += 1;
      if (at > Math.max(outage.until, known.due) + GAP_MS * (1 + known.failuresSince) + PROOF_MS)
        breach(`${id} ended ${(at - outage.until) / 1000} s after its target was back`);
    }
  }

  function alarmed(id: string, { due, alarmedAt }: Owed, at: Instant): void {
    if (at - due <= LATE_MS) return;
    count.late += 1;
    const isAlarmed = alarmedAt !== undefined && alarmedAt - due <= ALARMED_BY_MS;
    if (!isAlarmed && at - due > ALARMED_BY_MS) breach(`${id} was late and nobody was alarmed in time`);
  }

  return {
    committed(commit, now) {
      for (const write of commit.writes ?? []) if (write.kind === 'grant') follow(write.row, now);
    },
    heard({ message }, now) {
      if (message.kind !== 'note' || message.tone !== 'alarm') return;
      count.alarms += 1;
      // One alarm speaks for all passes that are overdue in its target by then; each has its line in the log besides.
      const codes = message.lines
        .flat()
        .flatMap((span) => (typeof span === 'object' && 'code' in span ? span.code : []));
      const targets = new Set(codes.map((code) => overdueIn.get(code)));
      for (const one of owed.values()) if (one.isOverdue && targets.has(one.target)) one.alarmedAt ??= now;
    },
    look(fakes, now) {
      for (const [name, fake] of fakes)
        for (const { grantId = '' } of fake.target.holdings()) {
          const known = owed.get(grantId);
          if (!known) breach(`${grantId} is in ${name} and nobody owes its end`);
          else if (now - known.due > LATE_MS && !outageAt(plan.outages, known))
            breach(`${grantId} is still in ${name}, which answers`);
        }
      for (const [id, one] of owed) {
        const isSilent = one.alarmedAt === undefined && now - one.due > ALARMED_BY_MS;
        if (isSilent) breach(`${id} is late and nobody was alarmed`);
      }
    },
    figures() {
      for (const id of owed.keys()) breach(`${id} never ended`);
      return { ...count, lags: lags.slice(0, count.lags).sort(), breaches };
    },
  };
}

/** The outage that its end fell into, if any; the time for an ordinary end belongs to it. */
function outageAt(outages: readonly Outage[], { target, due }: Owed): Outage | undefined {
  return outages.find((one) => one.target === target && one.from <= due + LATE_MS && due <= one.until);
}
