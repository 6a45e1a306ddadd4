// What happens behind the app's back, and the events it hears of it.
import { describe, expect, it } from 'vitest';
import { withApp } from './listening-app.ts';
import { ANA, BEN, REVIEW } from './support.ts';

async function started() {
  const on = await withApp();
  return { ...on, events: () => on.app.received.map(({ payload }) => payload.event as Record<string, unknown>) };
}

describe('administration', () => {
  it('deactivates, renames, moves people', async () => {
    const { workspace, call, events } = await started();
    await workspace.changeUser(BEN, { deleted: true });
    await workspace.changeUser(ANA, { email: 'ana.b@acme.test', is_restricted: true });
    expect(events()).toMatchObject([
      { type: 'user_change', user: { id: BEN, deleted: true } },
      { type: 'user_change', user: { id: ANA, is_restricted: true, profile: { email: 'ana.b@acme.test' } } },
    ]);
    expect((await call('users.info', { user: BEN })).body.user).toMatchObject({ deleted: true });
    expect((await call('users.lookupByEmail', { email: 'ana@acme.test' })).body.error).toBe('users_not_found');
    await expect(workspace.changeUser('U0NO', {})).rejects.toMatchObject({ code: 'unknown_user' });
  });

  it('shares and archives channels', async () => {
    const { workspace, call, events } = await started();
    await workspace.changeChannel(REVIEW, { is_ext_shared: true });
    await workspace.changeChannel(REVIEW, { is_ext_shared: false });
    await workspace.changeChannel(REVIEW, { is_archived: true });
    expect(events().map(({ type, channel }) => [type, channel])).toEqual([
      ['channel_shared', REVIEW],
      ['channel_unshared', REVIEW],
      ['channel_archive', REVIEW],
    ]);
    expect((await call('chat.postMessage', { channel: REVIEW, text: 'x' })).body.error).toBe('is_archived');
    expect(await workspace.changeChannel(REVIEW, { name: 'renamed' })).toEqual([]);
  });

  it('lets people and the bot join and leave', async () => {
    const { workspace, call, events } = await started();
    await workspace.join(REVIEW, 'U0GUEST');
    await workspace.leave(REVIEW, 'U0HALLPASS');
    expect(events()).toMatchObject([
      { type: 'member_joined_channel', user: 'U0GUEST', channel: REVIEW, channel_type: 'C' },
      { type: 'member_left_channel', user: 'U0HALLPASS' },
    ]);
    expect(workspace.channel(REVIEW)?.members).toEqual([ANA, BEN, 'U0GUEST']);
    expect((await call('chat.postMessage', { channel: REVIEW, text: 'x' })).body.error).toBe('not_in_channel');
  });

  it('changes user groups', async () => {
    const { workspace, call, events } = await started();
    await workspace.changeUsergroup('S0DBAS', [ANA]);
    expect(events()).toMatchObject([
      {
        type: 'subteam_members_changed',
        subteam_id: 'S0DBAS',
        added_users: [ANA],
        added_users_count: 1,
        removed_users: [BEN],
      },
    ]);
    expect((await call('usergroups.users.list', { usergroup: 'S0DBAS' })).body.users).toEqual([ANA]);
  });

  it('uninstalls the app', async () => {
    const { workspace, call, events } = await started();
    await workspace.uninstall();
    expect(
      events()
        .map(({ type }) => type)
        .sort(),
    ).toEqual(['app_uninstalled', 'tokens_revoked']);
    expect((await call('auth.test')).body.error).toBe('token_revoked');
  });

  it('deletes messages; a thread leaves a tombstone', async () => {
    const { workspace, call } = await started();
    const alone = String((await call('chat.postMessage', { channel: REVIEW, text: 'alone' })).body.ts);
    const root = String((await call('chat.postMessage', { channel: REVIEW, text: 'root' })).body.ts);
    await call('chat.postMessage', { channel: REVIEW, text: 'reply', thread_ts: root });
    workspace.deleteMessage(REVIEW, alone);
    workspace.deleteMessage(REVIEW, root);
    expect(workspace.messages(REVIEW)).toMatchObject([
      { subtype: 'tombstone', user: 'USLACKBOT', ts: root },
      { text: 'reply' },
    ]);
    expect((await call('chat.update', { channel: REVIEW, ts: alone, text: 'x' })).body.error).toBe('message_not_found');
    expect((await call('chat.update', { channel: REVIEW, ts: root, text: 'x' })).body.error).toBe(
      'cant_update_message',
    );
  });

  it('rewrites a message without a trace', async () => {
    const { workspace, call } = await started();
    const ts = String(
      (await call('chat.postMessage', { channel: REVIEW, text: 'true', blocks: [{ type: 'divider' }] })).body.ts,
    );
    workspace.rewriteMessage(REVIEW, ts, 'false');
    const message = workspace.message(REVIEW, ts);
    expect(message).toMatchObject({ text: 'false', user: 'U0HALLPASS' });
    expect(message).not.toHaveProperty('edited');
    expect(() => workspace.rewriteMessage(REVIEW, '1.1', 'x')).toThrow('message_not_found');
  });

  it('sends any other event that the app subscribes to', async () => {
    const { workspace, events } = await started();
    await workspace.event({ type: 'channel_archive', channel: 'C9', event_ts: '1.5' });
    expect(await workspace.event({ type: 'reaction_added' })).toBeUndefined();
    expect(events()).toEqual([{ type: 'channel_archive', channel: 'C9', event_ts: '1.5' }]);
  });
});
