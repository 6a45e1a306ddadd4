// The forms from opening to what becomes of them: prefilled, drawn again for another role, wrong on a field, sent, sent
// twice, and sent with what was never offered (threats C14, C15, C16, B19).
import { describe, expect, it } from 'vitest';
import type { Answers, FormAnswer } from '../../src/ports/chat-platform.ts';
import type { Form } from '../../src/ports/document.ts';
import { richText, textOf } from '../fakes/fake-chat.ts';
import { catalogOf, OTHER_ROLE, ROLE, textOfAnswer, type World } from '../world.ts';
import { asked, buttonOf, passOf, requestOf, sentence, worldWith } from './stories.ts';

const GOOD: Answers = { role: 'prod-db-readonly', duration: '60m', reason: 'fix INC-42' };
const QUICK = {
  ...ROLE,
  name: 'quick',
  title: 'Quick look',
  requires: [],
  duration: { minSeconds: 300, defaultSeconds: 600, maxSeconds: 900 },
};

async function opened(world: World, text = ''): Promise<Form> {
  const answer = await world.inbox.command({ ...world.origin('mia'), text });
  if (answer.kind !== 'form') throw new Error(`no form but ${textOfAnswer(answer)}`);
  return answer.form;
}

function submit(world: World, answers: Answers, more: { form?: string; context?: string; user?: string } = {}) {
  const { form = 'request', context = '', user = 'mia' } = more;
  return world.inbox.submitForm({ ...world.origin(user), form, context, answers });
}

function said(answer: FormAnswer): string {
  return answer.kind === 'done' && answer.note ? answer.note.lines.map(richText).join('\n') : answer.kind;
}

function fieldOf(form: Form, name: string) {
  return form.fields.find((field) => field.name === name);
}

const initials = (form: Form) => Object.fromEntries(form.fields.map((field) => [field.name, field.initial]));

describe('the form to ask with', () => {
  it('offers every role, and nothing more before one is chosen', async () => {
    const world = await worldWith({ catalog: catalogOf([ROLE, OTHER_ROLE]) });
    const form = await opened(world);
    expect(form.fields.map(({ name }) => name)).toEqual(['role']);
    expect(form.fields[0]).toMatchObject({
      type: 'choice',
      redraws: true,
      options: [{ value: 'prod-db-readonly' }, { value: 'billing-support' }],
    });
  });

  it('comes with what was typed', async () => {
    const world = await worldWith();
    expect(initials(await opened(world, 'prod-db-readonly'))).toEqual({ role: 'prod-db-readonly', duration: '60m' });
    expect(initials(await opened(world, 'prod-db-readonly 2h'))).toEqual({
      role: 'prod-db-readonly',
      duration: '120m',
    });
  });

  it('is drawn again for another role, with what was filled in, and without what that role does not need', async () => {
    const world = await worldWith({ catalog: catalogOf([ROLE, QUICK]) });
    const draw = (answers: Answers) =>
      world.inbox.redraw({ ...world.origin('mia'), form: 'request', context: '', answers });
    const form = await draw({ role: 'prod-db-readonly', duration: '15m', reason: 'fix INC-42' });
    expect(form && initials(form)).toEqual({ role: 'prod-db-readonly', duration: '15m', reason: 'fix INC-42' });
    const quick = await draw({ role: 'quick', duration: '240m', reason: 'fix INC-42' });
    expect(quick && initials(quick)).toEqual({ role: 'quick', duration: '15m' });
    const none = await draw({ role: 'constructor' });
    expect(none?.fields.map(({ name }) => name)).toEqual(['role']);
  });

  it('asks, once', async () => {
    const world = await worldWith();
    const event = { ...world.origin('mia'), form: 'request', context: '', answers: GOOD };
    expect(said(await world.inbox.submitForm(event))).toContain('Asked for Read production data.');
    expect(said(await world.inbox.submitForm(event))).toBe('Hallpass has this already, so nothing was done twice.');
    await world.pass(5);
    expect(await requestOf(world)).toMatchObject({ status: 'pending', durationSeconds: 3600, reason: 'fix INC-42' });
    expect(await submit(world, GOOD)).toEqual({
      kind: 'problems',
      problems: { role: sentence({ code: 'already_asked', request: (await requestOf(world)).id }) },
    });
  });

  it.each([
    ['role', { role: 'nothing' }, sentence({ code: 'unknown_role', role: 'nothing' })],
    ['role', { role: '__proto__' }, sentence({ code: 'unknown_role', role: '__proto__' })],
    ['duration', { duration: '' }, sentence({ code: 'duration_unclear', text: '' })],
    ['duration', { duration: '1h; 99h' }, sentence({ code: 'duration_unclear', text: '1h; 99h' })],
    ['duration', { duration: 'NaN' }, sentence({ code: 'duration_unclear', text: 'NaN' })],
    ['duration', { duration: '9999m' }, sentence({ code: 'duration_too_long', maxSeconds: 4 * 3600 })],
    ['reason', { reason: '   ' }, sentence({ code: 'reason_missing' })],
    ['reason', { reason: 'x'.repeat(3001) }, sentence({ code: 'reason_too_long', limit: 3000, length: 3001 })],
  ])('says on the field %s what is wrong with it', async (field, wrong, problem) => {
    const world = await worldWith();
    expect(await submit(world, { ...GOOD, ...wrong })).toEqual({ kind: 'problems', problems: { [field]: problem } });
    expect((await world.store.counts())['requests']).toBe(0);
  });

  it('sent before it was drawn again for the role comes back with the fields that were never seen', async () => {
    const world = await worldWith();
    const answer = await submit(world, { role: 'prod-db-readonly' });
    if (answer.kind !== 'form') throw new Error('no form');
    expect(answer.form.fields.map(({ name }) => name)).toEqual(['role', 'duration', 'reason']);
  });

  it('takes half a character as what it is not, and keeps the log whole', async () => {
    const world = await worldWith();
    await submit(world, { ...GOOD, reason: 'broken \ud800 text' });
    await world.pass(5);
    expect((await requestOf(world)).reason).toBe('broken \ufffd text');
    expect(world.errors).toEqual([]);
  });

  it('about a message: quotes it whole, and remembers where it was', async () => {
    const world = await worldWith();
    const about = { platform: 'slack', tenant: 'T01', channel: 'C-OPS', message: '000007' };
    const excerpt = `${'😀'.repeat(600)}`;
    const answer = await world.inbox.about({ ...world.origin('mia'), about, excerpt });
    if (answer.kind !== 'form') throw new Error('no form');
    const { context } = answer.form;
    expect(context.length).toBeLessThan(3000);
    const draw = (answers: Answers) =>
      world.inbox.redraw({ ...world.origin('mia'), form: 'request', context, answers });
    const drawn = await draw({ role: ROLE.name });
    expect(drawn?.context).toBe(context);
    expect(drawn && initials(drawn)).toMatchObject({ reason: `About: “${'😀'.repeat(500)}”\n` });
    const again = await draw({ role: ROLE.name, reason: 'my own words' });
    expect(again && initials(again)).toMatchObject({ reason: 'my own words' });
    await submit(world, GOOD, { context: answer.form.context });
    await world.pass(5);
    expect((await requestOf(world)).about).toEqual(about);
    for (const context of ['', '{"about":7}', '{"about":{"platform":"slack"}}', '[1]'])
      await submit(world, { ...GOOD, role: 'prod-db-readonly' }, { context, user: 'kim' });
    await world.pass(5);
    expect((await requestOf(world, 'kim')).about).toBeUndefined();
  });

  it('with more than 100 roles is searched, by name, title and target, at most 100 at a time', async () => {
    const roles = Array.from({ length: 150 }, (_, at) => ({ ...ROLE, name: `role-${at}`, title: `Role number ${at}` }));
    const world = await worldWith({ catalog: catalogOf([...roles, OTHER_ROLE]) });
    const form = await opened(world);
    expect(fieldOf(form, 'role')?.type).toBe('search');
    const search = (text: string) => world.inbox.search({ account: world.chat.ref('U-mia'), field: 'role', text });
    expect(await search('')).toHaveLength(100);
    expect((await search('NUMBER 14')).map(({ value }) => value)).toEqual(
      ['role-14', ...Array.from({ length: 10 }, (_, at) => `role-14${at}`)].sort(),
    );
    expect((await search('billing')).map(({ value }) => value)).toEqual(['billing-support']);
    expect(await search('no such thing')).toEqual([]);
  });
});

describe('deny and comment', () => {
  async function wordsForm(world: World, action: 'deny' | 'comment'): Promise<Form> {
    const card = world.card();
    const value = card.message.buttons?.find((button) => button.action === action)?.value ?? '';
    const answer = await world.inbox.press({ ...world.origin('ana', card.ref), action, value });
    if (answer.kind !== 'form') throw new Error('no form');
    return answer.form;
  }

  it('a no needs a word, which the requester reads', async () => {
    const world = await worldWith();
    await asked(world);
    const { context, id } = await wordsForm(world, 'deny');
    expect(await submit(world, { note: '  ' }, { form: id, context, user: 'ana' })).toEqual({
      kind: 'problems',
      problems: { note: sentence({ code: 'note_missing' }) },
    });
    const long = { code: 'reason_too_long', limit: 1000, length: 1001 } as const;
    expect(await submit(world, { note: 'x'.repeat(1001) }, { form: id, context, user: 'ana' })).toEqual({
      kind: 'problems',
      problems: { note: sentence(long) },
    });
    expect(said(await submit(world, { note: 'use the replica' }, { form: id, context, user: 'ana' }))).toBe('done');
    await world.pass(5);
    expect(await requestOf(world)).toMatchObject({ status: 'denied', note: 'use the replica' });
    const mine = world.chat.sent.find(
      ({ place, message }) =>
        place.kind === 'person' && message.kind === 'card' && 'account' in place && place.account.user === 'U-mia',
    );
    expect(mine && textOf(mine.message)).toBe('Read production data | Denied by Ana.');
  });

  it('a question is told in the thread and decides nothing', async () => {
    const world = await worldWith();
    await asked(world);
    const { context, id } = await wordsForm(world, 'comment');
    await submit(world, { note: 'which table?' }, { form: id, context, user: 'ana' });
    await world.pass(5);
    expect(world.chat.threadOf(world.card().ref).at(-1)).toBe('Ana writes: “which table?”');
    expect((await requestOf(world)).status).toBe('pending');
  });

  it('C14: of two open forms the second finds that it was decided', async () => {
    const world = await worldWith();
    await asked(world);
    const [first, second] = [await wordsForm(world, 'deny'), await wordsForm(world, 'deny')];
    await submit(world, { note: 'no' }, { form: 'deny', context: first.context, user: 'ana' });
    await submit(world, { note: 'never' }, { form: 'deny', context: second.context, user: 'ben' });
    await world.pass(5);
    expect(await requestOf(world)).toMatchObject({ status: 'denied', note: 'no' });
    expect(world.private('ben')).toContainEqual(sentence({ code: 'wrong_status', status: 'denied' }));
  });
});

describe('more time', () => {
  async function extendForm(world: World): Promise<Form> {
    const value = `${(await passOf(world)).id}.0.-`;
    const answer = await world.inbox.press({ ...world.origin('mia'), action: 'extend', value });
    if (answer.kind !== 'form') throw new Error(textOfAnswer(answer));
    return answer.form;
  }

  it('offers up to what is left of the maximum, and asks', async () => {
    const world = await worldWith();
    await world.livePass('prod-db-readonly 3h fix INC-42');
    const form = await extendForm(world);
    const field = fieldOf(form, 'duration');
    const options = field?.type === 'choice' ? field.options.map(({ value }) => value) : [];
    expect(options.at(-1)).toBe('60m');
    const { context } = form;
    expect(await submit(world, { duration: '61m', reason: 'x' }, { form: 'extend', context })).toMatchObject({
      kind: 'problems',
      problems: { duration: expect.stringContaining('longest time') },
    });
    const answer = await submit(world, { duration: '60m', reason: 'x' }, { form: 'extend', context });
    expect(said(answer)).toContain('Asked for Read production data.');
    await world.pass(5);
    const more = await requestOf(world);
    if (more.status !== 'pending') throw new Error(more.status);
    await world.inbox.press({ ...world.origin('ana'), action: 'approve', value: buttonOf(more) });
    await world.pass(10);
    const atMost = await extendForm(world);
    expect(atMost).toMatchObject({ id: 'details', fields: [] });
    expect(atMost.submit).toBeUndefined();
  });

  it('tells what is wrong on a field that the form has', async () => {
    const world = await worldWith();
    await world.livePass();
    const { context } = await extendForm(world);
    const problemsOf = async (answers: Answers, more = {}) => {
      const answer = await submit(world, answers, { form: 'extend', context, ...more });
      return answer.kind === 'problems' ? answer.problems : answer.kind;
    };
    expect(await problemsOf({ duration: 'soon', reason: 'x' })).toEqual({
      duration: sentence({ code: 'duration_unclear', text: 'soon' }),
    });
    expect(await problemsOf({ duration: '30m', reason: '' })).toEqual({ reason: sentence({ code: 'reason_missing' }) });
    expect(await problemsOf({ duration: '30m', reason: 'x' }, { user: 'kim' })).toEqual({
      duration: sentence({ code: 'not_yours' }),
    });
    expect(await problemsOf({ duration: '30m', reason: 'x' }, { context: 'pass_1' })).toEqual({
      duration: sentence({ code: 'unknown_pass' }),
    });
    await submit(world, { duration: '30m', reason: 'x' }, { form: 'extend', context });
    const request = (await requestOf(world)).id;
    expect(await problemsOf({ duration: '30m', reason: 'x' })).toEqual({
      duration: sentence({ code: 'already_asked', request }),
    });
  });

  it('is not offered to anybody else, nor for a pass that is over', async () => {
    const world = await worldWith();
    await world.livePass();
    const value = `${(await passOf(world)).id}.0.-`;
    const press = (user: string) => world.inbox.press({ ...world.origin(user), action: 'extend', value });
    expect(textOfAnswer(await press('ana'))).toBe(sentence({ code: 'not_yours' }));
    await world.say('mia', 'return');
    expect(textOfAnswer(await press('mia'))).toBe(sentence({ code: 'not_live', status: 'revoking' }));
  });
});

describe('details', () => {
  it('shows everything about a request, in order', async () => {
    const world = await worldWith();
    await world.livePass();
    const { id } = await requestOf(world);
    const answer = await world.inbox.press({ ...world.origin('ben'), action: 'details', value: `${id}.0.-` });
    if (answer.kind !== 'form') throw new Error('no form');
    const lines = answer.form.intro.map(richText);
    expect(lines).toContain('Reason: fix INC-42');
    expect(lines.filter((line) => / Mia asked| Ana approved| Access is live/.test(line))).toHaveLength(3);
    expect(answer.form.submit).toBeUndefined();
    expect(said(await submit(world, {}, { form: 'details' }))).toBe('done');
  });
});
