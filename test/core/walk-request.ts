// The walk over requests: every press by everybody, with every kind of facts, and every other command.
import type { AccessRequest, PersonId } from '../../src/core/model.ts';
import type { Standings } from '../../src/core/quorum.ts';
import { decideRequest } from '../../src/core/request.ts';
import type { RequestCommand } from '../../src/core/request-command.ts';
import { evolveRequest } from '../../src/core/request-evolve.ts';
import { requestDueAt } from '../../src/store/due-at.ts';
import { explore, instantsAround, near, note, nothingSeen } from './explore.ts';
import {
  ANA,
  adoptRequest,
  approve,
  BEN,
  DIGEST,
  deny,
  FULL,
  HALLPASS,
  MIA,
  opening,
  PASS,
  SAM,
  STAGES,
  submit,
  T0,
} from './scene.ts';

interface AskNode {
  readonly row: AccessRequest | undefined;
  readonly now: number;
}
type AskMove = RequestCommand | { readonly wait: number };

const OTHER_DIGEST = 'e'.repeat(32);
const WORLDS: readonly Standings[] = [
  FULL,
  { ...FULL, [ANA]: [] },
  { [MIA]: ['dbas'], [BEN]: ['dbas'], [SAM]: ['leads'] },
  { ...FULL, [BEN]: ['secops'] },
];

function askMoves({ row, now }: AskNode): readonly AskMove[] {
  const revision = row && 'revision' in row ? row.revision : 1;
  const digest = row && 'digest' in row ? row.digest : DIGEST;
  const people = [MIA, ANA, BEN, SAM];
  const lapsesAt = now + 60_000;
  return [
    ...instantsAround(now, row?.status === 'pending' ? [row.lapsesAt] : []).map((at) => ({ wait: at })),
    submit(),
    adoptRequest(),
    { type: 'refuse', refusal: { code: 'suspended' } },
    { type: 'open', ...opening({ lapsesAt }) },
    { type: 'open', ...opening({ lapsesAt, stages: [] }) },
    { type: 'open_approved', grants: [PASS], ...opening({ lapsesAt }) },
    ...people.flatMap((by) => WORLDS.map((standings) => approve(by, { standings, revision, digest }))),
    ...people.flatMap((by) => WORLDS.map((standings) => deny(by, { standings, revision, digest }))),
    approve(ANA, { revision: revision + 1, digest }),
    approve(ANA, { revision, digest: 'f'.repeat(32) }),
    deny(SAM, { standings: {}, revision, digest, security: true }),
    deny(ANA, { revision, digest, note: '' }),
    ...people.map((by) => ({ type: 'withdraw', by }) as const),
    { type: 'comment', by: ANA, comment: 'hm' },
    { type: 'comment', by: ANA, comment: '' },
    { type: 'lapse' },
    { type: 'revise', why: 'edited', ...opening({ lapsesAt, digest: digest === DIGEST ? OTHER_DIGEST : DIGEST }) },
  ];
}

function askKey({ row, now }: AskNode): string {
  if (!row) return 'none';
  const approvals = 'approvals' in row ? row.approvals.map(({ by, stage }) => `${by}@${stage}`).sort() : [];
  const opened = 'revision' in row ? [Math.min(row.revision, 3), row.digest, row.stages.length] : [];
  return JSON.stringify([
    row.status,
    approvals,
    opened,
    near(now, row.status === 'pending' ? row.lapsesAt : undefined),
  ]);
}

interface AskStep {
  readonly before: AccessRequest | undefined;
  readonly after: AccessRequest;
  readonly command: RequestCommand;
  readonly now: number;
}
const OPEN: readonly string[] = ['evaluating', 'pending'];
const approvalsOf = (row: AccessRequest) => ('approvals' in row ? row.approvals : []);

/** By hand and for these stages alone: who of the approvers is in which group now. */
function isMet(row: AccessRequest, standings: Standings): boolean {
  const inGroup = (by: PersonId, groups: readonly string[]) => standings[by]?.some((group) => groups.includes(group));
  return STAGES.every(({ from, count }, stage) => {
    const people = new Set(
      approvalsOf(row)
        .filter((given) => given.stage === stage && inGroup(given.by, from))
        .map(({ by }) => by),
    );
    return people.size >= count;
  });
}

const ASK_LAWS: { readonly [law: string]: (step: AskStep) => boolean } = {
  'a person counts once (C13)': ({ after }) =>
    new Set(approvalsOf(after).map(({ by }) => by)).size === approvalsOf(after).length,
  'nobody approves their own (B07)': ({ after }) => approvalsOf(after).every(({ by }) => by !== after.requester),
  'what is over stays as it is': ({ before, after }) => !before || OPEN.includes(before.status) || before === after,
  'approved by people means the quorum of now (B06)': ({ after, command }) =>
    after.status !== 'approved' ||
    command.type === 'comment' ||
    command.type === 'open_approved' ||
    (command.type === 'approve' && isMet(after, command.standings)),
  'nobody decides after the lapse (C12)': ({ before, after, now }) =>
    before?.status !== 'pending' ||
    now < before.lapsesAt ||
    after === before ||
    after.status === 'lapsed' ||
    after.status === 'withdrawn',
  'no lapse before its time': ({ before, after, now }) =>
    after === before || after.status !== 'lapsed' || (before?.status === 'pending' && now >= before.lapsesAt),
  'only an edit changes what is decided on, and then nobody has approved it (C01)': ({ before, after }) => {
    if (before?.status !== 'pending' || !('digest' in after)) return true;
    if (after.revision === before.revision) return after.digest === before.digest && after.offer === before.offer;
    return after.revision === before.revision + 1 && approvalsOf(after).length === 0;
  },
  'an open request has a due time (law 12)': ({ after }) =>
    OPEN.includes(after.status) ? Number.isSafeInteger(requestDueAt(after)) : requestDueAt(after) === null,
  'grants are named only by an approval, or where they were found': ({ after }) =>
    'grants' in after === (after.status === 'approved' || after.status === 'adopted'),
  'what is found stands for nobody’s request': ({ before, after, command }) =>
    (after.status === 'adopted') === (command.type === 'adopt' || before?.status === 'adopted'),
};

export function walkRequest() {
  const seen = nothingSeen();
  const explored = explore<AskNode, AskMove>({
    first: { row: undefined, now: T0 },
    keyOf: askKey,
    movesFrom: askMoves,
    isOver: ({ row }) => row !== undefined && !OPEN.includes(row.status),
    step(node, move) {
      if ('wait' in move) return { ...node, now: move.wait };
      const { row: before, now } = node;
      const decision = decideRequest(before, move, { now, actor: HALLPASS });
      note(seen, move.type, decision);
      if (!decision.ok) return undefined;
      const after = decision.events.reduce(evolveRequest, before) as AccessRequest;
      for (const [law, holds] of Object.entries(ASK_LAWS))
        if (!holds({ before, after, command: move, now }))
          seen.broken.add(`${law}: ${before?.status} – ${move.type} → ${after.status}`);
      return { row: after, now };
    },
  });
  return { ...explored, seen };
}
