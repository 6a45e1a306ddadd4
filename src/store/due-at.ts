// When the sweep must look at a row next: a pure function of the row, stored beside it in a column.
// Null means final, and nothing else does: every row that is not final has its time (law 12).
import { endDue } from '../core/grant-ending.ts';
import { ALARM_REPEAT_SECONDS, OVERDUE_SECONDS } from '../core/grant-words.ts';
import type { AccessRequest, Grant, Instant } from '../core/model.ts';

export function requestDueAt(row: AccessRequest): Instant | null {
  switch (row.status) {
    case 'evaluating':
      return row.dueAt;
    case 'pending':
      return row.lapsesAt;
    case 'refused':
    case 'approved':
    case 'denied':
    case 'withdrawn':
    case 'withdrawn_early':
    case 'lapsed':
    case 'adopted':
      return null;
  }
}

/**
 * The warning before the end is a job of its own. So is each attempt to revoke; the row itself is due when people must be
 * alarmed, and again, so that many overdue rows never keep the sweep from the others.
 */
export function grantDueAt(row: Grant): Instant | null {
  switch (row.status) {
    case 'scheduled':
      return row.startsAt;
    case 'granting':
      return Math.min(row.giveUpAt, row.expiresAt);
    case 'active':
    case 'extending':
      return row.expiresAt;
    case 'revoking':
      return row.ending.lastAlarmAt === undefined
        ? endDue(row) + OVERDUE_SECONDS * 1000
        : row.ending.lastAlarmAt + ALARM_REPEAT_SECONDS * 1000;
    case 'revoked':
    case 'force_closed':
    case 'failed':
      return null;
  }
}
