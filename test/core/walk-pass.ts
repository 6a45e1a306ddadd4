// The walk over passes: every command at every time that matters. A ghost beside each pass remembers, without asking the
// row, what the target may hold and what was seen there; the laws are judged by it.
import type { Decision } from '../../src/core/decision.ts';
import { decideGrant } from '../../src/core/grant.ts';
import type { GrantCommand } from '../../src/core/grant-command.ts';
import { evolveGrant } from '../../src/core/grant-evolve.ts';
import type { EndReason, Grant, PersonId } from '../../src/core/model.ts';
import { grantDueAt } from '../../src/store/due-at.ts';
import { explore, instantsAround, keys, near, note, nothingSeen } from './explore.ts';
import { adopt, attest, BEN, end, HALLPASS, MIA, MORE, OFFER, order, RECEIPT, SAM, T0 } from './scene.ts';

const SETTLE_SECONDS = 30;

/** What an observer outside knows: which calls may have left something, and when absence was last seen. */
interface Ghost {
  /** A call whose answer has not come. */
  readonly open: boolean;
  /** A call whose answer never came, was a maybe, or an acceptance. */
  readonly lost: boolean;
  readonly confirmed: number;
  readonly absentSince: number | undefined;
  /** Whose word that it is gone nothing has contradicted. */
  readonly stated: readonly PersonId[];
}
interface PassNode {
  readonly row: Grant | undefined;
  readonly now: number;
  readonly ghost: Ghost;
}
type PassMove = GrantCommand | { readonly wait: number };

export const REASONS = keys<EndReason>({
  deadline: true,
  returned: true,
  revoked: true,
  frozen: true,
  signal: true,
  drift: true,
  uncertain: true,
  reappeared: true,
  late_grant: true,
  orphan: true,
});

const short = { ...OFFER, durationSeconds: 60 };

function passMoves({ row, now }: PassNode): readonly PassMove[] {
  const wait = instantsAround(now, instantsOf(row)).map((at) => ({ wait: at }));
  const end_ = row?.expiresAt ?? now;
  const changes = ['no', 'maybe'] as const;
  return [
    ...wait,
    order(),
    order({ offer: short }),
    order({ startsAt: now + 60_000 }),
    order({ offer: short, startsAt: now }),
    { type: 'start' },
    { type: 'cleared' },
    { type: 'already_there' },
    { type: 'changed', code: 'entitlement_changed' },
    { type: 'attempt' },
    ...changes.map((changed) => ({ type: 'attempt_failed', fault: 'busy', changed }) as const),
    ...changes.map((changed) => ({ type: 'attempt_failed', fault: 'busy', changed, retryAt: now + 1 }) as const),
    { type: 'accepted', handle: { op: 1 }, pollAt: now + 1 },
    { type: 'confirmed', receipt: RECEIPT },
    { type: 'give_up' },
    { type: 'warn' },
    ...[end_ - 1, end_, end_ + 1, end_ + 3_600_000].map(
      (until) => ({ type: 'extend', until, extension: MORE }) as const,
    ),
    { type: 'extended', receipt: {} },
    { type: 'extension_failed', fault: 'refused' },
    ...REASONS.map((because) => end({ because, by: because === 'returned' ? MIA : 'hallpass' })),
    end({ because: 'returned', by: SAM }),
    { type: 'revoke_failed', fault: 'busy', retryAt: now + 1 },
    { type: 'overdue', fault: 'busy' },
    { type: 'seen_absent', sessionsEnded: 0, settleSeconds: SETTLE_SECONDS },
    { type: 'seen_present' },
    { type: 'revoke_failed', fault: 'still_present', retryAt: now + 1 },
    { type: 'reappeared' },
    { type: 'reappeared', marked: true },
    attest(SAM),
    attest(BEN),
    attest(BEN, ''),
    { type: 'ask_close', evidence: 'gone' },
    { type: 'ask_close', evidence: '' },
    adopt(),
    ...['f-1', 'f-2'].map((fingerprint) => ({ type: 'drifted', fingerprint }) as const),
    { type: 'spooled', doneAt: now, attempts: 1, seen: 'absent' },
  ];
}

/** The instants at which something changes for this row. */
function instantsOf(row: Grant | undefined): readonly (number | undefined)[] {
  if (!row) return [];
  const { expiresAt } = row;
  switch (row.status) {
    case 'scheduled':
      return [row.startsAt, expiresAt];
    case 'granting':
      return [row.giveUpAt, expiresAt];
    case 'active':
    case 'extending':
      return [expiresAt];
    case 'revoking': {
      const { because, since, lastAlarmAt, seenAbsentAt } = row.ending;
      const due = (because === 'deadline' ? expiresAt : since) + 120_000;
      const again = lastAlarmAt === undefined ? undefined : lastAlarmAt + 900_000;
      return [due, again, seenAbsentAt === undefined ? undefined : seenAbsentAt + SETTLE_SECONDS * 1000];
    }
    case 'revoked':
    case 'force_closed':
    case 'failed':
      return [];
  }
}

/** All that decides what happens next, times as they lie to `now`; counts only as far as they matter. */
function passKey({ row, now, ghost }: PassNode): string {
  if (!row) return 'none';
  const times = instantsOf(row).map((instant) => near(now, instant));
  const flags = Object.entries(row).flatMap(([name, value]) => {
    if (typeof value === 'boolean') return [`${name}=${value}`];
    return ['receipt', 'handle', 'activeAt', 'drifted'].includes(name) ? [name] : [];
  });
  const attempts = 'attempts' in row ? Math.min(row.attempts, 2) : 0;
  const ending =
    'ending' in row
      ? [
          row.ending.because,
          Math.min(row.ending.attempts, 1),
          row.ending.overdueSince !== undefined,
          row.ending.attestedBy,
        ]
      : [];
  const { open, lost, confirmed, absentSince, stated } = ghost;
  const knows = [open, lost, confirmed, absentSince !== undefined, [...stated].sort()];
  return JSON.stringify([row.status, times, flags, attempts, ending, knows]);
}

function ghostAfter(ghost: Ghost, command: GrantCommand, now: number, before: Grant | undefined): Ghost {
  switch (command.type) {
    case 'attempt':
      return { ...ghost, lost: ghost.lost || ghost.open, open: true };
    case 'attempt_failed':
      return { ...ghost, lost: ghost.lost || command.changed === 'maybe', open: false };
    case 'accepted':
      return { ...ghost, lost: true, open: false };
    case 'confirmed':
      return before?.status === 'revoking' ? ghost : { ...ghost, confirmed: ghost.confirmed + 1 };
    case 'seen_absent':
      return { ...ghost, absentSince: ghost.absentSince ?? now };
    case 'revoke_failed':
      return { ...ghost, absentSince: undefined, stated: command.fault === 'still_present' ? [] : ghost.stated };
    case 'seen_present':
    case 'reappeared':
      return { ...ghost, absentSince: undefined, stated: [] };
    case 'spooled':
      return { ...ghost, absentSince: undefined };
    case 'attest':
      return { ...ghost, stated: [...ghost.stated, command.by] };
  }
  return ghost;
}

interface PassStep {
  readonly before: Grant | undefined;
  readonly after: Grant;
  readonly command: GrantCommand;
  readonly now: number;
  readonly ghost: Ghost;
  readonly was: Ghost;
  readonly decision: Extract<Decision, { ok: true }>;
}
const FINAL: readonly string[] = ['revoked', 'force_closed', 'failed'];

/** What must hold of every step; each is a law. */
const PASS_LAWS: { readonly [law: string]: (step: PassStep) => boolean } = {
  'nothing comes back to life': ({ before, after }) =>
    after.status !== 'active' || !before || !['revoking', ...FINAL].includes(before.status),
  'active only by a confirm, or from active': ({ before, after, command }) =>
    after.status !== 'active' ||
    (before?.status === 'granting'
      ? command.type === 'confirmed'
      : ['active', 'extending'].includes(before?.status ?? '')),
  'what is over stays over, unless it is seen again': ({ before, after, command }) =>
    !before || !FINAL.includes(before.status) || (command.type === 'reappeared' && after.status === 'revoking'),
  'what failed is taken back by our mark alone (law 9)': ({ before, command }) =>
    before?.status !== 'failed' || (command.type === 'reappeared' && command.marked === true),
  'closed by hand only by two people, each with words of their own, after an alarm': ({
    before,
    after,
    was,
    command,
  }) =>
    after.status !== 'force_closed' ||
    (before?.status === 'revoking' &&
      before.ending.overdueSince !== undefined &&
      command.type === 'attest' &&
      command.evidence !== '' &&
      was.stated.length === 1 &&
      was.stated[0] !== command.by),
  'the word of somebody unknown closes nothing and counts for nobody': ({ before, after, command }) =>
    command.type !== 'ask_close' || before === after,
  'whose word stands is in the row': ({ after, ghost }) =>
    after.status !== 'revoking' || String(after.ending.attestedBy ?? []) === String(ghost.stated),
  'drift changes nothing but what is known of it': ({ before, after, command }) => {
    if (command.type !== 'drifted' || !before) return true;
    const { drifted: _was, ...rest } = before;
    const { drifted: is, ...now } = after;
    return JSON.stringify(rest) === JSON.stringify(now) && is === (command.fingerprint === 'f-1' ? undefined : 'f-2');
  },
  'what was done while nobody could write ends nothing by itself': ({ after, command }) =>
    command.type !== 'spooled' || after.status === 'revoking',
  'what nobody knew of is taken back from the start': ({ after, command }) =>
    command.type !== 'adopt' || (after.status === 'revoking' && after.ending.because === 'orphan'),
  'every row has its end': ({ after }) => Number.isSafeInteger(after.expiresAt) && after.expiresAt > 0,
  'the end never comes nearer': ({ before, after, command }) =>
    !before || command.type === 'start' || after.expiresAt >= before.expiresAt,
  'the end moves only by a confirmed extension before the old one': ({ before, after, command, now }) =>
    !before ||
    after.expiresAt === before.expiresAt ||
    command.type === 'start' ||
    (command.type === 'extended' && now < before.expiresAt),
  'a row that is not over has a due time (law 12)': ({ after }) =>
    FINAL.includes(after.status) ? grantDueAt(after) === null : Number.isSafeInteger(grantDueAt(after)),
  'doubt never fails (law 3)': ({ before, after, ghost }) =>
    before?.status !== 'granting' || after.status !== 'failed' || !(ghost.open || ghost.lost),
  'only ours is taken (law 9)': ({ before, after, was, ghost }) =>
    before?.status !== 'granting' || after.status !== 'revoking' || was.open || was.lost || ghost.lost,
  'a pass never called for never revokes (law 9)': ({ before, after }) =>
    before?.status !== 'granting' || before.attempts > 0 || after.status !== 'revoking',
  'no call before somebody looked (law 9)': ({ before, command }) =>
    command.type !== 'attempt' || (before?.status === 'granting' && before.cleared),
  'confirmed at most once': ({ ghost }) => ghost.confirmed <= 1,
  'revoked only after two looks, the settle time apart (law 4)': ({ after, was, now }) =>
    after.status !== 'revoked' || (was.absentSince !== undefined && now - was.absentSince >= SETTLE_SECONDS * 1000),
  'what is ordered is ordered in the same commit': ({ before, after, decision }) => {
    const kinds = decision.effects.map(({ kind }) => kind);
    if (after.status === before?.status) return true;
    if (after.status === 'revoking') return kinds.includes('revoke');
    if (after.status === 'granting' || after.status === 'scheduled') return kinds.includes('grant');
    return after.status !== 'extending' || kinds.includes('extend');
  },
  'a failed try orders the next one': ({ command, decision }) =>
    !['revoke_failed', 'seen_present'].includes(command.type) || decision.effects.some(({ kind }) => kind === 'revoke'),
  'what people must look at is an alarm': ({ command, decision }) =>
    !(
      ['overdue', 'reappeared', 'attest', 'adopt', 'ask_close'].includes(command.type) ||
      (command.type === 'drifted' && command.fingerprint === 'f-2')
    ) || decision.effects.some(({ kind }) => kind === 'alarm'),
  'nothing is ordered into the past': ({ decision, now }) => decision.effects.every(({ at }) => at >= now),
};

export function walkPass() {
  const seen = nothingSeen();
  const explored = explore<PassNode, PassMove>({
    first: {
      row: undefined,
      now: T0,
      ghost: { open: false, lost: false, confirmed: 0, absentSince: undefined, stated: [] },
    },
    keyOf: passKey,
    movesFrom: passMoves,
    isOver: ({ row }) => row !== undefined && FINAL.includes(row.status),
    step(node, move) {
      if ('wait' in move) return { ...node, now: move.wait };
      const { row: before, now, ghost: was } = node;
      const decision = decideGrant(before, move, { now, actor: HALLPASS });
      note(seen, move.type, decision);
      if (!decision.ok) return undefined;
      const after = decision.events.reduce(evolveGrant, before) as Grant;
      const ghost = ghostAfter(was, move, now, before);
      const step: PassStep = { before, after, command: move, now, ghost, was, decision };
      for (const [law, holds] of Object.entries(PASS_LAWS))
        if (!holds(step)) seen.broken.add(`${law}: ${before?.status} – ${move.type} → ${after.status}`);
      return { row: after, now, ghost };
    },
  });
  return { ...explored, seen };
}
