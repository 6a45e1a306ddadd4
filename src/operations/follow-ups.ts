// What must follow from the facts of one commit, in the same commit: cards and threads brought up to date, the audit
// channel told, alarms raised, the ledger signed. Level-triggered: a job says "look again", never what to say.
import type { DomainEvent, EventType } from '../core/events.ts';
import type { AccessRequest, AccountRef, Grant, Instant, RequestId, Surface } from '../core/model.ts';
import type { Lane, NewJob } from '../ports/store.ts';
import { alarmJobs } from './alarm-jobs.ts';
import { auditJob, cardJob, checkpointJob, homeJob, LANE } from './jobs.ts';
import type { Tools } from './tools.ts';

export interface Facts {
  readonly events: readonly DomainEvent[];
  /** As they are after the commit. */
  readonly requests: readonly AccessRequest[];
  readonly grants: readonly Grant[];
  readonly newSurfaces: readonly Surface[];
  /** Extensions that were being carried out and are not any more. */
  readonly extensionsOver: readonly RequestId[];
}

export async function followUps(tools: Tools, now: Instant, facts: Facts): Promise<readonly NewJob[]> {
  const told = facts.events.filter((event) => event.type !== 'chat.posted');
  if (told.length === 0) return [];
  const lane = Math.min(LANE.rest, ...told.map(laneOf)) as Lane;
  const surfaces = await surfacesTouched(tools, facts);
  const jobs = [
    ...surfaces.map((surface) => cardJob(tools.ids, surface, lane, now)),
    ...homes(facts, surfaces).map((account) => homeJob(tools.ids, account, now)),
    auditJob(tools.ids, tools.catalog.auditChannel, now),
    ...told.flatMap((event) => alarmJobs(tools, event, facts.grants, now)),
  ];
  if (told.some((event) => SIGNED_AT_ONCE.has(event.type))) jobs.push(checkpointJob(tools.ids, now));
  return jobs;
}

/** Tampering with a decision must not have ten minutes' time (threat J02). */
const SIGNED_AT_ONCE: ReadonlySet<EventType> = new Set([
  'request.approved',
  'request.denied',
  'grant.force_closed',
  'config.loaded',
  // The heads that were seen before it are of a history that is lost: from here on this one is the last.
  'log.rolled_back',
]);

/** Told before everything else. */
const LOUD: ReadonlySet<EventType> = new Set([
  'alarm.raised',
  'revoke.overdue',
  'grant.reappeared',
  'grant.adopted',
  'log.rolled_back',
]);

function laneOf(event: DomainEvent): Lane {
  if (LOUD.has(event.type)) return LANE.alarm;
  if (event.type.startsWith('revoke.') || event.type === 'grant.revoked') return LANE.revocation;
  if (event.type.startsWith('request.') || event.type.startsWith('approval.') || event.type.startsWith('grant.'))
    return LANE.decision;
  return LANE.rest;
}

async function surfacesTouched(tools: Tools, facts: Facts): Promise<readonly Surface[]> {
  const ids = new Set<RequestId>(facts.extensionsOver);
  for (const event of facts.events) {
    if (event.subject.request) ids.add(event.subject.request);
    if (event.type === 'grant.extending') ids.add(event.data.extension);
  }
  for (const row of facts.requests) {
    // What happens to an extension is told in the thread of the pass it extends.
    const grant = row.purpose.kind === 'extension' ? await tools.store.grant(row.purpose.grant) : undefined;
    if (grant) ids.add(grant.row.request);
  }
  const stored = await Promise.all([...ids].map((id) => tools.store.surfacesOf(id)));
  return [...stored.flat().map(({ row }) => row), ...facts.newSurfaces];
}

/** App Home shows requests and passes; whoever has a private card of this request has it on their Home too. */
function homes(facts: Facts, surfaces: readonly Surface[]): readonly AccountRef[] {
  const accounts = [
    ...facts.requests.map((row) => row.account),
    ...surfaces.flatMap((s) => ('account' in s.place ? [s.place.account] : [])),
  ];
  // Nobody asked for what was found: there is no such account.
  const real = accounts.filter(({ platform }) => platform !== '');
  return [
    ...new Map(real.map((account) => [`${account.platform}:${account.tenant}:${account.user}`, account])).values(),
  ];
}
