// A target is thrown away while a pass lives in it: the access cannot be proven gone by anybody but people. The whole thread, in
// order, and what the others hear: two different people of security close the pass, each with what they looked at.
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Catalog } from '../../src/core/catalog.ts';
import type { Person } from '../../src/core/model.ts';
import { askForceClose } from '../../src/operations/ask-force-close.ts';
import { textOf } from '../fakes/fake-chat.ts';
import { type FakePager, fakePager } from '../fakes/fake-pager.ts';
import { eventsOf, HOLDER, lastSaidTo, passOf, sentence } from '../operations/stories.ts';
import { catalogOf, openWorld, type World } from '../world.ts';

const CHECKS = 'Checking first that you may do this. Then you will hear whether the pass is closed.';
const TWO = catalogOf();
/** sam and ben are security. */
const CATALOG: Catalog = {
  ...TWO,
  groups: {
    ...TWO.groups,
    secops: { name: 'secops', members: ['sam@acme.test', 'ben@acme.test'], platformGroups: [] },
  },
};

interface Story {
  readonly world: World;
  readonly pager: FakePager;
  readonly id: string;
  /** Replies in the thread of the card in the reviewer channel. */
  thread(): readonly string[];
  say(user: string, text: string): Promise<void>;
}

async function story(): Promise<Story> {
  const pager = fakePager('oncall');
  const world = await openWorld({ catalog: CATALOG, pagers: [pager] });
  onTestFinished(() => world.close());
  const card = await world.livePass();
  return {
    world,
    pager,
    id: (await passOf(world)).id,
    thread: () => world.chat.threadOf(card.ref),
    async say(user, text) {
      expect(await world.say(user, text)).toBe(CHECKS);
      await world.pass(10, 5);
    },
  };
}

async function overdueStory(): Promise<Story> {
  const begun = await story();
  begun.world.fake.script.always({ kind: 'unreachable' });
  await begun.world.say('mia', 'return');
  await begun.world.pass(130, 5);
  return begun;
}

function audit(world: World): readonly string[] {
  const sent = world.chat.sent.filter(({ ref }) => ref.channel === 'C-AUDIT');
  return sent.map(({ message }) => textOf(message)).filter((text) => text.startsWith('ALARM'));
}

describe('a pass that nobody can prove the end of', () => {
  it('is closed by two people; the thread tells all of it in order', async () => {
    const { world, pager, id, thread, say } = await overdueStory();
    await say('sam', `force-close ${id} the server was scrapped, ticket OPS-7`);
    expect(lastSaidTo(world, 'sam')).toBe(
      `Your statement is kept, and Hallpass goes on trying. The pass closes when a second, different person in secops has looked and types /jit force-close ${id} and what they looked at. The alarm tells them.`,
    );
    const tries = world.fake.calls.revoke;
    await world.pass(310, 5);
    expect(world.fake.calls.revoke).toBeGreaterThan(tries);
    expect((await passOf(world)).status).toBe('revoking');

    await say('ben', `force-close ${id} I was in the server room: the rack is empty`);
    expect(lastSaidTo(world, 'ben')).toBe(
      `The pass ${id} is closed by hand. Hallpass tries no more to end it; its thread has what both of you stated.`,
    );
    expect((await passOf(world)).status).toBe('force_closed');
    const closed = world.fake.calls.revoke;
    await world.pass(3600, 30);
    expect(world.fake.calls.revoke).toBe(closed);

    expect(thread()).toEqual([
      'Mia asked for this for 1 h.',
      'Ana approved.',
      'Giving access in prod-db…',
      expect.stringMatching(/^Access is live in prod-db: given, and seen there\. It ends at <\d\d:\d\d>\.$/),
      'Ending: it was given back (Mia). Taking the access back…',
      expect.stringMatching(
        /^Overdue: the access should have ended 2 min(?: \d+ s)? ago, and it is not proven gone from prod-db yet\. Hallpass keeps trying\.$/,
      ),
      `Sam states that the access is gone. A second person of security has to state it too: type /jit force-close ${id} and what you looked at. “the server was scrapped, ticket OPS-7”`,
      'Ben states that the access is gone. “I was in the server room: the rack is empty”',
      'Closed by hand by two people; Hallpass could not prove the end itself.',
    ]);
    expect(textOf(world.card().message)).toBe(
      'Read production data | Closed by hand by two people with evidence; Hallpass could not prove the end itself.',
    );
    const told = [
      expect.stringContaining('ALARM: access is overdue.'),
      `ALARM: somebody states that an overdue access is gone. Pass ${id}. It closes when a second person of security has looked and states it too: type /jit force-close ${id} and what you looked at. Run-book: force-closed.`,
      `ALARM: a pass was closed by hand. Pass ${id}, by two people with evidence. Hallpass does not look at it any more. Run-book: force-closed.`,
    ];
    expect(audit(world)).toEqual(told);
    expect(pager.pages.map(({ lines }) => lines.join(' '))).toEqual(told);
  });

  it('is asked to be closed at the machine, which only asks: the thread, the audit channel and the pagers hear it', async () => {
    const { world, pager, id, thread, say } = await overdueStory();
    expect(await askForceClose(world.tools, id, 'the rack was emptied, ticket OPS-7')).toEqual({
      kind: 'asked',
      command: `/jit force-close ${id}`,
    });
    await world.pass(10, 5);
    expect((await passOf(world)).status).toBe('revoking');
    const asked = `Two different people of security have to look and state it: each types /jit force-close ${id} and what they looked at.`;
    expect(thread().at(-1)).toBe(
      `An operator at the command line states that the access is gone. ${asked} “the rack was emptied, ticket OPS-7”`,
    );
    const alarm = `ALARM: an operator asks to close an overdue pass by hand. Pass ${id}. It closes when two different people of security have looked and state that the access is gone: each types /jit force-close ${id} and what they looked at. Run-book: force-closed.`;
    expect(audit(world).at(-1)).toBe(alarm);
    expect(pager.pages.at(-1)?.lines).toEqual([alarm]);
    expect(JSON.stringify([audit(world), pager.pages])).not.toContain('OPS-7');

    for (const user of ['sam', 'ben']) await say(user, `force-close ${id} looked`);
    expect((await passOf(world)).status).toBe('force_closed');
  });

  it('is asked at the machine in vain where there is nothing to close', async () => {
    const { world, id } = await story();
    const ask = async (pass: string, evidence: string) => {
      const asked = await askForceClose(world.tools, pass, evidence);
      return asked.kind === 'refused' ? asked.refusal : asked;
    };
    expect(await ask('pass_nobody', 'x')).toEqual({ code: 'unknown_pass' });
    expect(await ask(id, 'x')).toEqual({ code: 'wrong_status', status: 'active' });
    expect(await ask(id, 'x'.repeat(3001))).toEqual({ code: 'reason_too_long', limit: 3000, length: 3001 });
    world.fake.script.always({ kind: 'unreachable' });
    await world.say('mia', 'return');
    await world.pass(60, 5);
    expect(await ask(id, 'x')).toEqual({ code: 'not_overdue' });
    await world.pass(90, 5);
    expect(await ask(id, '  ')).toEqual({ code: 'note_missing' });
    expect(await ask((await passOf(world)).request, 'x')).toMatchObject({ kind: 'asked' });
  });
});

describe('closing by hand is refused', () => {
  it('to everybody who is not security, and that is kept', async () => {
    const { world, id, say } = await overdueStory();
    for (const user of ['ana', 'mia', 'gus', 'eve']) await say(user, `force-close ${id} gone`);
    expect(lastSaidTo(world, 'ana')).toBe(sentence({ code: 'not_security', group: 'secops' }));
    expect(lastSaidTo(world, 'gus')).toBe(sentence({ code: 'not_a_member', standing: 'guest' }));
    expect((await eventsOf(world)).some(({ type }) => type === 'grant.attested')).toBe(false);
    expect(JSON.stringify(world.chat.sent.map(({ message }) => textOf(message)))).toContain(
      'action=force_close code=not_security',
    );
  });

  it('to one person twice', async () => {
    const { world, id, say } = await overdueStory();
    for (const words of ['gone', 'gone indeed']) await say('sam', `force-close ${id} ${words}`);
    expect(lastSaidTo(world, 'sam')).toBe(sentence({ code: 'second_person_missing' }));
    expect((await passOf(world)).status).toBe('revoking');
  });

  it('to one person on two accounts (law 8)', async () => {
    const { world, id, say } = await overdueStory();
    await say('sam', `force-close ${id} gone`);
    const stored = await world.store.personAt(world.chat.ref('U-sam'));
    if (!stored) throw new Error('sam is not known');
    const { row, version } = stored;
    const both: Person = { ...row, accounts: [...row.accounts, world.chat.ref('U-sam2')] };
    await world.store.commit({ writes: [{ kind: 'person', row: both, version }] });
    world.chat.people.set('U-sam2', { user: 'U-sam2', name: row.name, email: row.email, standing: 'member' });
    await say('sam2', `force-close ${id} gone, says my other account`);
    expect(lastSaidTo(world, 'sam2')).toBe(sentence({ code: 'second_person_missing' }));
    expect((await passOf(world)).status).toBe('revoking');
  });

  it('of what is live, or still being ended in the ordinary way, or over', async () => {
    const { world, id, say } = await story();
    await say('sam', `force-close ${id} gone`);
    expect(lastSaidTo(world, 'sam')).toBe(sentence({ code: 'wrong_status', status: 'active' }));
    world.fake.script.always({ kind: 'unreachable' });
    await world.say('mia', 'return');
    await world.pass(60, 5);
    await say('sam', `force-close ${id} gone`);
    expect(lastSaidTo(world, 'sam')).toBe(sentence({ code: 'not_overdue' }));
    world.fake.script.always({ kind: 'ok' });
    await world.pass(320, 5);
    await say('sam', `force-close ${id} gone`);
    expect(lastSaidTo(world, 'sam')).toBe(sentence({ code: 'wrong_status', status: 'revoked' }));
    await say('sam', 'force-close pass_nobody gone');
    expect(lastSaidTo(world, 'sam')).toBe(sentence({ code: 'unknown_pass' }));
  });

  it('as soon as the target is there again and shows the access: what was stated counts no more, and it ends', async () => {
    const { world, id, thread, say } = await overdueStory();
    await say('sam', `force-close ${id} gone`);
    world.fake.script.always({ kind: 'ok' });
    // It takes orders and does not carry them out.
    world.hook = (call, proceed) => (call.method === 'revoke' ? Promise.resolve(undefined) : proceed());
    await world.pass(320, 5);
    expect(thread()).toContain('prod-db still shows the access. What was stated about it does not count any more.');
    await say('ben', `force-close ${id} gone`);
    expect((await passOf(world)).status).toBe('revoking');
    world.hook = undefined;
    await world.pass(320, 5);
    expect((await passOf(world)).status).toBe('revoked');
    expect(world.fake.target.has(HOLDER, 'readonly')).toBe(false);
  });

  it('without words, before anything is stored', async () => {
    const { world, id } = await overdueStory();
    expect(await world.say('sam', `force-close ${id}`)).toContain('What did you look at?');
    expect(await world.say('sam', 'force-close')).toContain('Which pass?');
  });
});

describe('help', () => {
  it('names it to those who may be security, and not to those who are known not to be', async () => {
    const { world } = await story();
    await world.say('sam', 'list');
    expect(await world.say('mia', 'help')).not.toMatch(/force-close|revoke/);
    expect(await world.say('sam', 'help')).toMatch(/revoke[\s\S]*force-close/);
  });
});
