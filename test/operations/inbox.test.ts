// What else comes in: a person's own page, changes of channels and people, and whoever knocks unsigned.
import { describe, expect, it } from 'vitest';
import { ChatError } from '../../src/ports/chat-platform.ts';
import type { Home } from '../../src/ports/document.ts';
import { richText } from '../fakes/fake-chat.ts';
import { catalogOf, OTHER_ROLE, ROLE, textOfAnswer, type World } from '../world.ts';
import { approve, asked, auditLines, passOf, requestOf, sentence, worldWith } from './stories.ts';

async function homeOf(world: World, user: string): Promise<Home> {
  await world.inbox.home({ account: world.chat.ref(`U-${user}`) });
  await world.pass(3);
  const home = world.chat.homes.get(`U-${user}`);
  if (!home) throw new Error(`no page for ${user}`);
  return home;
}

function section(home: Home, title: string): readonly string[] {
  const found = home.sections.find((one) => one.title === title);
  return (found?.items ?? []).map(({ lines, buttons }) =>
    [...lines.map(richText), ...buttons.map(({ label }) => `[${label}]`)].join(' '),
  );
}

describe('a person’s own page', () => {
  it('of somebody who was never here shows what they can ask for, and writes nobody down', async () => {
    const world = await worldWith({ catalog: catalogOf([ROLE, OTHER_ROLE]) });
    const home = await homeOf(world, 'mia');
    expect(section(home, 'What I can ask for')).toEqual([
      'Read production data in prod-db · up to 4 h · needs 1 of dbas [Ask]',
      'Support in billing in billing · up to 4 h · needs 1 of dbas [Ask]',
    ]);
    expect((await world.store.counts())['persons']).toBe(0);
    expect(section(await homeOf(world, 'sam'), 'What I can ask for')).toEqual([]);
    for (const user of ['gus', 'eve']) expect(section(await homeOf(world, user), 'What I can ask for')).toEqual([]);
  });

  it('shows passes and requests of one’s own, and what waits for one’s decision, as it changes', async () => {
    const world = await worldWith();
    const { id } = await asked(world);
    await homeOf(world, 'ana');
    expect(section(await homeOf(world, 'mia'), 'My passes')).toEqual([
      `• Read production data for 1 h: waiting for approval ${id} [Withdraw]`,
    ]);
    expect(section(await homeOf(world, 'mia'), 'Waiting for me')).toEqual([]);
    const [waiting] = section(await homeOf(world, 'ana'), 'Waiting for me');
    expect(waiting).toBe('Mia asks for Read production data for 1 h “fix INC-42” [Approve] [Deny…] [Details]');
    await approve(world, 'ana');
    await world.pass(20);
    expect(section(world.chat.homes.get('U-ana') as Home, 'Waiting for me')).toEqual([]);
    expect(section(world.chat.homes.get('U-mia') as Home, 'My passes')).toEqual([
      `• Read production data in prod-db: active, until <01:00> ${(await passOf(world)).id} [Extend…] [Return now]`,
    ]);
  });

  it('says that something may be missing when a group cannot be read, and shows the rest', async () => {
    const catalog = catalogOf();
    const odd = { name: 'odd', members: [], platformGroups: [{ platform: 'slack', id: 'S-gone' }] };
    const world = await worldWith({ catalog: { ...catalog, groups: { ...catalog.groups, odd } } });
    const home = await homeOf(world, 'mia');
    expect(home.intro.map(richText)).toContain(
      'Not all groups could be read just now, so something may be missing here.',
    );
    expect(section(home, 'What I can ask for')).toHaveLength(1);
  });

  it('comes later when the platform is away, and is let go where there is nobody to show it to', async () => {
    const world = await worldWith();
    world.chat.fail('down', 1);
    await world.inbox.home({ account: world.chat.ref('U-mia') });
    await world.pass(5);
    expect(world.chat.homes.size).toBe(0);
    world.chat.fail('down', 0);
    await world.pass(10);
    expect(world.chat.homes.size).toBe(1);
    await world.inbox.home({ account: world.chat.ref('U-nobody') });
    await world.pass(5);
    expect((await world.store.counts())['jobs']).toBe(0);
  });
});

describe('buttons that lead somewhere', () => {
  it('Ask, Show, and ones that nobody knows', async () => {
    const world = await worldWith();
    const press = (action: string, value: string) => world.inbox.press({ ...world.origin('mia'), action, value });
    expect((await press('ask', '-')).kind).toBe('form');
    const asking = await press('ask', ROLE.name);
    expect(asking.kind === 'form' && asking.form.fields.map(({ name }) => name)).toEqual([
      'role',
      'duration',
      'reason',
    ]);
    expect(textOfAnswer(await press('show', '-'))).toBe('You hold no passes.');
    expect(textOfAnswer(await press('launch', 'x'))).toBe(sentence({ code: 'outdated' }));
    for (const action of ['return', 'extend'])
      expect(textOfAnswer(await press(action, 'x'))).toContain('There is no such live pass');
    for (const action of ['deny', 'comment', 'details', 'withdraw'])
      expect(textOfAnswer(await press(action, 'x'))).toBe(sentence({ code: 'unknown_request' }));
  });

  it('Withdraw is for the requester alone', async () => {
    const world = await worldWith();
    const { id } = await asked(world);
    const press = (user: string) =>
      world.inbox.press({ ...world.origin(user), action: 'withdraw', value: `${id}.0.-` });
    for (const user of ['ana', 'eve']) expect(textOfAnswer(await press(user))).toBe(sentence({ code: 'not_yours' }));
    expect(textOfAnswer(await press('mia'))).toBe('Your request for Read production data is withdrawn.');
    expect(textOfAnswer(await press('mia'))).toBe(sentence({ code: 'wrong_status', status: 'withdrawn' }));
    expect((await requestOf(world)).status).toBe('withdrawn');
  });
});

describe('what the platform tells of itself', () => {
  it('a channel of ours that changed, and the app that was removed, are alarms; others are nobody’s business', async () => {
    const world = await worldWith();
    await world.inbox.changed({ kind: 'channel', id: 'C-ELSEWHERE' });
    await world.inbox.changed({ kind: 'account', id: 'U-mia' });
    await world.inbox.changed({ kind: 'group', id: 'S1' });
    expect((await world.store.ledgerHead()).size).toBe(0);
    for (const id of ['C-REV', 'C-AUDIT']) await world.inbox.changed({ kind: 'channel', id });
    await world.inbox.changed({ kind: 'uninstalled', id: 'T01' });
    await world.pass(20);
    expect(auditLines(world).match(/ALARM: channel changed/g)).toHaveLength(2);
    expect(auditLines(world)).toContain('ALARM: chat uninstalled');
  });

  it('whoever knocks unsigned costs one entry a minute and code, with their number', async () => {
    const world = await worldWith();
    for (let times = 0; times < 500; times += 1) world.inbox.refused({ code: 'bad_signature' });
    world.inbox.refused({ code: 'too_old' });
    await world.pass(61, 61);
    world.inbox.refused({ code: 'bad_signature' });
    await world.pass(1);
    const { size } = await world.store.ledgerHead();
    const events = await Promise.all(Array.from({ length: size }, (_, at) => world.store.event(at)));
    const counted = events.flatMap((one) => (one?.event.type === 'ingress.refused' ? one.event.data : []));
    expect(counted).toEqual([
      { code: 'bad_signature', count: 1 },
      { code: 'too_old', count: 1 },
      { code: 'bad_signature', count: 500 },
    ]);
  });
});

describe('facts about people are asked of the platform', () => {
  it('at evaluation: what cannot be found out is waited for, then refused with a sentence', async () => {
    const world = await worldWith();
    world.hook = (call, proceed) =>
      call.method === 'accountByEmail' ? Promise.reject(new ChatError('unreachable', 'http_500', 'no')) : proceed();
    await world.say('mia', 'prod-db-readonly 1h fix INC-42');
    await world.pass(300, 5);
    expect((await requestOf(world)).status).toBe('evaluating');
    await world.pass(400, 5);
    expect(await requestOf(world)).toMatchObject({ status: 'refused', code: 'facts_unavailable' });
    expect(world.private('mia').at(-1)).toContain(sentence({ code: 'facts_unavailable', what: 'group' }));
  });
});
