// What was seen is what is granted (law 11), and a decision counts only on the card it was made for and while it can
// (threats C01 to C15).
import { describe, expect, it } from 'vitest';
import { buttonValue, digestOf } from '../../src/core/digest.ts';
import { textOf } from '../fakes/fake-chat.ts';
import { catalogOf, OTHER_ROLE, ROLE, type World } from '../world.ts';
import {
  approve,
  asked,
  buttonOf,
  eventsOf,
  HOLDER,
  lastSaidTo,
  passOf,
  pressValue,
  refusals,
  requestOf,
  sentence,
  typesOf,
  worldWith,
} from './stories.ts';

const TWO = { ...ROLE, stages: [{ from: ['dbas'], count: 2 }] };
const OUTDATED = sentence({ code: 'outdated' });

async function deny(world: World, user: string, value: string, note = 'not now'): Promise<void> {
  const context = JSON.stringify({ value });
  await world.inbox.submitForm({ ...world.origin(user), form: 'deny', context, answers: { note } });
  await world.pass(5);
}

describe('C01: what changed after the card was seen', () => {
  it('the policy: approvals are void, the old button decides nothing, the new one does', async () => {
    const world = await worldWith({ catalog: catalogOf([TWO]) });
    const before = await asked(world);
    await approve(world, 'ana');
    world.restart({ catalog: catalogOf([{ ...TWO, duration: { ...TWO.duration, maxSeconds: 7200 } }], 'policy-2') });
    await pressValue(world, 'ben', buttonOf(before));
    expect(lastSaidTo(world, 'ben')).toBe(OUTDATED);
    const now = await requestOf(world);
    expect(now).toMatchObject({ status: 'pending', revision: 2, approvals: [] });
    await pressValue(world, 'ben', buttonOf(before));
    expect(await refusals(world)).toEqual(['outdated', 'outdated']);
    await approve(world, 'ben');
    await approve(world, 'ana');
    expect((await requestOf(world)).status).toBe('approved');
    expect(world.chat.threadOf(world.card().ref).join('\n')).toContain('The policy for this role changed.');
  });

  it('the policy, so that it could not be asked for any more: the approver hears why, and a no still counts', async () => {
    const world = await worldWith();
    const before = await asked(world);
    world.restart({ catalog: catalogOf([{ ...ROLE, duration: { ...ROLE.duration, maxSeconds: 600 } }], 'policy-2') });
    await pressValue(world, 'ana', buttonOf(before));
    const why = { code: 'duration_too_long', maxSeconds: 600 } as const;
    expect(lastSaidTo(world, 'ana')).toBe(sentence({ code: 'requester_cannot', why }));
    await deny(world, 'ana', buttonOf(before));
    expect((await requestOf(world)).status).toBe('denied');
  });

  it('the policy, under a request for more time', async () => {
    const world = await worldWith();
    await world.livePass();
    await world.say('mia', 'extend 30m still at it');
    await world.pass(5);
    const more = await requestOf(world);
    if (more.status !== 'pending') throw new Error(more.status);
    world.restart({ catalog: catalogOf([{ ...ROLE, stages: [{ from: ['secops'], count: 1 }] }], 'policy-2') });
    await pressValue(world, 'ana', buttonOf(more));
    expect(lastSaidTo(world, 'ana')).toBe(OUTDATED);
    const revised = await requestOf(world);
    if (revised.status !== 'pending') throw new Error(revised.status);
    await pressValue(world, 'ana', buttonOf(revised));
    expect(lastSaidTo(world, 'ana')).toBe(sentence({ code: 'not_an_approver', groups: ['secops'] }));
    await pressValue(world, 'sam', buttonOf(revised));
    await world.pass(5);
    expect((await requestOf(world)).status).toBe('approved');
    expect((await passOf(world)).status).toBe('active');
  });

  it('C04: what the entitlement gives: nothing is given, and the thread says why', async () => {
    const world = await worldWith();
    await asked(world);
    world.fake.setPower('readonly', 'everything');
    await approve(world, 'ana');
    await world.pass(10);
    expect(await passOf(world)).toMatchObject({ status: 'failed', code: 'entitlement_changed' });
    expect(world.fake.calls.grant).toBe(0);
    expect(world.chat.threadOf(world.card().ref).at(-1)).toContain('What this role gives in the target changed');
  });

  it('the policy, between the approval and the first call', async () => {
    const world = await worldWith();
    await asked(world);
    world.fake.script.next('fingerprint', { kind: 'unreachable' });
    const { message, ref } = world.card();
    await world.press('ana', 'approve', message, ref);
    await world.settle();
    expect((await requestOf(world)).status).toBe('approved');
    world.restart({ catalog: catalogOf([ROLE], 'policy-2') });
    await world.pass(60);
    expect(await passOf(world)).toMatchObject({ status: 'failed', code: 'policy_changed' });
    expect(world.fake.calls.grant).toBe(0);
  });
});

describe('C02, C03, C15: presses that are not on our card', () => {
  it('a button of one request under another request’s card', async () => {
    const world = await worldWith();
    const mine = await asked(world);
    await asked(world, 'prod-db-readonly 1h other', 'kim');
    const other = world.card();
    await world.inbox.press({ ...world.origin('ana', other.ref), action: 'approve', value: buttonOf(mine) });
    await world.pass(5);
    expect(lastSaidTo(world, 'ana')).toBe(OUTDATED);
    expect((await requestOf(world)).status).toBe('pending');
  });

  it('nor does a request for more time count under just any card of ours', async () => {
    const world = await worldWith();
    const card = await world.livePass();
    await world.say('mia', 'extend 30m still at it');
    await world.pass(5);
    const more = await requestOf(world);
    if (more.status !== 'pending') throw new Error(more.status);
    await world.inbox.press({ ...world.origin('ana', card.ref), action: 'approve', value: buttonOf(more) });
    await world.pass(5);
    expect(lastSaidTo(world, 'ana')).toBe(OUTDATED);
  });

  it('a copy in another channel, and a message that is none of ours', async () => {
    const world = await worldWith();
    const request = await asked(world);
    for (const at of [
      { ...world.card().ref, channel: 'C-ELSEWHERE' },
      { ...world.card().ref, message: '999999' },
    ]) {
      await world.inbox.press({ ...world.origin('ana', at), action: 'approve', value: buttonOf(request) });
      await world.pass(5);
    }
    expect(await refusals(world)).toEqual(['outdated', 'outdated']);
  });

  it.each([
    ['another revision', (r: { id: string; digest: string }) => buttonValue(r.id, 9, r.digest)],
    ['another digest', (r: { id: string }) => buttonValue(r.id, 1, digestOf({ kind: 'access' }, {} as never))],
  ])('%s', async (_what, forged) => {
    const world = await worldWith();
    const request = await asked(world);
    await pressValue(world, 'ana', forged(request));
    expect(await refusals(world)).toEqual(['outdated']);
  });

  it('a value that is none of ours, or of a request that is not there', async () => {
    const world = await worldWith();
    await asked(world);
    const absent = 'req_00000000000000000000000099.1.-';
    for (const value of ['', 'req', 'constructor', '__proto__', absent, `req_${'x'.repeat(9999)}`]) {
      await pressValue(world, 'ana', value);
      expect(lastSaidTo(world, 'ana')).toBe(sentence({ code: 'unknown_request' }));
    }
    expect((await requestOf(world)).status).toBe('pending');
    expect(world.errors).toEqual([]);
  });

  it('C15: what the form carries is only a hint: another request’s value is judged as that', async () => {
    const world = await worldWith();
    const mine = await asked(world);
    const theirs = await asked(world, 'prod-db-readonly 1h other', 'kim');
    const context = JSON.stringify({ value: buttonOf(theirs), message: world.card().ref, channel: 7, role: 'admin' });
    await world.inbox.submitForm({ ...world.origin('ana'), form: 'deny', context, answers: { note: 'no' } });
    await world.pass(5);
    expect((await world.store.request(mine.id))?.row.status).toBe('pending');
    expect((await world.store.request(theirs.id))?.row.status).toBe('denied');
    for (const broken of ['', '{', '[]', '{"value":7}', 'null']) {
      const event = { ...world.origin('ana'), form: 'deny', context: broken, answers: { note: 'no' } };
      expect(await world.inbox.submitForm(event)).toMatchObject({ kind: 'done', note: { tone: 'bad' } });
    }
  });
});

describe('C12: too late', () => {
  it('a press after the request has lapsed, before the sweep came by', async () => {
    const world = await worldWith({ catalog: catalogOf([{ ...ROLE, pendingSeconds: 600 }]) });
    const request = await asked(world);
    await world.clock.advance(600_000);
    await world.inbox.press({ ...world.origin('ana'), action: 'approve', value: buttonOf(request) });
    await world.settle();
    expect(await refusals(world)).toEqual(['lapsed']);
    await world.pass(5);
    expect((await requestOf(world)).status).toBe('lapsed');
    expect(textOf(world.card().message)).toContain('Lapsed:');
    expect(world.card().message.buttons?.map(({ action }) => action)).toEqual(['details']);
  });

  it('a press that was made in time and waits for facts while the request lapses', async () => {
    const world = await worldWith({ catalog: catalogOf([{ ...ROLE, pendingSeconds: 60 }]) });
    const request = await asked(world);
    world.chat.fail('down', 1);
    await world.inbox.press({ ...world.origin('ana'), action: 'approve', value: buttonOf(request) });
    await world.pass(58);
    world.chat.fail('down', 0);
    await world.pass(30);
    expect((await requestOf(world)).status).toBe('lapsed');
    expect(await typesOf(world)).not.toContain('approval.given');
    expect(await refusals(world)).toHaveLength(1);
  });

  it('a press after it was denied, withdrawn or approved', async () => {
    const world = await worldWith();
    const request = await asked(world);
    await deny(world, 'ana', buttonOf(request));
    await pressValue(world, 'ben', buttonOf(request));
    expect(lastSaidTo(world, 'ben')).toBe(sentence({ code: 'wrong_status', status: 'denied' }));
    expect(world.fake.calls.grant).toBe(0);
  });
});

describe('who else may end it', () => {
  it('security may deny without being an approver, but not without a word, and others may not', async () => {
    const world = await worldWith();
    const request = await asked(world);
    await deny(world, 'kim', buttonOf(request));
    expect(lastSaidTo(world, 'kim')).toBe(sentence({ code: 'not_an_approver', groups: ['dbas'] }));
    await deny(world, 'sam', buttonOf(request), 'an incident is open');
    expect((await requestOf(world)).status).toBe('denied');
    expect(world.chat.threadOf(world.card().ref)).toContainEqual('Sam denied the request. “an incident is open”');
    expect(lastSaidTo(world, 'sam')).toBe('');
  });

  it('security may not approve by being security', async () => {
    const world = await worldWith();
    const request = await asked(world);
    await pressValue(world, 'sam', buttonOf(request));
    expect(await refusals(world)).toEqual(['not_an_approver']);
  });

  it('the requester may withdraw, while it is being checked too, and nothing comes of it', async () => {
    const world = await worldWith();
    world.fake.script.always({ kind: 'unreachable' }, 'resolve');
    await world.say('mia', 'prod-db-readonly 1h fix INC-42');
    await world.pass(5);
    const { id } = await requestOf(world);
    await world.inbox.press({ ...world.origin('mia'), action: 'withdraw', value: buttonValue(id, 0, '-') });
    expect((await requestOf(world)).status).toBe('withdrawn_early');
    world.fake.script.always({ kind: 'ok' }, 'resolve');
    const said = lastSaidTo(world, 'mia');
    await world.pass(700, 5);
    expect((await requestOf(world)).status).toBe('withdrawn_early');
    expect(lastSaidTo(world, 'mia')).toBe(said);
    expect((await world.store.counts())['jobs']).toBe(0);
    await asked(world);
  });

  it('stages are passed in order', async () => {
    const stages = [
      { from: ['dbas'], count: 1 },
      { from: ['secops'], count: 1 },
    ];
    const world = await worldWith({ catalog: catalogOf([{ ...ROLE, stages }]) });
    await asked(world);
    await approve(world, 'sam');
    await approve(world, 'ana');
    await approve(world, 'ben');
    expect(await refusals(world)).toEqual(['not_an_approver', 'not_an_approver']);
    expect((await requestOf(world)).status).toBe('pending');
    await approve(world, 'sam');
    expect((await requestOf(world)).status).toBe('approved');
  });
});

describe('law 10: one membership, one pass', () => {
  it('two requests for the same access by two roles: the second approval is refused, with the pass there is', async () => {
    const same = { ...ROLE, name: 'prod-db-again', title: 'The same again' };
    const world = await worldWith({ catalog: catalogOf([ROLE, same]) });
    const first = await asked(world);
    const second = await asked(world, 'prod-db-again 1h fix too');
    await pressValue(world, 'ana', buttonOf(first));
    await pressValue(world, 'ana', buttonOf(second));
    expect(await refusals(world)).toEqual(['requester_cannot']);
    const { id, expiresAt } = await passOf(world);
    const why = { code: 'already_live', grant: id, role: ROLE.name, expiresAt } as const;
    expect(lastSaidTo(world, 'ana')).toBe(sentence({ code: 'requester_cannot', why }));
    expect((await world.store.request(second.id))?.row.status).toBe('pending');
    expect(world.fake.effects.grants).toBe(1);
    await world.say('mia', 'return');
    await world.pass(10);
    await pressValue(world, 'ana', buttonOf(second));
    expect((await world.store.request(second.id))?.row.status).toBe('approved');
  });

  it('different access in two targets is two passes', async () => {
    const world = await worldWith({ catalog: catalogOf([ROLE, OTHER_ROLE]) });
    await asked(world);
    await approve(world, 'ana');
    await asked(world, 'billing-support 1h ticket 9');
    await approve(world, 'ana');
    await world.pass(10);
    expect(world.fake.target.has(HOLDER, 'readonly')).toBe(true);
    expect(world.billing.target.has(HOLDER, 'support')).toBe(true);
    expect((await eventsOf(world)).filter(({ type }) => type === 'grant.confirmed')).toHaveLength(1);
  });
});
