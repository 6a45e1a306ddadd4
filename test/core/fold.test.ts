// Folding the events gives exactly the stored row (law 14): for any commands in any order, one log with several requests and
// passes in it, and through JSON as the store keeps it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decision, Moment } from '../../src/core/decision.ts';
import type { DomainEvent, GrantEvent, RequestEvent } from '../../src/core/events.ts';
import { decideGrant } from '../../src/core/grant.ts';
import type { GrantCommand } from '../../src/core/grant-command.ts';
import { evolveGrant } from '../../src/core/grant-evolve.ts';
import type { AccessRequest, Grant, GrantId, PersonId, RequestId } from '../../src/core/model.ts';
import { decideRequest } from '../../src/core/request.ts';
import type { RequestCommand } from '../../src/core/request-command.ts';
import { evolveRequest } from '../../src/core/request-evolve.ts';
import { keys } from './explore.ts';
import {
  ANA,
  account,
  adopt,
  adoptRequest,
  approve,
  attest,
  BEN,
  deny,
  end,
  FULL,
  HALLPASS,
  MIA,
  MORE,
  OFFER,
  opening,
  order,
  PASS,
  REQUEST,
  SAM,
  submit,
  T0,
} from './scene.ts';

const PASS_TWO = PASS.replace('ONE', 'TWO') as GrantId;
const REQUESTS = [REQUEST, MORE] as const;
const PASSES = [PASS, PASS_TWO] as const;

/** A command to one of the rows, given so many seconds after the one before. */
type Act =
  | { readonly wait: number; readonly request: RequestId; readonly command: RequestCommand }
  | { readonly wait: number; readonly pass: GrantId; readonly command: GrantCommand };

const words = fc.string({ unit: 'grapheme', maxLength: 20 });
const person = fc.constantFrom<PersonId>(MIA, ANA, BEN, SAM);
const standings = fc.constantFrom(FULL, { ...FULL, [ANA]: [] }, { [BEN]: ['dbas', 'secops'], [SAM]: ['secops'] });
const about = { platform: 'slack', tenant: 'T1', channel: 'C1', message: '1.5' };
const opened = fc.record({ lapsesAt: fc.integer({ min: T0 + 60_000, max: T0 + 9_000_000 }) }).map(opening);
const revision = fc.integer({ min: 1, max: 3 });

function requestCommand(id: RequestId): fc.Arbitrary<RequestCommand> {
  const purpose = id === MORE ? ({ kind: 'extension', grant: PASS } as const) : ({ kind: 'access' } as const);
  const asked = fc.record({ reason: words, about: fc.option(fc.constant(about), { nil: undefined }) });
  return fc.oneof(
    asked.map(({ reason, about: from }) => submit({ id, purpose, reason, ...(from ? { about: from } : {}) })),
    { weight: 3, arbitrary: opened.map((facts) => ({ type: 'open', ...facts }) as const) },
    opened.map((facts) => ({ type: 'open_approved', grants: [PASS], ...facts }) as const),
    fc.constant({ type: 'refuse', refusal: { code: 'not_eligible', role: 'r', groups: ['g'] } } as const),
    {
      weight: 6,
      arbitrary: fc
        .tuple(person, standings, revision)
        .map(([by, now, rev]) => approve(by, { standings: now, revision: rev })),
    },
    fc.tuple(person, standings, words).map(([by, now, note]) => deny(by, { standings: now, note })),
    fc.constant({ type: 'withdraw', by: MIA } as const),
    fc.tuple(person, words).map(([by, comment]) => ({ type: 'comment', by, comment }) as const),
    fc.constant({ type: 'lapse' } as const),
    opened.map((facts) => ({ type: 'revise', why: 'policy_changed', ...facts }) as const),
  );
}

function grantCommand(id: GrantId): fc.Arbitrary<GrantCommand> {
  const instant = fc.integer({ min: T0, max: T0 + 20_000_000 });
  const plain: readonly GrantCommand[] = [
    order({ id }),
    order({ id, offer: { ...OFFER, durationSeconds: 60 } }),
    order({ id, startsAt: T0 + 30_000 }),
    { type: 'start' },
    { type: 'cleared' },
    { type: 'cleared' },
    { type: 'already_there' },
    { type: 'changed', code: 'policy_changed' },
    { type: 'attempt' },
    { type: 'attempt' },
    { type: 'confirmed', receipt: { session: 's-1', note: 'ünïcödé 🔑' } },
    { type: 'confirmed', receipt: {} },
    { type: 'give_up' },
    { type: 'warn' },
    { type: 'extended', receipt: { session: 's-2' } },
    { type: 'extension_failed', fault: 'refused' },
    { type: 'overdue', fault: 'busy' },
    { type: 'seen_present' },
    { type: 'reappeared' },
    { type: 'reappeared', marked: true },
    attest(SAM),
    attest(BEN),
    { type: 'ask_close', evidence: 'gone' },
    adopt({ id }),
    { type: 'drifted', fingerprint: 'f-1' },
    { type: 'drifted', fingerprint: 'f-2' },
    { type: 'spooled', doneAt: T0, attempts: 1, seen: 'absent' },
    { type: 'revoke_failed', fault: 'still_present', retryAt: T0 },
    { type: 'seen_absent', sessionsEnded: 1, settleSeconds: 0 },
    { type: 'seen_absent', sessionsEnded: 0, settleSeconds: 5 },
    end(),
    end({ because: 'deadline', by: 'hallpass' }),
  ];
  const changed = fc.constantFrom('no' as const, 'maybe' as const);
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...plain) },
    changed.map((said) => ({ type: 'attempt_failed', fault: 'busy', changed: said }) as const),
    fc
      .tuple(changed, instant)
      .map(([said, retryAt]) => ({ type: 'attempt_failed', fault: 'busy', changed: said, retryAt }) as const),
    fc
      .tuple(fc.dictionary(words, fc.jsonValue() as fc.Arbitrary<null>, { noNullPrototype: true }), instant)
      .map(([handle, pollAt]) => ({ type: 'accepted', handle, pollAt }) as const),
    instant.map((until) => ({ type: 'extend', until, extension: MORE }) as const),
    instant.map((retryAt) => ({ type: 'revoke_failed', fault: 'busy', retryAt }) as const),
  );
}

const act = fc
  .tuple(fc.nat({ max: 1 }), fc.nat({ max: 1 }), fc.constantFrom(0, 0, 1, 3, 60, 400, 4_000))
  .chain(([kind, which, wait]): fc.Arbitrary<Act> => {
    const [request, pass] = [REQUESTS[which === 0 ? 0 : 1], PASSES[which === 0 ? 0 : 1]];
    return kind === 0
      ? requestCommand(request).map((command) => ({ wait, request, command }))
      : grantCommand(pass).map((command) => ({ wait, pass, command }));
  });
const toPass = (wait: number, command: GrantCommand): Act => ({ wait, pass: PASS, command });
const toRequest = (wait: number, command: RequestCommand): Act => ({ wait, request: REQUEST, command });
const CALLED: readonly Act[] = [
  toPass(0, order({ id: PASS })),
  toPass(1, { type: 'cleared' }),
  toPass(0, { type: 'attempt' }),
];
const LIVE: readonly Act[] = [...CALLED, toPass(1, { type: 'confirmed', receipt: { session: 's-1' } })];
const OPENED: readonly Act[] = [
  toRequest(0, submit({ account: account('U-MIA') })),
  toRequest(1, { type: 'open', ...opening() }),
];
/** A beginning that gets somewhere, so that random commands meet rows in every status. */
const begun = fc.constantFrom<readonly Act[]>(
  [],
  CALLED,
  [...LIVE, { wait: 1, request: MORE, command: submit({ id: MORE, purpose: { kind: 'extension', grant: PASS } }) }],
  [...LIVE, toPass(1, { type: 'extend', until: T0 + 9_000_000, extension: MORE })],
  [
    ...CALLED,
    toPass(1, end({ why: 'a stolen laptop' })),
    toPass(1, { type: 'seen_absent', sessionsEnded: 2, settleSeconds: 0 }),
  ],
  [
    ...LIVE,
    toPass(1, { type: 'drifted', fingerprint: 'f-2' }),
    toPass(1, end()),
    toPass(120, { type: 'overdue', fault: 'busy' }),
    toPass(1, attest(SAM)),
  ],
  [toRequest(0, adoptRequest()), toPass(0, adopt({ id: PASS }))],
  OPENED,
  [...OPENED, toRequest(1, approve(ANA))],
);

interface Log {
  readonly requests: Map<RequestId, AccessRequest | undefined>;
  readonly passes: Map<GrantId, Grant | undefined>;
  readonly events: DomainEvent[];
  readonly seen: Set<string>;
}

/** Built step by step, each row from its own decisions alone, as the store does it. */
function built(acts: readonly Act[]): Log {
  const log: Log = { requests: new Map(), passes: new Map(), events: [], seen: new Set() };
  let now = T0;
  for (const next of acts) {
    now += next.wait * 1000;
    const at: Moment = { now, actor: HALLPASS };
    if ('request' in next)
      apply(log, log.requests, next.request, (row) => decideRequest(row, next.command, at), evolveRequest);
    else apply(log, log.passes, next.pass, (row) => decideGrant(row, next.command, at), evolveGrant);
  }
  return log;
}

function apply<Id, Row extends { readonly status: string }>(
  log: Log,
  rows: Map<Id, Row | undefined>,
  id: Id,
  decide: (row: Row | undefined) => Decision,
  evolve: (row: Row | undefined, event: DomainEvent) => Row | undefined,
): void {
  const row = rows.get(id);
  const decision = decide(row);
  if (!decision.ok) return;
  const after = decision.events.reduce(evolve, row);
  rows.set(id, after);
  log.events.push(...decision.events);
  if (after) log.seen.add(after.status);
}

const stored = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

const ASKED: ReadonlySet<string> = new Set(['request.submitted', 'request.adopted']);
const GIVEN: ReadonlySet<string> = new Set(['grant.ordered', 'grant.adopted']);

/** The rows again, from the log alone: every later event is shown to the row, which takes what is about it. */
function foldRequest(events: readonly DomainEvent[], id: RequestId): AccessRequest | undefined {
  const from = events.findIndex((event) => ASKED.has(event.type) && event.subject.request === id);
  return from === -1 ? undefined : events.slice(from).reduce<AccessRequest | undefined>(evolveRequest, undefined);
}
function foldPass(events: readonly DomainEvent[], id: GrantId): Grant | undefined {
  const from = events.findIndex((event) => GIVEN.has(event.type) && event.subject.grant === id);
  return from === -1 ? undefined : events.slice(from).reduce<Grant | undefined>(evolveGrant, undefined);
}

const RUNS = { seed: 14, numRuns: 3_000 };

describe('folding the log', () => {
  it('gives every row as it was built, through JSON or not', () => {
    const seen = new Set<string>();
    const types = new Set<string>();
    fc.assert(
      fc.property(begun, fc.array(act, { maxLength: 40, size: 'max' }), (start, acts) => {
        const log = built([...start, ...acts]);
        const read = stored(log.events);
        expect(read).toStrictEqual(log.events);
        for (const id of REQUESTS) expect(foldRequest(log.events, id)).toStrictEqual(log.requests.get(id));
        for (const id of PASSES) expect(foldPass(log.events, id)).toStrictEqual(log.passes.get(id));
        for (const id of REQUESTS) expect(foldRequest(read, id)).toStrictEqual(log.requests.get(id));
        for (const id of PASSES) expect(foldPass(read, id)).toStrictEqual(log.passes.get(id));
        for (const row of [...log.requests.values(), ...log.passes.values()])
          if (row) expect(stored(row)).toStrictEqual(row);
        for (const status of log.seen) seen.add(status);
        for (const { type } of log.events) types.add(type);
      }),
      RUNS,
    );
    // Otherwise the property would hold of very little.
    expect([...seen].sort()).toEqual([
      ...[
        'active',
        'adopted',
        'approved',
        'denied',
        'evaluating',
        'extending',
        'failed',
        'force_closed',
        'granting',
        'lapsed',
      ],
      ...['pending', 'refused', 'revoked', 'revoking', 'scheduled', 'withdrawn', 'withdrawn_early'],
    ]);
    expect([...types].sort()).toEqual(
      keys<Exclude<(RequestEvent | GrantEvent)['type'], 'decision.refused'>>({
        ...{ 'request.submitted': true, 'request.refused': true, 'request.opened': true, 'request.revised': true },
        ...{ 'request.approved': true, 'request.denied': true, 'request.withdrawn': true, 'request.lapsed': true },
        ...{ 'request.commented': true, 'approval.given': true, 'approval.voided': true },
        ...{ 'grant.ordered': true, 'grant.started': true, 'grant.cleared': true, 'grant.attempted': true },
        ...{ 'grant.attempt_failed': true, 'grant.accepted': true, 'grant.confirmed': true, 'grant.failed': true },
        ...{ 'grant.warned': true, 'grant.extending': true, 'grant.extended': true, 'grant.extension_failed': true },
        ...{ 'revoke.ordered': true, 'revoke.attempt_failed': true, 'revoke.overdue': true },
        ...{ 'revoke.seen_absent': true, 'revoke.seen_present': true, 'grant.late_confirmed': true },
        ...{ 'grant.revoked': true, 'grant.force_closed': true, 'grant.reappeared': true, 'grant.attested': true },
        ...{
          'request.adopted': true,
          'grant.adopted': true,
          'grant.drifted': true,
          'grant.close_asked': true,
          'revoke.spooled': true,
        },
      }),
    );
  });

  it('goes on from any stored row as from the row itself', () => {
    fc.assert(
      fc.property(begun, fc.array(act, { maxLength: 20 }), fc.array(act, { maxLength: 10 }), (start, acts, more) => {
        const whole = built([...start, ...acts, ...more]);
        const before = built([...start, ...acts]);
        const rest = stored(whole.events.slice(before.events.length));
        for (const id of PASSES) {
          const row = before.passes.get(id);
          if (row) expect(rest.reduce<Grant | undefined>(evolveGrant, stored(row))).toStrictEqual(whole.passes.get(id));
        }
        for (const id of REQUESTS) {
          const row = before.requests.get(id);
          if (row)
            expect(rest.reduce<AccessRequest | undefined>(evolveRequest, stored(row))).toStrictEqual(
              whole.requests.get(id),
            );
        }
      }),
      { seed: 15, numRuns: 1_000 },
    );
  });
});
