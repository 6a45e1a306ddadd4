// Who may decide, by facts read at that very moment (threats B02 to B16): whoever left, was suspended, is nobody of ours or
// is the requester decides nothing, and what cannot be found out is not decided.
import { describe, expect, it } from 'vitest';
import type { PersonId } from '../../src/core/model.ts';
import { ChatError } from '../../src/ports/chat-platform.ts';
import { textOf } from '../fakes/fake-chat.ts';
import { catalogOf, OTHER_ROLE, ROLE, type World } from '../world.ts';
import {
  approve,
  asked,
  auditLines,
  buttonOf,
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

function person(world: World, user: string) {
  const found = world.chat.people.get(`U-${user}`);
  if (!found) throw new Error(`there is no ${user}`);
  return found;
}

function leave(world: World, user: string): void {
  person(world, user).standing = 'deactivated';
}

/** Their account cannot be read. */
function unreadable(world: World, ...users: readonly string[]): void {
  world.hook = (call, proceed) => {
    const [account] = call.args as readonly { readonly user?: string }[];
    const isTheirs = call.method === 'account' && users.some((user) => account?.user === `U-${user}`);
    return isTheirs ? Promise.reject(new ChatError('unreachable', 'http_500', 'no')) : proceed();
  };
}

describe('who presses', () => {
  it('B07: nobody approves their own request', async () => {
    const world = await worldWith();
    await asked(world);
    await approve(world, 'mia');
    expect(await refusals(world)).toEqual(['own_request']);
    expect(lastSaidTo(world, 'mia')).toBe(sentence({ code: 'own_request' }));
    expect((await requestOf(world)).status).toBe('pending');
  });

  it('B08: nor with another account of theirs, and two accounts of one person count once', async () => {
    const world = await worldWith({ catalog: catalogOf([TWO]) });
    const request = await asked(world);
    await secondAccount(world, 'mia', 'mia2');
    await pressValue(world, 'mia2', buttonOf(request));
    expect(await refusals(world)).toEqual(['own_request']);
    await pressValue(world, 'ana', buttonOf(request));
    await secondAccount(world, 'ana', 'ana2');
    await pressValue(world, 'ana2', buttonOf(request));
    expect(await refusals(world)).toEqual(['own_request', 'already_approved']);
    expect((await requestOf(world)).status).toBe('pending');
  });

  it.each([
    ['gus', { code: 'not_a_member', standing: 'guest' }],
    ['eve', { code: 'not_a_member', standing: 'stranger' }],
    ['kim', { code: 'not_an_approver', groups: ['dbas'] }],
  ] as const)('B01, B03: %s does not decide', async (user, refusal) => {
    const world = await worldWith();
    await asked(world);
    await approve(world, user);
    expect(await refusals(world)).toEqual([refusal.code]);
    expect(lastSaidTo(world, user)).toBe(sentence(refusal));
    expect(world.fake.calls.grant).toBe(0);
  });

  it('B05: an approver who was deactivated before the press is judged decides nothing', async () => {
    const world = await worldWith();
    await asked(world);
    const { message, ref } = world.card();
    await world.press('ana', 'approve', message, ref);
    leave(world, 'ana');
    await world.pass(5);
    expect(await refusals(world)).toEqual(['not_a_member']);
    expect((await requestOf(world)).status).toBe('pending');
  });

  it('B05: while an account cannot be read nothing is decided, and after a minute it is refused', async () => {
    const world = await worldWith();
    await asked(world);
    unreadable(world, 'ana');
    await approve(world, 'ana');
    await world.pass(40);
    expect(await refusals(world)).toEqual([]);
    expect((await requestOf(world)).status).toBe('pending');
    await world.pass(40);
    expect(await refusals(world)).toEqual(['facts_unavailable']);
    expect(lastSaidTo(world, 'ana')).toBe(sentence({ code: 'facts_unavailable', what: 'person' }));
    expect(world.fake.calls.grant).toBe(0);
  });

  it('B05: the press counts when the account can be read again in time', async () => {
    const world = await worldWith();
    await asked(world);
    unreadable(world, 'ana');
    await approve(world, 'ana');
    world.hook = undefined;
    await world.pass(20);
    expect((await requestOf(world)).status).toBe('approved');
    expect(await refusals(world)).toEqual([]);
  });

  it('B16: a role without approvers, or whose group is empty, lets nobody approve', async () => {
    const world = await worldWith({ catalog: catalogOf([{ ...ROLE, stages: [] }]) });
    await world.say('mia', 'prod-db-readonly 1h fix INC-42');
    await world.pass(5);
    expect((await requestOf(world)).status).toBe('refused');
    expect(lastSaidTo(world, 'mia')).toContain(sentence({ code: 'nobody_can_approve', groups: [] }));

    const empty = {
      ...catalogOf(),
      groups: { ...catalogOf().groups, dbas: { name: 'dbas', members: [], platformGroups: [] } },
    };
    const other = await worldWith({ catalog: empty });
    await other.say('mia', 'prod-db-readonly 1h fix INC-42');
    await other.pass(5);
    expect((await requestOf(other)).status).toBe('refused');
  });
});

describe('who pressed before', () => {
  it('B06: an approval of somebody who left the group meanwhile is void, and said so in the thread', async () => {
    const world = await worldWith({ catalog: catalogOf([TWO]) });
    await asked(world);
    await approve(world, 'ana');
    const left = catalogOf([TWO]);
    const dbas = { name: 'dbas', members: ['ben@acme.test', 'kim@acme.test'], platformGroups: [] };
    world.restart({ catalog: { ...left, groups: { ...left.groups, dbas } } });
    await approve(world, 'ben');
    expect((await requestOf(world)).status).toBe('pending');
    expect(world.fake.calls.grant).toBe(0);
    await world.pass(5);
    expect(world.chat.threadOf(world.card().ref)).toContainEqual(
      expect.stringContaining('The approval of Ana does not count any more'),
    );
    await approve(world, 'kim');
    expect((await requestOf(world)).status).toBe('approved');
  });

  it('B06: so is one of somebody who was deactivated; and while that cannot be found out, nothing is decided', async () => {
    const world = await worldWith({ catalog: catalogOf([TWO]) });
    await asked(world);
    await approve(world, 'ana');
    unreadable(world, 'ana');
    await approve(world, 'ben');
    await world.pass(70);
    expect(await refusals(world)).toEqual(['facts_unavailable']);
    world.hook = undefined;
    leave(world, 'ana');
    await approve(world, 'ben');
    expect(await typesOf(world)).toContain('approval.voided');
    expect((await requestOf(world)).status).toBe('pending');
  });
});

describe('for whom', () => {
  it('a requester who left before the last approval gets nothing', async () => {
    const world = await worldWith();
    await asked(world);
    leave(world, 'mia');
    await approve(world, 'ana');
    expect(await refusals(world)).toEqual(['requester_cannot']);
    const why = { code: 'not_a_member', standing: 'deactivated' } as const;
    expect(lastSaidTo(world, 'ana')).toBe(sentence({ code: 'requester_cannot', why }));
    expect(await typesOf(world)).not.toContain('grant.ordered');
  });

  it('nor does one who was suspended, or may not ask any more, nor more time', async () => {
    const world = await worldWith();
    await world.livePass();
    await world.say('mia', 'extend 30m still at it');
    await world.pass(5);
    const extension = world.chat.sent.findLast(
      ({ message, place }) => message.kind === 'card' && place.kind === 'thread',
    );
    if (!extension) throw new Error('no card for more time');
    person(world, 'mia').email = 'other@acme.test';
    await world.press('ben', 'approve', extension.message, extension.ref);
    await world.pass(5);
    const before = (await passOf(world)).expiresAt;
    expect(lastSaidTo(world, 'ben')).toBe(sentence({ code: 'requester_cannot', why: { code: 'suspended' } }));
    expect((await passOf(world)).expiresAt).toBe(before);

    const other = await worldWith();
    await asked(other);
    const catalog = catalogOf();
    const engineers = { name: 'engineers', members: ['ana@acme.test'], platformGroups: [] };
    other.restart({ catalog: { ...catalog, groups: { ...catalog.groups, engineers } } });
    await approve(other, 'ana');
    const why = { code: 'not_eligible', role: ROLE.name, groups: ROLE.who } as const;
    expect(lastSaidTo(other, 'ana')).toBe(sentence({ code: 'requester_cannot', why }));
    expect(other.fake.calls.grant).toBe(0);
  });

  it('and while that cannot be found out, nothing is decided', async () => {
    const world = await worldWith();
    await asked(world);
    unreadable(world, 'mia');
    await approve(world, 'ana');
    expect((await requestOf(world)).status).toBe('pending');
    await world.pass(70);
    expect(await refusals(world)).toEqual(['facts_unavailable']);
  });

  it('a no counts all the same', async () => {
    const world = await worldWith();
    const request = await asked(world);
    leave(world, 'mia');
    const context = JSON.stringify({ value: buttonOf(request) });
    await world.inbox.submitForm({ ...world.origin('ana'), form: 'deny', context, answers: { note: 'gone' } });
    await world.pass(5);
    expect((await requestOf(world)).status).toBe('denied');
  });
});

describe('identity', () => {
  it('B10: a changed e-mail address suspends the person and alarms, once', async () => {
    const world = await worldWith();
    await asked(world);
    await approve(world, 'ben');
    expect((await requestOf(world)).status).toBe('approved');
    await asked(world, 'prod-db-readonly 1h again', 'kim');
    person(world, 'ben').email = 'ana@acme.test';
    for (let times = 0; times < 3; times += 1) await pressValue(world, 'ben', buttonOf(await asKim(world)));
    expect((await requestOf(world, 'kim')).status).toBe('pending');
    expect(lastSaidTo(world, 'ben')).toBe(sentence({ code: 'suspended' }));
    await world.pass(20);
    expect(auditLines(world).match(/a person was suspended/g)).toHaveLength(1);
  });

  it('B09: somebody whose address belongs to a person already is suspended, once, and is not that person', async () => {
    const world = await worldWith();
    const request = await asked(world);
    await approve(world, 'ana');
    person(world, 'kim').email = 'ana@acme.test';
    for (let times = 0; times < 3; times += 1) await pressValue(world, 'kim', buttonOf(request));
    expect(lastSaidTo(world, 'kim')).toBe(sentence({ code: 'suspended' }));
    await world.pass(20);
    expect(auditLines(world).match(/a person was suspended/g)).toHaveLength(1);
  });

  it('an address that is not shown any more is a gap, not a change: nobody is suspended for a missing right', async () => {
    const world = await worldWith();
    await asked(world);
    await approve(world, 'ana');
    person(world, 'ana').email = undefined;
    await asked(world, 'prod-db-readonly 1h more', 'kim');
    await approve(world, 'ana');
    await world.pass(70);
    expect((await requestOf(world, 'kim')).status).toBe('pending');
    expect((await world.store.personAt(world.chat.ref('U-ana')))?.row.suspended).toBeUndefined();
    person(world, 'ana').email = 'ana@acme.test';
    await approve(world, 'ana');
    expect((await requestOf(world, 'kim')).status).toBe('approved');
  });
});

describe('B02: a channel that was shared after the card was posted', () => {
  it('lets nobody press there, but still in App Home', async () => {
    const world = await worldWith();
    const request = await asked(world);
    world.chat.shared.add('C-REV');
    await approve(world, 'ana');
    expect(await refusals(world)).toEqual(['channel_shared']);
    expect((await requestOf(world)).status).toBe('pending');
    await pressValue(world, 'ana', buttonOf(request));
    expect((await requestOf(world)).status).toBe('approved');
    expect(world.fake.target.has(HOLDER, 'readonly')).toBe(true);
  });

  it('withdraws its cards within a minute, of live passes too; they go on in the audit channel and count there', async () => {
    const world = await worldWith({ catalog: catalogOf([ROLE, OTHER_ROLE]) });
    const live = await world.livePass();
    await asked(world, 'billing-support 1h ticket 9');
    const open = world.card();
    world.chat.shared.add('C-REV');
    await world.inbox.changed({ kind: 'channel', id: 'C-REV' });
    await world.pass(30);
    for (const { message } of [live, open]) {
      expect(textOf(message)).toBe('This card was withdrawn, because the channel is shared with another organisation.');
      expect('buttons' in message ? message.buttons : undefined).toBeUndefined();
    }
    const inAudit = () =>
      world.chat.sent.filter(({ ref, message }) => ref.channel === 'C-AUDIT' && message.kind === 'card');
    const moved = inAudit().find(({ message }) => message.buttons?.some(({ action }) => action === 'approve'));
    if (!moved) throw new Error('the open card is not in the audit channel');
    await world.press('ana', 'approve', moved.message, moved.ref);
    await world.pass(15);
    expect((await requestOf(world)).status).toBe('approved');
    expect(world.billing.target.has(HOLDER, 'support')).toBe(true);
    await world.say('mia', `return ${(await passOf(world)).id}`);
    await world.pass(30);
    expect(inAudit().map(({ message }) => textOf(message).split(':')[0])).toContain(
      'Support in billing | Ended by Mia',
    );
  });

  it('leaves the cards alone when it was only renamed', async () => {
    const world = await worldWith();
    const card = await world.livePass();
    await world.inbox.changed({ kind: 'channel', id: 'C-REV' });
    await world.pass(30);
    expect(textOf(card.message)).toContain('Active until');
    expect(world.chat.sent.filter(({ ref, message }) => ref.channel === 'C-AUDIT' && message.kind === 'card')).toEqual(
      [],
    );
  });

  it('is noticed at a press too, when no event told of it', async () => {
    const world = await worldWith();
    await asked(world);
    const { message, ref } = world.card();
    world.chat.shared.add('C-REV');
    await world.press('ana', 'approve', message, ref);
    await world.pass(30);
    expect(await refusals(world)).toEqual(['channel_shared']);
    expect(textOf(world.chat.sent.find((one) => one.ref === ref)?.message ?? message)).toContain('was withdrawn');
  });

  it('is alarmed about, and no card is posted there', async () => {
    const world = await worldWith();
    world.chat.shared.add('C-REV');
    await world.inbox.changed({ kind: 'channel', id: 'C-REV' });
    await world.say('mia', 'prod-db-readonly 1h fix INC-42');
    await world.pass(10);
    expect(auditLines(world)).toContain('ALARM: channel changed');
    expect((await requestOf(world)).status).toBe('refused');
    expect(world.chat.sent.filter(({ ref }) => ref.channel === 'C-REV')).toEqual([]);
  });
});

async function asKim(world: World) {
  const request = await requestOf(world, 'kim');
  if (request.status !== 'pending') throw new Error(`kim's request is ${request.status}`);
  return request;
}

/** The person gets a second account, as an operator would link it. */
async function secondAccount(world: World, user: string, second: string): Promise<PersonId> {
  const stored = await world.store.personAt(world.chat.ref(`U-${user}`));
  if (!stored) throw new Error(`${user} is not known yet`);
  const accounts = [...stored.row.accounts, world.chat.ref(`U-${second}`)];
  await world.store.commit({ writes: [{ kind: 'person', row: { ...stored.row, accounts }, version: stored.version }] });
  world.chat.people.set(`U-${second}`, { ...person(world, user), user: `U-${second}` });
  return stored.row.id;
}
