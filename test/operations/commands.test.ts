// Every verb of the command, with the answer that is seen at once, and what comes of it.
import { describe, expect, it } from 'vitest';
import { ChatError } from '../../src/ports/chat-platform.ts';
import { textOf } from '../fakes/fake-chat.ts';
import { catalogOf, OTHER_ROLE, ROLE, textOfAnswer } from '../world.ts';
import { asked, HOLDER, lastSaidTo, passOf, requestOf, sentence, worldWith } from './stories.ts';

const CATALOG = catalogOf([ROLE, OTHER_ROLE]);
const NO_PASS = 'There is no such live pass of yours. Use “list” to see your passes.';
const LOOKS = 'Checking first that you may do this. Then the passes are ended, and you will hear how many.';

describe('what needs nothing', () => {
  it.each([
    ['', 'form'],
    ['prod-db-readonly', 'form'],
    ['prod-db-readonly 1h', 'form'],
    ['list', 'You hold no passes.'],
    ['return', NO_PASS],
    ['return pass_1', NO_PASS],
    ['extend 30m', NO_PASS],
    ['extend pass_1 30m', NO_PASS],
    ['extend', 'How much longer? Type for example /jit extend 30m.'],
    ['approve', 'Which request? Its id is on the card. Type /jit approve <id>.'],
    ['approve req_1', 'There is no such request. Type /jit list to see yours.'],
    ['deny req_1', 'There is no such request. Type /jit list to see yours.'],
    ['revoke', 'What should end? Type /jit revoke with the id of a pass, a person with @, or a role.'],
    ['revoke nothing', 'There is no role “nothing”. Type /jit to choose from all roles.'],
    ['why nothing', 'There is no role “nothing”. Type /jit to choose from all roles.'],
    ['list more words', '“/jit list” takes no more words, and “more words” is left over. Type /jit help to see how.'],
    [
      'prod-db-readonyl 1h x',
      'There is no role “prod-db-readonyl”. Did you mean prod-db-readonly? Type /jit to choose from all roles.',
    ],
    ['prod-db-readonly 9h long', 'The longest time for this role is 4 h. Choose that or less.'],
    ['prod-db-readonly 10s x', '“10s” is not a duration that works here. Write it like 30m, 2h or 1h30m.'],
    ...['freeze all', 'unfreeze'].map(
      (text) =>
        [
          text,
          `“${text.split(' ')[0]}” is not in this version of Hallpass yet. To end live access now, security can type /jit revoke <id, @person or role>.`,
        ] as const,
    ),
    ...['breakglass prod-db-readonly fire', 'delegate <@U-ana> until friday', 'review', 'report', 'audit verify'].map(
      (text) =>
        [
          text,
          `“${text.split(' ')[0]}” is not in this version of Hallpass yet. Type /jit help to see what there is.`,
        ] as const,
    ),
  ] as const)('/jit %s', async (text, answer) => {
    const world = await worldWith({ catalog: CATALOG });
    expect(await world.say('mia', text)).toBe(answer);
    await world.pass(5);
    expect(world.errors).toEqual([]);
    expect((await world.store.counts())['requests']).toBe(0);
  });

  it('/jit help lists what there is, and names who may revoke', async () => {
    const world = await worldWith();
    expect((await world.say('mia', 'help')).split('\n')).toEqual([
      'Hallpass gives access for a while and takes it back by itself.',
      '/jit – ask for access with a form',
      '/jit <role> <duration> <reason> – ask in one line, for example 2h fix INC-42',
      '/jit list – your requests and passes, with Extend and Return',
      '/jit return [id] – give a pass back early',
      '/jit extend [id] 30m [why] – ask for more time',
      '/jit why <role> – can I ask, and who decides',
      '/jit approve <id> – see the card of a request, with its buttons',
      '/jit revoke <id, @person or role> [why] – end passes now (only secops)',
      '/jit force-close <pass> <what you looked at> – state that the access of an overdue pass is gone; two people close it (only secops)',
      '/jit help – this list',
    ]);
  });
});

describe('asking', () => {
  it('in one line: asked at once; again: refused with the request there is', async () => {
    const world = await worldWith();
    const text = 'prod-db-readonly 1h fix INC-42';
    expect(await world.say('mia', text)).toBe(
      'Asked for Read production data. Your card in the direct messages with Hallpass tells you what happens.',
    );
    await world.pass(5);
    const { id } = await requestOf(world);
    expect(await world.say('mia', text)).toBe(sentence({ code: 'already_asked', request: id }));
    expect(textOf(world.card().message)).toBe(
      'Read production data | Waiting for approval. Needs 1 of dbas, until <08:00>.',
    );
  });

  it('is refused to who may not, privately, with the next step', async () => {
    const world = await worldWith();
    await world.say('sam', 'prod-db-readonly 1h fix INC-42');
    await world.pass(5);
    const no = sentence({ code: 'not_eligible', role: ROLE.name, groups: ROLE.who });
    expect(world.private('sam')).toEqual([`Your request for Read production data was not passed on. ${no}`]);
    await world.say('gus', 'prod-db-readonly 1h fix INC-42');
    await world.pass(5);
    expect(lastSaidTo(world, 'gus')).toContain(sentence({ code: 'not_a_member', standing: 'guest' }));
  });
});

describe('list', () => {
  it('shows passes with their buttons, what waits, and what was before', async () => {
    const world = await worldWith({ catalog: CATALOG });
    await world.livePass();
    await asked(world, 'billing-support 1h ticket 9');
    const pass = await passOf(world);
    const answer = await world.inbox.command({ ...world.origin('mia'), text: 'list' });
    if (answer.kind !== 'note') throw new Error('a list is a note');
    expect(await world.say('mia', 'list')).toBe(
      [
        'Your passes',
        `• Read production data in prod-db: active, until <01:00> ${pass.id}`,
        'Waiting',
        `• Support in billing for 1 h: waiting for approval ${(await requestOf(world)).id}`,
      ].join('\n'),
    );
    expect(answer.note.buttons?.map(({ label }) => label)).toEqual(['Extend…', 'Return now', 'Ask for access']);
    await world.say('mia', 'return');
    await world.pass(10);
    expect(await world.say('mia', 'list')).toContain('Before\n• Read production data for 1 h: approved');
  });
});

describe('return', () => {
  it('ends the only pass; a second time there is none', async () => {
    const world = await worldWith();
    await world.livePass();
    expect(await world.say('mia', 'return')).toBe(
      'Thank you. Your pass for Read production data is being ended now, and the card tells you when it is gone.',
    );
    await world.pass(10);
    expect(world.fake.target.has(HOLDER, 'readonly')).toBe(false);
    expect(await world.say('mia', 'return')).toBe(NO_PASS);
    expect(await world.say('mia', `return ${(await passOf(world)).id}`)).toBe(
      sentence({ code: 'wrong_status', status: 'revoked' }),
    );
  });

  it('wants to know which of several, and ends that one, by its id or its request’s', async () => {
    const world = await worldWith({ catalog: CATALOG });
    await world.livePass();
    const first = await passOf(world);
    await world.livePass('billing-support 1h ticket 9');
    expect(await world.say('mia', 'return')).toBe(
      'You hold several live passes. Say which one by its id, or use the buttons of “list”.',
    );
    await world.say('mia', `return ${first.request}`);
    await world.pass(10);
    expect((await world.store.grant(first.id))?.row.status).toBe('revoked');
    expect(world.billing.target.has(HOLDER, 'support')).toBe(true);
    await world.say('mia', `return ${(await passOf(world)).id}`);
    await world.pass(10);
    expect(world.billing.target.has(HOLDER, 'support')).toBe(false);
  });

  it('that is delivered twice is told to have arrived, not to have failed', async () => {
    const world = await worldWith();
    await world.livePass();
    const { id } = await passOf(world);
    const press = { ...world.origin('mia'), action: 'return', value: `${id}.0.-` };
    expect(textOfAnswer(await world.inbox.press(press))).toContain('Thank you.');
    expect(textOfAnswer(await world.inbox.press(press))).toBe('Hallpass has this already, so nothing was done twice.');
  });

  it('of somebody else’s pass is refused', async () => {
    const world = await worldWith();
    await world.livePass();
    const { id } = await passOf(world);
    for (const user of ['ana', 'eve'])
      expect(await world.say(user, `return ${id}`)).toBe(sentence({ code: 'not_yours' }));
    expect((await passOf(world)).status).toBe('active');
  });

  it('is open to a holder who was deactivated or suspended meanwhile', async () => {
    const world = await worldWith();
    await world.livePass();
    const mia = world.chat.people.get('U-mia');
    if (mia) Object.assign(mia, { standing: 'deactivated', email: 'other@acme.test' });
    expect(await world.say('mia', 'return')).toContain('Thank you.');
    await world.pass(10);
    expect((await passOf(world)).status).toBe('revoked');
  });
});

describe('extend', () => {
  it('asks by the role’s rules, and says what is wrong', async () => {
    const world = await worldWith();
    await world.livePass();
    const { id, orderedAt } = await passOf(world);
    expect(await world.say('mia', 'extend 30m')).toBe(sentence({ code: 'reason_missing' }));
    const latest = orderedAt + 4 * 3600_000;
    expect(await world.say('mia', 'extend 5h because')).toBe(sentence({ code: 'extension_too_long', latest }));
    expect(await world.say('ana', `extend ${id} 30m because`)).toBe(sentence({ code: 'not_yours' }));
    expect(await world.say('mia', `extend ${id} 30m because`)).toContain('Asked for Read production data.');
    await world.pass(5);
    const request = (await requestOf(world)).id;
    expect(await world.say('mia', 'extend 30m because')).toBe(sentence({ code: 'already_asked', request }));
  });

  it('before the pass is live is too early', async () => {
    const world = await worldWith();
    world.fake.script.always({ kind: 'busy' }, 'grant');
    await world.livePass();
    expect(await world.say('mia', 'extend 30m because')).toBe(sentence({ code: 'not_live', status: 'granting' }));
  });
});

describe('why', () => {
  it('says whether, by which rule, by whom and for how long', async () => {
    const world = await worldWith();
    expect(await world.say('mia', 'why prod-db-readonly')).toBe(
      'Looking it up. The answer comes in a moment, here or as a direct message.',
    );
    await world.pass(5);
    const [note] = world.chat.sent;
    expect(note && textOf(note.message)).toBe(
      'Read production data: you can ask for this. ✓ You are a full member ✓ You are in a group that may ask ✓ The duration ✓ The reason ✓ Enough people can approve Approval: 1 of dbas. Stage 1 (dbas): 2 people could say yes. From 1 min to 4 h, 1 h if you say nothing.',
    );
  });

  it('to who may not: what is in the way', async () => {
    const world = await worldWith();
    await world.say('sam', 'why prod-db-readonly');
    await world.pass(5);
    expect(lastSaidTo(world, 'sam')).toContain('you cannot ask for this now');
    expect(lastSaidTo(world, 'sam')).toContain(sentence({ code: 'not_eligible', role: ROLE.name, groups: ROLE.who }));
  });

  it('does not say that somebody is in no group when the group cannot be read', async () => {
    const engineers = { name: 'engineers', members: [], platformGroups: [{ platform: 'slack', id: 'S1' }] };
    const catalog = catalogOf();
    const world = await worldWith({ catalog: { ...catalog, groups: { ...catalog.groups, engineers } } });
    world.hook = (call, proceed) =>
      call.method === 'members' ? Promise.reject(new ChatError('unreachable', 'http_500', 'no')) : proceed();
    await world.say('mia', 'why prod-db-readonly');
    await world.pass(5);
    expect(lastSaidTo(world, 'mia')).toContain(sentence({ code: 'facts_unavailable', what: 'group' }));
    expect(lastSaidTo(world, 'mia')).not.toContain('is for engineers');
  });
});

describe('approve and deny', () => {
  it('show the card as it is now with its buttons, to this person alone, and decide nothing (B15)', async () => {
    const world = await worldWith();
    const { id } = await asked(world);
    for (const verb of ['approve', 'deny']) {
      const answer = await world.inbox.command({ ...world.origin('kim'), text: `${verb} ${id}` });
      if (answer.kind !== 'note') throw new Error('a card is a note here');
      expect(answer.note.buttons?.map(({ action }) => action)).toEqual(['approve', 'deny', 'comment', 'details']);
      expect(answer.note.quote).toBe('fix INC-42');
    }
    await world.pass(10);
    expect((await requestOf(world)).status).toBe('pending');
    expect((await world.say('ana', `approve ${id}`)).split('\n')).toEqual([
      'Read production data',
      'Waiting for approval. Needs 1 of dbas, until <08:00>.',
      'Role: prod-db-readonly',
      'Target: prod-db · role readonly in the fake target',
      'Who: Mia as mia@acme.test',
      'How long: 1 h',
      'Risk: medium',
      `Request: ${id}`,
      'Next: when approved, access is given at once and taken back by itself.',
      'Hallpass ends this at the deadline; the target does not do so by itself.',
    ]);
  });
});

describe('revoke', () => {
  it.each([
    ['the id of a pass', (pass: { id: string }) => pass.id],
    ['the id of a request', (pass: { request: string }) => pass.request],
    ['a person', () => '<@U-mia>'],
    ['a role', () => 'prod-db-readonly'],
  ])('by security, %s', async (_what, subject) => {
    const world = await worldWith();
    const card = await world.livePass();
    expect(await world.say('sam', `revoke ${subject(await passOf(world))} odd queries`)).toBe(LOOKS);
    await world.pass(15);
    expect(world.fake.target.has(HOLDER, 'readonly')).toBe(false);
    expect(lastSaidTo(world, 'sam')).toBe('Ending 1 pass now. Each card tells when its pass is gone.');
    expect(world.chat.threadOf(card.ref)).toContainEqual(
      'Ending: security ended it (Sam). Taking the access back… “odd queries”',
    );
  });

  it('ends all of a role, of everybody, and says how many', async () => {
    const world = await worldWith();
    await world.livePass();
    await asked(world, 'prod-db-readonly 1h other', 'kim');
    await world.press('ana', 'approve', world.card().message, world.card().ref);
    await world.pass(15);
    await world.say('mia', 'return');
    await world.say('sam', 'revoke prod-db-readonly');
    await world.pass(15);
    expect(lastSaidTo(world, 'sam')).toContain('Ending 1 pass now.');
    expect(world.fake.target.holdings()).toEqual([]);
  });

  it('by anybody else is refused, logged, and ends nothing', async () => {
    const world = await worldWith();
    await world.livePass();
    for (const user of ['ana', 'mia', 'gus', 'eve']) {
      expect(await world.say(user, 'revoke prod-db-readonly')).toBe(LOOKS);
      await world.pass(10);
    }
    expect(lastSaidTo(world, 'ana')).toBe(sentence({ code: 'not_security', group: 'secops' }));
    expect(lastSaidTo(world, 'gus')).toBe(sentence({ code: 'not_a_member', standing: 'guest' }));
    expect((await passOf(world)).status).toBe('active');
  });

  it('of what is not there says so', async () => {
    const world = await worldWith();
    for (const subject of ['pass_1', '<@U-nobody>', 'prod-db-readonly']) {
      await world.say('sam', `revoke ${subject}`);
      await world.pass(5);
      expect(lastSaidTo(world, 'sam')).toBe(sentence({ code: 'unknown_pass' }));
    }
  });

  it('while the group of security cannot be read is refused after a minute, not kept for ever', async () => {
    const secops = { name: 'secops', members: [], platformGroups: [{ platform: 'slack', id: 'S9' }] };
    const catalog = catalogOf();
    const world = await worldWith({ catalog: { ...catalog, groups: { ...catalog.groups, secops } } });
    await world.livePass();
    await world.say('sam', 'revoke prod-db-readonly');
    await world.pass(90);
    expect(lastSaidTo(world, 'sam')).toBe(sentence({ code: 'facts_unavailable', what: 'group' }));
    expect((await passOf(world)).status).toBe('active');
  });
});
