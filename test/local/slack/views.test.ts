// views.*: triggers, stacks, hashes, homes; and what stays in the fields of a view that is updated.
import { describe, expect, it } from 'vitest';
import { ANA, BEN, bench, long, many, mrkdwn, plain, STRANGER } from './support.ts';

const input = (block_id: string, extra: object = {}) => ({
  type: 'input',
  block_id,
  label: plain('L'),
  element: { type: 'plain_text_input', action_id: 'v', ...extra },
});
const modal = (extra: object = {}) => ({
  type: 'modal',
  callback_id: 'ask',
  title: plain('Ask'),
  submit: plain('Go'),
  blocks: [input('why')],
  ...extra,
});
const home = (text: string) => ({ type: 'home', blocks: [{ type: 'section', text: mrkdwn(text) }] });

describe('triggers', () => {
  it('open one view, once', async () => {
    const { call, trigger, workspace } = await bench();
    const trigger_id = await trigger();
    const { body } = await call('views.open', { trigger_id, view: modal() });
    expect(body.view).toMatchObject({
      type: 'modal',
      callback_id: 'ask',
      team_id: 'T0LOCAL',
      app_installed_team_id: 'T0LOCAL',
    });
    expect(workspace.openView(ANA)?.title).toEqual(plain('Ask'));
    expect((await call('views.open', { trigger_id, view: modal() })).body.error).toBe('exchanged_trigger_id');
  });

  it('live for 3 s', async () => {
    const { call, trigger, clock } = await bench();
    const [inTime, late] = [await trigger(), await trigger()];
    await clock.advance(3_000);
    expect((await call('views.open', { trigger_id: inTime, view: modal() })).body.ok).toBe(true);
    await clock.advance(1);
    expect((await call('views.open', { trigger_id: late, view: modal() })).body.error).toBe('expired_trigger_id');
  });

  it('cannot be guessed', async () => {
    const { call } = await bench();
    expect((await call('views.open', { trigger_id: '1.2.3', view: modal() })).body.error).toBe('invalid_trigger_id');
  });

  it('are not used up by a view that is refused', async () => {
    const { call, trigger } = await bench();
    const trigger_id = await trigger();
    expect((await call('views.open', { trigger_id, view: modal({ title: plain(long(25)) }) })).body.error).toBe(
      'invalid_arguments',
    );
    expect((await call('views.open', { trigger_id, view: modal() })).body.ok).toBe(true);
  });
});

describe('what is refused', () => {
  it.each([
    ['no view', undefined, 'missing required field: view'],
    ['input without submit', { type: 'modal', title: plain('T'), blocks: [input('a')] }, '`submit` is required'],
    ['a home where a modal belongs', home('x'), 'must be a modal [json-pointer:/view/type]'],
    ['private_metadata over 3,000', modal({ private_metadata: long(3_001) }), 'must be less than 3001 characters'],
  ])('%s', async (_name, view, says) => {
    const { call, trigger } = await bench();
    const { body } = await call('views.open', { trigger_id: await trigger(), ...(view && { view }) });
    expect(body.error).toBe('invalid_arguments');
    expect(JSON.stringify(body.response_metadata)).toContain(says);
  });

  it('a view over 250 KB', async () => {
    const { call, trigger } = await bench();
    const blocks = many(84, () => ({ type: 'section', text: mrkdwn(long(3_000)) }));
    expect((await call('views.open', { trigger_id: await trigger(), view: modal({ blocks }) })).body.error).toBe(
      'view_too_large',
    );
  });

  it('the same external_id twice', async () => {
    const { call, trigger } = await bench();
    await call('views.open', { trigger_id: await trigger(ANA), view: modal({ external_id: 'e' }) });
    const again = await call('views.open', { trigger_id: await trigger(BEN), view: modal({ external_id: 'e' }) });
    expect(again.body.error).toBe('duplicate_external_id');
  });
});

describe('stacks', () => {
  it('hold three views', async () => {
    const { call, trigger, workspace } = await bench();
    await call('views.open', { trigger_id: await trigger(), view: modal() });
    const push = async () => (await call('views.push', { trigger_id: await trigger(), view: modal() })).body;
    const [root, second] = [workspace.openView(ANA), (await push()).view as { id: string; root_view_id: string }];
    expect(second.root_view_id).toBe(root?.id);
    expect((await push()).view).toMatchObject({ previous_view_id: second.id });
    expect((await push()).error).toBe('push_limit_reached');
    expect(workspace.snapshot(ANA).views).toHaveLength(3);
  });

  it('begin with views.open: nothing to push onto otherwise, and a new one replaces what was open', async () => {
    const { call, trigger, workspace } = await bench();
    expect((await call('views.push', { trigger_id: await trigger(), view: modal() })).body.error).toBe('not_found');
    await call('views.open', { trigger_id: await trigger(), view: modal() });
    const view_id = workspace.openView(ANA)?.id;
    await call('views.open', { trigger_id: await trigger(), view: modal({ title: plain('Other') }) });
    expect((await call('views.update', { view_id, view: modal() })).body.error).toBe('not_found');
    expect(workspace.snapshot(ANA).views.map(({ title }) => title.text)).toEqual(['Other']);
  });
});

describe('views.update', () => {
  async function opened(view: object = modal({ external_id: 'e' })) {
    const on = await bench();
    const { body } = await on.call('views.open', { trigger_id: await on.trigger(), view });
    const { id, hash } = body.view as { id: string; hash: string };
    return { ...on, id, hash };
  }

  it('only replaces the version that the caller saw', async () => {
    const { call, id, hash } = await opened();
    const first = await call('views.update', { view_id: id, hash, view: modal() });
    expect(first.body.ok).toBe(true);
    expect((first.body.view as { id: string }).id).toBe(id);
    expect((await call('views.update', { view_id: id, hash, view: modal() })).body.error).toBe('hash_conflict');
    expect((await call('views.update', { view_id: id, view: modal() })).body.ok).toBe(true);
  });

  it('finds a view by external_id and none that is closed', async () => {
    const { call, workspace, id } = await opened();
    expect((await call('views.update', { external_id: 'e', view: modal({ external_id: 'e' }) })).body.ok).toBe(true);
    await workspace.closeView(ANA);
    expect((await call('views.update', { view_id: id, view: modal() })).body.error).toBe('not_found');
    expect((await call('views.update', { external_id: 'e', view: modal() })).body.error).toBe('not_found');
    expect((await call('views.update', { view: modal() })).body.error).toBe('not_found');
  });

  it('keeps what was put into fields that stay, and starts new ones from their initial value', async () => {
    const { call, workspace, id } = await opened(modal({ blocks: [input('why'), input('gone')] }));
    await workspace.submitView(ANA, { why: 'because' });
    const blocks = [input('why', { initial_value: 'no' }), input('more', { initial_value: 'first' })];
    await call('views.update', { view_id: id, view: modal({ blocks }) });
    expect(workspace.openView(ANA)?.values).toEqual({
      why: { v: { type: 'plain_text_input', value: 'because' } },
      more: { v: { type: 'plain_text_input', value: 'first' } },
    });
  });
});

describe('views.publish', () => {
  it('shows a home to one person and replaces it', async () => {
    const { call, workspace } = await bench();
    const { view } = (await call('views.publish', { user_id: ANA, view: home('one') })).body as {
      view: { hash: string; id: string };
    };
    const { body } = await call('views.publish', { user_id: ANA, hash: view.hash, view: home('two') });
    expect(body.view).toMatchObject({ id: view.id, type: 'home' });
    expect(workspace.home(ANA)?.blocks).toMatchObject([{ text: { text: 'two' } }]);
    expect(workspace.home(BEN)).toBeUndefined();
    expect((await call('views.publish', { user_id: ANA, hash: view.hash, view: home('x') })).body.error).toBe(
      'hash_conflict',
    );
  });

  it.each([
    ['a modal', ANA, modal(), 'must be a home'],
    ['nobody', 'U0NO', home('x'), 'invalid `user_id`'],
    ['a stranger', STRANGER, home('x'), 'invalid `user_id`'],
  ])('refuses %s', async (_name, user_id, view, says) => {
    const { call } = await bench();
    const { body } = await call('views.publish', { user_id, view });
    expect(body.error).toBe('invalid_arguments');
    expect(JSON.stringify(body.response_metadata)).toContain(says);
  });
});
