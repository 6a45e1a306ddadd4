// What people do in Slack, as the inbox hears it, and what they see of its answers. The same over both transports.
import { describe, expect, it } from 'vitest';
import type { Form, Note } from '../../../src/ports/document.ts';
import { ANA, BEN, ELSEWHERE, MODES, never, REVIEW, type Rig, rig, SHARED, STRANGER, TEAM } from './rig.ts';
import { textIn } from './shown.ts';
import { FORM, form, signed, slashFields } from './signed.ts';

const ana = { platform: 'slack', tenant: TEAM, user: ANA };
const here = { platform: 'slack', channel: REVIEW };

const REQUEST: Form = {
  kind: 'form',
  id: 'request',
  title: 'Ask for access',
  submit: 'Ask',
  context: 'ctx-1',
  intro: [['Access ends by itself.']],
  fields: [
    {
      type: 'choice',
      name: 'role',
      label: 'Role',
      redraws: true,
      options: [
        { value: 'prod-db', label: 'Production data' },
        { value: 'staging', label: 'Staging' },
      ],
    },
    { type: 'search', name: 'ticket', label: 'Ticket', optional: true },
    { type: 'text', name: 'reason', label: 'Reason', multiline: true, maxLength: 500 },
  ],
};

function note(line: string): Note {
  return { kind: 'note', tone: 'plain', lines: [[line]] };
}

const whispers = ({ workspace }: Rig, user: string) => workspace.ephemerals(user).map(({ message }) => textIn(message));
const notes = ({ workspace }: Rig, user: string) => workspace.directMessages(user).map(textIn);

async function opened(on: Rig, form_: Form = REQUEST) {
  on.inbox.says.command = () => ({ kind: 'form', form: form_ });
  await on.workspace.slash(ANA, '/jit', '', REVIEW);
  return on.workspace.until('the form', () => on.workspace.openView(ANA));
}

async function cardIn(on: Rig, channel: string) {
  const { message } = await on.platform.post(
    { kind: 'channel', channel: { platform: 'slack', channel } },
    {
      kind: 'card',
      title: 'Ana asks',
      tone: 'waiting',
      status: ['waiting'],
      facts: [],
      notes: [],
      buttons: [{ action: 'approve', label: 'Approve', value: 'rq_1.1.abc', style: 'primary' }],
    },
    'k1',
  );
  return message;
}

describe.each(MODES)('over %s: a command', (mode) => {
  it('is heard with who, where and what', async () => {
    const on = await rig(mode);
    const outcome = await on.workspace.slash(ANA, '/jit', ' prod-db 2h fix INC-42 ', REVIEW);
    expect(outcome).toMatchObject({ acked: true, status: 200 });
    expect(on.inbox.of('command')).toEqual([
      { account: ana, delivery: expect.any(String), at: on.clock.now(), channel: here, text: 'prod-db 2h fix INC-42' },
    ]);
  });

  it('names people and channels by their ids, and everything else as it was typed', async () => {
    const on = await rig(mode);
    const typed = 'revoke <@U0BEN|approver> <#C0REVIEW|reviews> <!subteam^S0DBAS|@dbas> a &amp;&lt; b';
    await on.workspace.slash(ANA, '/jit', 'x', REVIEW, { alter: (payload) => ({ ...payload, text: typed }) });
    expect(on.inbox.of('command')[0]?.text).toBe('revoke @U0BEN #C0REVIEW @S0DBAS a &< b');
  });

  it('reads addresses as they were typed', async () => {
    const on = await rig(mode);
    const typed = 'x <https://acme.test/a?b=1|acme> <http://x.test> <mailto:ana@acme.test|ana@acme.test>';
    await on.workspace.slash(ANA, '/jit', 'x', REVIEW, { alter: (payload) => ({ ...payload, text: typed }) });
    expect(on.inbox.of('command')[0]?.text).toBe('x https://acme.test/a?b=1 http://x.test ana@acme.test');
  });

  it('is answered to the person alone, where they typed it, even where the bot is not', async () => {
    const on = await rig(mode);
    on.inbox.says.command = () => ({ kind: 'note', note: note('no passes') });
    await on.workspace.slash(ANA, '/jit', 'list', ELSEWHERE);
    expect(whispers(on, ANA)).toEqual(['no passes']);
    expect(on.workspace.messages(ELSEWHERE)).toEqual([]);
  });

  it('of another name is not ours, and the person is told which is', async () => {
    const on = await rig(mode, { settings: { command: '/access' } });
    await on.workspace.slash(ANA, '/jit', 'list', REVIEW);
    expect(on.inbox.of('command')).toEqual([]);
    expect(whispers(on, ANA)).toEqual(['This app answers to /access.']);
  });

  it('opens a form', async () => {
    const on = await rig(mode);
    const view = await opened(on);
    expect(view).toMatchObject({ callback_id: 'request', private_metadata: 'ctx-1' });
  });

  it('tells the person to type it again when Slack took too long', async () => {
    const on = await rig(mode);
    on.workspace.failNext('views.open', 1, { error: 'expired_trigger_id' });
    on.inbox.says.command = () => ({ kind: 'form', form: REQUEST });
    await on.workspace.slash(ANA, '/jit', '', REVIEW);
    await on.workspace.until('the answer', () => whispers(on, ANA).length > 0);
    expect(whispers(on, ANA)).toEqual(['Slack took too long to open the form. Type the command again.']);
    expect(on.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('tells the person directly when not even the answer gets through', async () => {
    const on = await rig(mode);
    on.inbox.says.command = () => ({ kind: 'form', form: REQUEST });
    const url = `${on.workspace.url}/hooks/used-up`;
    on.workspace.failNext('views.open', 1, { error: 'expired_trigger_id' });
    await on.workspace.slash(ANA, '/jit', '', REVIEW, { alter: (payload) => ({ ...payload, response_url: url }) });
    await on.workspace.until('the note', () => notes(on, ANA).length > 0);
    expect(notes(on, ANA)).toEqual(['Slack took too long to open the form. Type the command again.']);
  });

  it('gives a reference, and the log the rest, when something breaks', async () => {
    const on = await rig(mode);
    on.inbox.says.command = () => {
      throw new Error('connect ECONNREFUSED 10.0.0.7:5432');
    };
    expect(await on.workspace.slash(ANA, '/jit', 'list', REVIEW)).toMatchObject({ acked: true });
    const [told] = whispers(on, ANA);
    expect(told).toMatch(/^Something went wrong on our side \(reference ref_[0-9A-Z]{26}\)\.$/);
    const reference = /ref_\w+/.exec(told ?? '')?.[0];
    expect(on.log.lines).toMatchObject([{ level: 'error', facts: { reference, error: { message: /ECONNREFUSED/ } } }]);
  });

  it('gives a reference too when a form cannot be drawn', async () => {
    const on = await rig(mode);
    on.inbox.says.command = () => ({ kind: 'form', form: { ...REQUEST, context: 'x'.repeat(3_001) } });
    await on.workspace.slash(ANA, '/jit', '', REVIEW);
    await on.workspace.until('the answer', () => whispers(on, ANA).length > 0);
    expect(whispers(on, ANA)[0]).toContain('Something went wrong on our side (reference ');
  });
});

describe.each(MODES)('over %s: a form', (mode) => {
  it('is heard with its answers by field, and its context', async () => {
    const on = await rig(mode);
    await opened(on);
    const outcome = await on.workspace.submitView(ANA, { role: 'prod-db', reason: 'fix INC-42' });
    expect(outcome).toMatchObject({ acked: true, view: null });
    expect(on.inbox.of('submitForm')).toEqual([
      {
        account: ana,
        delivery: expect.any(String),
        at: on.clock.now(),
        form: 'request',
        context: 'ctx-1',
        answers: { role: 'prod-db', reason: 'fix INC-42' },
      },
    ]);
  });

  it('shows problems at their fields and stays open', async () => {
    const on = await rig(mode);
    await opened(on);
    on.inbox.says.submitForm = () => ({ kind: 'problems', problems: { reason: 'Say why.', role: 'Not yours.' } });
    const outcome = await on.workspace.submitView(ANA, { role: 'prod-db', reason: 'x' });
    expect(outcome.fieldErrors).toEqual({ reason: 'Say why.', role: 'Not yours.' });
    expect(outcome.view).toMatchObject({ callback_id: 'request' });
  });

  it('shows problems of no field at the first one, beside its own', async () => {
    const on = await rig(mode);
    await opened(on);
    on.inbox.says.submitForm = () => ({ kind: 'problems', problems: { role: 'Not yours.', form: 'Frozen.' } });
    const outcome = await on.workspace.submitView(ANA, { role: 'prod-db', reason: 'x' });
    expect(outcome.fieldErrors).toEqual({ role: 'Not yours. Frozen.' });
  });

  it('stays open with a reference when something breaks, so that nothing typed is lost', async () => {
    const on = await rig(mode);
    await opened(on);
    on.inbox.says.submitForm = () => {
      throw new Error('disk full');
    };
    const outcome = await on.workspace.submitView(ANA, { role: 'prod-db', reason: 'x' });
    expect(outcome.fieldErrors?.role).toMatch(/^Something went wrong on our side \(reference ref_/);
    on.inbox.says.submitForm = () => ({ kind: 'problems', problems: {} });
    const empty = await on.workspace.submitView(ANA, { role: 'prod-db', reason: 'x' });
    expect(empty.fieldErrors?.role).toMatch(/^Something went wrong/);
  });

  it('is followed by a note to the person', async () => {
    const on = await rig(mode);
    await opened(on);
    on.inbox.says.submitForm = () => ({ kind: 'done', note: note('Sent to #reviews.') });
    await on.workspace.submitView(ANA, { role: 'prod-db', reason: 'x' });
    await on.workspace.until('the note', () => notes(on, ANA).length > 0);
    expect(notes(on, ANA)).toEqual(['Sent to #reviews.']);
  });

  it('is replaced by another form', async () => {
    const on = await rig(mode);
    await opened(on);
    const next: Form = { ...REQUEST, id: 'details', title: 'Sure?', context: 'ctx-2' };
    on.inbox.says.submitForm = () => ({ kind: 'form', form: next });
    const outcome = await on.workspace.submitView(ANA, { role: 'prod-db', reason: 'x' });
    expect(outcome.view).toMatchObject({ callback_id: 'details', private_metadata: 'ctx-2' });
  });

  it('without fields tells a problem directly', async () => {
    const on = await rig(mode);
    await opened(on, { ...REQUEST, fields: [] });
    on.inbox.says.submitForm = () => ({ kind: 'problems', problems: { role: 'Too late.' } });
    await on.workspace.submitView(ANA, {});
    await on.workspace.until('the note', () => notes(on, ANA).length > 0);
    expect(notes(on, ANA)).toEqual(['Too late.']);
  });

  it('of a name that we have not is not ours', async () => {
    const on = await rig(mode);
    await opened(on);
    const foreign = { alter: (payload: object) => ({ ...payload, view: { ...viewOf(payload), callback_id: 'evil' } }) };
    await on.workspace.submitView(ANA, { role: 'prod-db', reason: 'x' }, foreign);
    expect(on.inbox.of('submitForm')).toEqual([]);
    expect(on.inbox.of('refused')).toEqual([{ code: 'unknown_form' }]);
  });

  it('is drawn again when an answer that others depend on changes, keeping what was typed', async () => {
    const on = await rig(mode);
    await opened(on);
    on.inbox.says.redraw = () => ({
      ...REQUEST,
      fields: [
        ...REQUEST.fields,
        { type: 'text', name: 'ticket_id', label: 'Ticket number', multiline: false, maxLength: 20 },
      ],
    });
    const changed = { actionId: 'field', blockId: 'role', value: 'prod-db', values: { reason: 'because' } };
    await on.workspace.clickInView(ANA, changed);
    await on.workspace.until('the new field', () =>
      on.workspace.openView(ANA)?.blocks.some(({ block_id }) => block_id === 'ticket_id'),
    );
    expect(on.inbox.of('redraw')).toMatchObject([
      { account: ana, form: 'request', context: 'ctx-1', answers: { role: 'prod-db', reason: 'because' } },
    ]);
    expect(on.workspace.openView(ANA)?.values.reason?.field?.value).toBe('because');
  });

  it('is left alone when it was drawn anew or closed meanwhile (C14)', async () => {
    const on = await rig(mode);
    for (const error of ['hash_conflict', 'not_found']) {
      await opened(on);
      on.workspace.failNext('views.update', 1, { error });
      on.inbox.says.redraw = () => REQUEST;
      await on.workspace.clickInView(ANA, { actionId: 'field', blockId: 'role', value: 'prod-db' });
      await on.workspace.until('the attempt', () => on.workspace.callsOf('views.update').at(-1)?.outcome === error);
    }
    expect(on.workspace.callsOf('views.update')[0]?.args.hash).toEqual(expect.any(String));
    await on.platform.stop();
    expect(on.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('stays as it is when drawing it again breaks', async () => {
    const on = await rig(mode);
    await opened(on);
    on.inbox.says.redraw = () => {
      throw new Error('broken');
    };
    const outcome = await on.workspace.clickInView(ANA, { actionId: 'field', blockId: 'role', value: 'prod-db' });
    expect(outcome).toMatchObject({ acked: true, view: { callback_id: 'request' } });
  });

  it('asks for options while the person types', async () => {
    const on = await rig(mode);
    await opened(on);
    on.inbox.says.search = ({ text }) => [{ value: 'INC-42', label: `INC-42 ${text}`, description: 'Disk full' }];
    const outcome = await on.workspace.suggest(ANA, { blockId: 'ticket', actionId: 'field', value: 'dis' });
    expect(on.inbox.of('search')).toEqual([{ account: ana, field: 'ticket', text: 'dis' }]);
    expect(outcome.options).toMatchObject([
      { value: 'INC-42', text: { text: 'INC-42 dis' }, description: { text: 'Disk full' } },
    ]);
  });

  it('shows no options when the search breaks, and at most a hundred', async () => {
    const on = await rig(mode);
    await opened(on);
    on.inbox.says.search = () => {
      throw new Error('broken');
    };
    const ask = () => on.workspace.suggest(ANA, { blockId: 'ticket', actionId: 'field', value: 'x' });
    expect((await ask()).options).toEqual([]);
    // On HTTP the very same question within one second is a replay.
    await on.clock.advance(1_000);
    on.inbox.says.search = () => Array.from({ length: 150 }, (_, n) => ({ value: `v${n}`, label: `l${n}` }));
    expect((await ask()).options).toHaveLength(100);
  });
});

describe.each(MODES)('over %s: a press', (mode) => {
  it('in a direct message, in the home, on a whisper', async () => {
    const on = await rig(mode);
    const buttons = [{ action: 'return', label: 'Return', value: 'g1', style: 'plain' } as const];
    const said: Note = { kind: 'note', tone: 'plain', lines: [['Your pass']], buttons };
    const direct = await on.platform.post({ kind: 'person', account: ana }, said, 'p1');
    await on.workspace.click(ANA, { channel: direct.message.channel, ts: direct.message.message, actionId: 'return' });
    await on.platform.publishHome(ana, { intro: [['Hello']], buttons, sections: [] });
    await on.workspace.clickInHome(ANA, { actionId: 'return' });
    on.inbox.says.command = () => ({ kind: 'note', note: said });
    await on.workspace.slash(ANA, '/jit', 'list', ELSEWHERE);
    const whisper = on.workspace.ephemerals(ANA).at(-1) ?? never();
    await on.workspace.click(ANA, { channel: ELSEWHERE, ts: whisper.message.ts, actionId: 'return' });
    const [onMessage, onHome, onWhisper] = on.inbox.of('press');
    expect(onMessage).toMatchObject({ action: 'return', value: 'g1', message: direct.message });
    expect(onHome).toMatchObject({ action: 'return', value: 'g1' });
    expect(onHome).not.toHaveProperty('message');
    // A whisper has no place where a card could live.
    expect(onWhisper).toMatchObject({ channel: { channel: ELSEWHERE } });
    expect(onWhisper).not.toHaveProperty('message');
  });

  it('in the home is answered directly', async () => {
    const on = await rig(mode);
    const buttons = [{ action: 'return', label: 'Return', value: 'g1', style: 'plain' } as const];
    await on.platform.publishHome(ana, { intro: [['Hello']], buttons, sections: [] });
    on.inbox.says.press = () => ({ kind: 'note', note: note('Returned.') });
    await on.workspace.clickInHome(ANA, { actionId: 'return' });
    await on.workspace.until('the note', () => notes(on, ANA).length > 0);
    expect(notes(on, ANA)).toEqual(['Returned.']);
  });

  it('in a thread is answered in the thread', async () => {
    const on = await rig(mode);
    const root = await cardIn(on, REVIEW);
    const buttons = [{ action: 'extend', label: 'Extend', value: 'g1', style: 'plain' } as const];
    const reply: Note = { kind: 'note', tone: 'plain', lines: [['ends soon']], buttons };
    const posted = await on.platform.post({ kind: 'thread', under: root }, reply, 'r1');
    on.inbox.says.press = () => ({ kind: 'note', note: note('Not yours.') });
    await on.workspace.click(BEN, { channel: REVIEW, ts: posted.message.message, actionId: 'extend' });
    await on.workspace.until('the answer', () => whispers(on, BEN).length > 0);
    expect(on.workspace.ephemerals(BEN)).toMatchObject([{ message: { thread_ts: root.message } }]);
  });

  it('tells two buttons of one kind apart by their values', async () => {
    const on = await rig(mode);
    const button = (value: string) => ({ action: 'show', label: value, value, style: 'plain' }) as const;
    await on.platform.publishHome(ana, { intro: [], buttons: [button('a'), button('b')], sections: [] });
    await on.workspace.clickInHome(ANA, { actionId: 'show:2' });
    expect(on.inbox.of('press')).toMatchObject([{ action: 'show', value: 'b' }]);
  });

  it('opens a form; too late, says to press again', async () => {
    const on = await rig(mode);
    const card = await cardIn(on, REVIEW);
    on.inbox.says.press = () => ({ kind: 'form', form: { ...REQUEST, id: 'deny' } });
    const target = { channel: REVIEW, ts: card.message, actionId: 'approve' };
    await on.workspace.click(BEN, target);
    await on.workspace.until('the form', () => on.workspace.openView(BEN)?.callback_id === 'deny');
    on.workspace.failNext('views.open', 1, { error: 'exchanged_trigger_id' });
    await on.workspace.click(BEN, target);
    await on.workspace.until('the answer', () => whispers(on, BEN).length > 0);
    expect(whispers(on, BEN)).toEqual(['Slack took too long to open the form. Press the button again.']);
  });

  it('that breaks gives a reference', async () => {
    const on = await rig(mode);
    const card = await cardIn(on, REVIEW);
    on.inbox.says.press = () => {
      throw new Error('broken');
    };
    await on.workspace.click(BEN, { channel: REVIEW, ts: card.message, actionId: 'approve' });
    await on.workspace.until('the answer', () => whispers(on, BEN).length > 0);
    expect(whispers(on, BEN)[0]).toMatch(/^Something went wrong on our side \(reference ref_/);
  });

  it('of an action or element that we have not is not ours', async () => {
    const on = await rig(mode);
    const card = await cardIn(on, REVIEW);
    const target = { channel: REVIEW, ts: card.message, actionId: 'approve' };
    const act = (change: object) => ({
      alter: (payload: object) => ({ ...payload, actions: [{ ...actionOf(payload), ...change }] }),
    });
    for (const change of [
      { action_id: 'admin' },
      { action_id: 'constructor' },
      { action_id: '' },
      { type: 'overflow' },
    ])
      expect(await on.workspace.click(BEN, target, act(change))).toMatchObject({ acked: true });
    expect(on.inbox.of('press')).toEqual([]);
    expect(on.inbox.of('refused')).toEqual(Array(4).fill({ code: 'unknown_action' }));
  });

  it('of somebody of another organisation is theirs, never one of ours (B01)', async () => {
    const on = await rig(mode);
    const card = await cardIn(on, SHARED);
    on.inbox.says.press = () => ({ kind: 'note', note: note('You cannot decide here.') });
    await on.workspace.click(STRANGER, { channel: SHARED, ts: card.message, actionId: 'approve' });
    expect(on.inbox.of('press')).toMatchObject([{ account: { tenant: 'T0OTHER', user: STRANGER } }]);
    await on.workspace.until('the answer', () => whispers(on, STRANGER).length > 0);
    expect(whispers(on, STRANGER)).toEqual(['You cannot decide here.']);
  });

  it('whoever claims our id from another workspace is still of that one (B01)', async () => {
    const on = await rig(mode);
    const card = await cardIn(on, REVIEW);
    const claim = { alter: (payload: object) => ({ ...payload, user: { id: BEN, team_id: 'T0OTHER' } }) };
    await on.workspace.click(BEN, { channel: REVIEW, ts: card.message, actionId: 'approve' }, claim);
    expect(on.inbox.of('press')).toMatchObject([{ account: { tenant: 'T0OTHER', user: BEN } }]);
  });
});

describe.each(MODES)('over %s: the shortcut of a message', (mode) => {
  it('is heard with the message, and opens a form', async () => {
    const on = await rig(mode);
    const { ts } = on.workspace.say(BEN, REVIEW, 'the disk is full & <@U0ANA> is away');
    on.inbox.says.about = () => ({ kind: 'form', form: REQUEST });
    await on.workspace.shortcut(ANA, 'about', { channel: REVIEW, ts });
    await on.workspace.until('the form', () => on.workspace.openView(ANA));
    const [asked] = on.inbox.of('about');
    expect(asked).toMatchObject({ account: ana, channel: here, about: { tenant: TEAM, channel: REVIEW, message: ts } });
    expect(asked?.excerpt).toContain('the disk is full & ');
  });

  it('hands on no more than the beginning of a long message', async () => {
    const on = await rig(mode);
    const { ts } = on.workspace.say(BEN, REVIEW, 'x'.repeat(4_000));
    await on.workspace.shortcut(ANA, 'about', { channel: REVIEW, ts });
    expect(on.inbox.of('about')[0]?.excerpt).toBe(`${'x'.repeat(299)}…`);
  });

  it('of another name is not ours', async () => {
    const on = await rig(mode);
    const { ts } = on.workspace.say(BEN, REVIEW, 'x');
    const other = { alter: (payload: object) => ({ ...payload, callback_id: 'other' }) };
    await on.workspace.shortcut(ANA, 'about', { channel: REVIEW, ts }, other);
    expect(on.inbox.heard).toMatchObject([{ verb: 'refused', event: { code: 'unknown_shortcut' } }]);
  });
});

describe.each(MODES)('over %s: events', (mode) => {
  it('of the home', async () => {
    const on = await rig(mode);
    expect(await on.workspace.openHome(ANA)).toMatchObject({ acked: true });
    await on.workspace.openHome(ANA, 'messages');
    expect(on.inbox.of('home')).toEqual([{ account: ana }]);
  });

  it('of people, groups and channels', async () => {
    const on = await rig(mode, { workspace: { app: { events: EVENTS } } });
    const { workspace, inbox } = on;
    await workspace.changeUser(BEN, { deleted: true });
    await workspace.changeUsergroup('S0DBAS', [BEN]);
    await workspace.changeChannel(REVIEW, { is_ext_shared: true });
    await workspace.changeChannel(REVIEW, { is_ext_shared: false });
    await workspace.changeChannel(REVIEW, { is_archived: true });
    await workspace.leave(REVIEW, BEN);
    await workspace.leave(REVIEW, 'U0HALLPASS');
    await workspace.event({ type: 'channel_id_changed', old_channel_id: 'C0A', new_channel_id: 'C0B' });
    await workspace.event({ type: 'subteam_updated', subteam: { id: 'S0X' } });
    await workspace.event({ type: 'channel_left', channel: 'C0Z' });
    expect(inbox.of('changed')).toEqual([
      { kind: 'account', id: BEN },
      { kind: 'group', id: 'S0DBAS' },
      { kind: 'channel', id: REVIEW },
      { kind: 'channel', id: REVIEW },
      { kind: 'channel', id: REVIEW },
      { kind: 'channel', id: REVIEW },
      { kind: 'channel', id: 'C0A' },
      { kind: 'group', id: 'S0X' },
      { kind: 'channel', id: 'C0Z' },
    ]);
  });

  it('of the end: the app is taken out, its token taken back', async () => {
    const on = await rig(mode);
    await on.workspace.uninstall();
    await on.workspace.event({ type: 'tokens_revoked', tokens: { oauth: ['U0ANA'], bot: [] } });
    expect(on.inbox.of('changed')).toEqual([
      { kind: 'uninstalled', id: TEAM },
      { kind: 'uninstalled', id: TEAM },
    ]);
  });

  it('drop what is remembered of a group (B06)', async () => {
    const on = await rig(mode);
    expect(await on.platform.members('S0DBAS')).toHaveLength(1);
    await on.workspace.changeUsergroup('S0DBAS', []);
    expect(await on.platform.members('S0DBAS')).toEqual([]);
  });

  it('are taken again when reading them failed, and once only when not (C10)', async () => {
    const on = await rig(mode, { workspace: { ackMs: 300 } });
    on.inbox.says.changed = () => {
      throw new Error('the store is away');
    };
    const failed = (await on.workspace.changeUser(BEN, { title: 'x' })) ?? never();
    expect(failed.acked).toBe(false);
    on.inbox.says.changed = () => undefined;
    expect((await on.workspace.redeliver(failed)).acked).toBe(true);
    expect((await on.workspace.redeliver(failed)).acked).toBe(true);
    expect(on.inbox.of('changed')).toHaveLength(2);
  });

  it.each([
    { type: 'message', channel: REVIEW, user: BEN, text: '/jit approve rq_1', ts: '1.1' },
    { type: 'message', subtype: 'message_changed', channel: REVIEW, message: { text: 'approve' } },
    { type: 'message', subtype: 'message_deleted', channel: REVIEW },
    { type: 'app_mention', channel: REVIEW, user: BEN, text: '<@U0HALLPASS> approve rq_1.1.abc' },
    { type: 'reaction_added', user: BEN, reaction: 'white_check_mark', item: { channel: REVIEW, ts: '1.1' } },
    { type: 'link_shared', channel: REVIEW, user: BEN, links: [{ url: 'https://x/approve' }] },
    { type: 'function_executed', function: { callback_id: 'approve' }, inputs: { action: 'approve' } },
    { type: 'workflow_step_execute', callback_id: 'approve' },
    { type: 'message_metadata_posted', metadata: { event_type: 'hallpass', event_payload: { action: 'approve' } } },
    { type: 'approve', user: BEN, actions: [{ action_id: 'approve', value: 'rq_1.1.abc' }], command: '/jit' },
    { type: 'app_home_opened', user: BEN, tab: 'about', actions: [{ action_id: 'approve' }] },
  ])('cannot decide anything: $type (B18)', async (event) => {
    const on = await rig(mode, { workspace: { app: { events: [event.type] } } });
    expect(await on.workspace.event(event)).toMatchObject({ acked: true });
    expect(on.inbox.heard).toEqual([]);
  });
});

const EVENTS = [
  'user_change',
  'subteam_members_changed',
  'subteam_updated',
  'channel_shared',
  'channel_unshared',
  'channel_archive',
  'channel_left',
  'channel_id_changed',
  'member_left_channel',
];

describe('over http: other things that Slack can send', () => {
  it.each([
    'view_closed',
    'shortcut',
    'interactive_message',
    'dialog_submission',
    'dialog_suggestion',
    'workflow_step_edit',
    'new_kind',
  ])('%s is taken and does nothing', async (type) => {
    const on = await rig('http');
    const payload = {
      type,
      api_app_id: 'A0HALLPASS',
      team: { id: TEAM },
      user: { id: BEN, team_id: TEAM },
      callback_id: 'request',
      actions: [{ name: 'approve', type: 'button', value: 'rq_1.1.abc' }],
      view: { id: 'V1', type: 'modal', callback_id: 'request', app_installed_team_id: TEAM },
      trigger_id: 't1',
    };
    const { signingSecret: secret } = on.workspace;
    const stamp = on.clock.now() / 1000;
    const bytes = signed(form({ payload: JSON.stringify(payload) }), { secret, stamp, type: FORM });
    expect(await on.workspace.deliverRaw(bytes)).toMatchObject({ status: 200, body: '' });
    expect(on.inbox.heard).toEqual([]);
  });

  it('a click in a shape nobody knows is an error, so that the person sees that nothing was done', async () => {
    const on = await rig('http');
    const payload = {
      type: 'block_actions',
      api_app_id: 'A0HALLPASS',
      team: { id: TEAM },
      user: {},
      trigger_id: 't',
      actions: [{ type: 'button', action_id: 'approve', block_id: 'b' }],
    };
    const { signingSecret: secret } = on.workspace;
    const bytes = signed(form({ payload: JSON.stringify(payload) }), { secret, stamp: on.clock.now() / 1000 });
    expect(await on.workspace.deliverRaw(bytes)).toMatchObject({ status: 500, body: '' });
    expect(on.inbox.heard).toEqual([]);
  });

  it('a command names its workspace itself', async () => {
    const on = await rig('http');
    const { signingSecret: secret } = on.workspace;
    const bytes = signed(form(slashFields({ team_id: 'T0OTHER' })), { secret, stamp: on.clock.now() / 1000 });
    expect(await on.workspace.deliverRaw(bytes)).toMatchObject({ status: 403 });
  });
});

function viewOf(payload: object): object {
  return 'view' in payload && typeof payload.view === 'object' && payload.view !== null ? payload.view : never();
}

function actionOf(payload: object): object {
  return 'actions' in payload && Array.isArray(payload.actions) ? payload.actions[0] : never();
}
