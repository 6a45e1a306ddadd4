// All the ways on which one alarm goes out: the audit channel, each pager, and the owners of the target it is about. Each is a job
// of its own in the commit of the event, so that none waits for another (S2).
import type { DomainEvent } from '../core/events.ts';
import type { Grant, Instant } from '../core/model.ts';
import { alarmNote } from '../messages/alarm.ts';
import { pageOf } from '../messages/page.ts';
import type { NewJob } from '../ports/store.ts';
import { LANE, tellJob } from './jobs.ts';
import { overdueJob } from './run-overdue.ts';
import { pageJob } from './run-page.ts';
import { ownersJob } from './tell-owners.ts';
import type { Tools } from './tools.ts';

/** `grants`: those that the commit changes, as they are after it. */
export function alarmJobs(tools: Tools, event: DomainEvent, grants: readonly Grant[], now: Instant): readonly NewJob[] {
  const note = alarmNote(event, tools.catalog);
  if (!note) return [];
  const { ids, catalog } = tools;
  const grant = grants.find(({ id }) => id === event.subject.grant);
  const late = event.type === 'revoke.overdue' ? grant : undefined;
  const owner = grant && catalog.targets[grant.offer.target]?.owner;
  return [
    late
      ? overdueJob(ids, late, note, now)
      : tellJob(ids, { kind: 'channel', channel: catalog.auditChannel }, note, LANE.alarm, now),
    ...pageJobs(tools, event, late, now),
    ...(owner === undefined ? [] : [ownersJob(ids, owner, note, `${event.type}:${event.subject.grant}`, now)]),
  ];
}

/** A dead target makes many passes overdue: that is one matter, and a page that still waits speaks for all of them. */
function pageJobs(tools: Tools, event: DomainEvent, late: Grant | undefined, now: Instant): readonly NewJob[] {
  const failing = event.type === 'alarm.raised' ? event.data.facts['pager'] : undefined;
  const page = pageOf(
    event,
    tools.catalog,
    late?.offer.target ?? (failing === undefined ? undefined : String(failing)),
  );
  if (!page) return [];
  const overdue = late && { target: late.offer.target, grant: late.id };
  // That a pager takes nothing is not to be told to that pager.
  const others = tools.pagers.filter(({ name }) => name !== failing);
  return others.map(({ name }) =>
    pageJob(tools.ids, { pager: name, page, ...(overdue ? { overdue } : {}) }, now, overdue !== undefined),
  );
}
