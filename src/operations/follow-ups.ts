// What must follow from the facts of one commit, in the same commit: cards and threads brought up to date, the audit
// channel told, alarms raised, the ledger signed. Level-triggered: a job says "look again", never what to say.
import type { DomainEvent, EventType } from '../core/events.ts';
import type { AccessRequest, AccountRef, Grant, Instant, RequestId, Surface } from '../core/model.ts';
import { alarmNote } from '../messages/alarm.ts';
import type { Lane, NewJob, Write } from '../ports/store.ts';
import { auditJob, cardJob, checkpointJob, homeJob, LANE, tellJob } from './jobs.ts';
import type { Tools } from './tools.ts';

export interface Facts {
  readonly events: readonly DomainEvent[];
  readonly requests: readonly AccessRequest[];
  readonly grants: readonly Grant[];
  readonly writes: readonly Write[];
}

export async function followUps(
  tools: Tools,
  now: Instant,
  facts: Facts,
): Promise<{ jobs: NewJob[]; writes: Write[] }> {
  const told = facts.events.filter((event) => event.type !== 'chat.posted');
  if (told.length === 0) return { jobs: [], writes: [] };
  const lane = Math.min(LANE.rest, ...told.map(laneOf)) as Lane;
  const surfaces = await surfacesTouched(tools, facts);
  const jobs = [
    ...surfaces.map((surface) => cardJob(tools.ids, surface, lane, now)),
    ...homes(facts, surfaces).map((account) => homeJob(tools.ids, account, now)),
    auditJob(tools.ids, tools.catalog.auditChannel, now),
    ...told.flatMap((event) => alarms(tools, event, now)),
  ];
  if (told.some((event) => SIGNED_AT_ONCE.has(event.type))) jobs.push(checkpointJob(tools.ids, now));
  return { jobs, writes: [] };
}

/** Tampering with a decision must not have ten minutes' time (threat J02). */
const SIGNED_AT_ONCE: ReadonlySet<EventType> = new Set([
  'request.approved',
  'request.denied',
  'grant.force_closed',
  'config.loaded',
]);

function laneOf(event: DomainEvent): Lane {
  if (event.type === 'alarm.raised' || event.type === 'revoke.overdue' || event.type === 'grant.reappeared')
    return LANE.alarm;
  if (event.type.startsWith('revoke.') || event.type === 'grant.revoked') return LANE.revocation;
  if (event.type.startsWith('request.') || event.type.startsWith('approval.') || event.type.startsWith('grant.'))
    return LANE.decision;
  return LANE.rest;
}

async function surfacesTouched(tools: Tools, facts: Facts): Promise<readonly Surface[]> {
  const ids = new Set<RequestId>();
  for (const event of facts.events) {
    if (event.subject.request) ids.add(event.subject.request);
    if (event.type === 'grant.extending' || event.type === 'grant.extension_failed') ids.add(event.data.extension);
  }
  for (const row of facts.requests) {
    // What happens to an extension is told in the thread of the pass it extends.
    const grant = row.purpose.kind === 'extension' ? await tools.store.grant(row.purpose.grant) : undefined;
    if (grant) ids.add(grant.row.request);
  }
  const stored = await Promise.all([...ids].map((id) => tools.store.surfacesOf(id)));
  const fresh = facts.writes.flatMap((write) => (write.kind === 'surface' && write.version === 0 ? [write.row] : []));
  const known = stored.flat().map((found) => found.row);
  return [...known, ...fresh.filter((row) => !known.some((other) => other.id === row.id))];
}

/** App Home shows requests and passes; whoever has a private card of this request has it on their Home too. */
function homes(facts: Facts, surfaces: readonly Surface[]): readonly AccountRef[] {
  const accounts = [
    ...facts.requests.map((row) => row.account),
    ...surfaces.flatMap((s) => ('account' in s.place ? [s.place.account] : [])),
  ];
  return [
    ...new Map(accounts.map((account) => [`${account.platform}:${account.tenant}:${account.user}`, account])).values(),
  ];
}

function alarms(tools: Tools, event: DomainEvent, now: Instant): readonly NewJob[] {
  const note = alarmNote(event, tools.catalog);
  if (!note) return [];
  return [tellJob(tools.ids, { kind: 'channel', channel: tools.catalog.auditChannel }, note, LANE.alarm, now)];
}
