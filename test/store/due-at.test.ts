// When rows are due, status by status: whatever is not final has a time, and what is final has none.
import { describe, expect, it } from 'vitest';
import { ALARM_REPEAT_SECONDS, OVERDUE_SECONDS } from '../../src/core/grant-words.ts';
import type { AccessRequest, Grant } from '../../src/core/model.ts';
import { grantDueAt, requestDueAt } from '../../src/store/due-at.ts';
import { active, evaluating, failed, pending, personId, refused, revoking, T0 } from '../contracts/store-samples.ts';

const END = T0 + 3_600_000;
const { status: _status, ...common } = active(1);
const ending = { because: 'returned', by: personId(1), since: T0 + 7, attempts: 3 } as const;
const granting = { ...common, status: 'granting', cleared: false, attempts: 0, inFlight: false, doubt: false };
const pass = (facts: object) => ({ ...common, ...facts }) as Grant;
const ask = (facts: object) => ({ ...pending(1, T0 + 9), ...facts }) as AccessRequest;

describe('passes', () => {
  it.each<[string, Grant, number | null]>([
    ['scheduled: when it starts', pass({ status: 'scheduled', startsAt: T0 + 5 }), T0 + 5],
    ['granting: when it is given up', pass({ ...granting, giveUpAt: T0 + 300 }), T0 + 300],
    ['granting for longer than it may last: its end', pass({ ...granting, giveUpAt: END + 1 }), END],
    ['active: its end', active(1), END],
    ['extending: the old end, until the new one is confirmed', pass({ status: 'extending', until: END + 99 }), END],
    ['revoking: when it is overdue', revoking(1, T0 + 7), T0 + 7 + OVERDUE_SECONDS * 1000],
    [
      'revoking by the deadline: counted from there',
      pass({ status: 'revoking', ending: { ...ending, because: 'deadline' } }),
      END + OVERDUE_SECONDS * 1000,
    ],
    [
      'revoking, alarmed: when the alarm is repeated',
      pass({ status: 'revoking', ending: { ...ending, lastAlarmAt: T0 + 50 } }),
      T0 + 50 + ALARM_REPEAT_SECONDS * 1000,
    ],
    ['revoked', pass({ status: 'revoked', ending, revokedAt: T0 }), null],
    ['force_closed', pass({ status: 'force_closed', ending, closedAt: T0 }), null],
    ['failed', failed(1), null],
  ])('%s', (_name, row, due) => {
    expect(grantDueAt(row)).toBe(due);
  });
});

describe('requests', () => {
  it.each<[string, AccessRequest, number | null]>([
    ['evaluating: when facts must be there', evaluating(1), T0 + 30_000],
    ['pending: when it lapses', pending(1, T0 + 9), T0 + 9],
    ['refused', refused(1), null],
    ['approved', ask({ status: 'approved', grants: [], closedAt: T0 }), null],
    ['denied', ask({ status: 'denied', by: personId(2), note: '', closedAt: T0 }), null],
    ['withdrawn', ask({ status: 'withdrawn', closedAt: T0 }), null],
    ['withdrawn early', ask({ status: 'withdrawn_early', closedAt: T0 }), null],
    ['lapsed', ask({ status: 'lapsed', closedAt: T0 }), null],
  ])('%s', (_name, row, due) => {
    expect(requestDueAt(row)).toBe(due);
  });
});
