// People and groups beyond the contract: how fresh facts are, and whom an Enterprise organisation calls its own.
import { describe, expect, it } from 'vitest';
import { foreignTo, type Identity } from '../../../src/chat/slack/identity.ts';
import { peopleOf } from '../../../src/chat/slack/people.ts';
import type { Web } from '../../../src/chat/slack/web.ts';
import { manualClock } from '../../fakes/manual-clock.ts';
import { ANA, BEN, REVIEW, rig, TEAM } from './rig.ts';

const ana = { platform: 'slack', tenant: TEAM, user: ANA };

describe('facts about a person', () => {
  it('are read anew each time (B05)', async () => {
    const on = await rig('socket');
    expect(await on.platform.account(ana)).toMatchObject({ standing: 'member', zone: 'Europe/Berlin', name: 'ana' });
    await on.workspace.changeUser(ANA, { deleted: true });
    expect(await on.platform.account(ana)).toMatchObject({ standing: 'deactivated' });
    expect(on.workspace.callsOf('users.info')).toHaveLength(2);
  });

  it('say since when they hold', async () => {
    const on = await rig('socket');
    expect((await on.platform.account(ana)).asOf).toBe(on.clock.now());
  });

  it('are of the account that Slack knows, whatever workspace was asked for', async () => {
    const on = await rig('socket');
    const facts = await on.platform.account({ ...ana, tenant: 'T0OTHER' });
    expect(facts.account).toEqual(ana);
  });

  it('fail when they cannot be had: no facts is no consent (B05)', async () => {
    const on = await rig('socket');
    on.workspace.failNext('users.info', 1, { status: 500 });
    await expect(on.platform.account(ana)).rejects.toMatchObject({ fault: 'unreachable', sent: 'no' });
    on.workspace.failNext('users.lookupByEmail', 1, { status: 500 });
    await expect(on.platform.accountByEmail('ana@acme.test')).rejects.toMatchObject({ fault: 'unreachable' });
  });
});

describe('members of a group', () => {
  it('are remembered for less than a minute, since Slack answers that 20 times a minute', async () => {
    const on = await rig('socket');
    const asked = () => on.workspace.callsOf('usergroups.users.list').length;
    await Promise.all([on.platform.members('S0DBAS'), on.platform.members('S0DBAS')]);
    await on.clock.advance(54_000);
    await on.platform.members('S0DBAS');
    expect(asked()).toBe(1);
    await on.clock.advance(2_000);
    await on.platform.members('S0DBAS');
    expect(asked()).toBe(2);
  });

  it('are not remembered when they could not be had', async () => {
    const on = await rig('socket');
    on.workspace.failNext('usergroups.users.list', 1, { error: 'plan_upgrade_required' });
    const refused = { fault: 'refused', code: 'plan_upgrade_required' };
    await expect(on.platform.members('S0DBAS')).rejects.toMatchObject(refused);
    expect(await on.platform.members('S0DBAS')).toEqual([ana]);
  });
});

describe('a channel', () => {
  it('that is about to be shared counts as shared (B02)', async () => {
    const on = await rig('socket');
    const channel = { platform: 'slack', channel: REVIEW };
    await on.workspace.changeChannel(REVIEW, { is_pending_ext_shared: true });
    expect(await on.platform.channel(channel)).toMatchObject({ shared: true, name: 'reviews' });
  });
});

describe('a channel of which Slack does not say whether it is shared', () => {
  it('counts as shared (B02)', async () => {
    const web: Web = {
      read: async (call) =>
        call({
          conversations: { info: async () => ({ ok: true, channel: { id: REVIEW, is_member: true } }) },
        } as never),
      write: () => Promise.reject(new Error('nothing is written')),
    };
    const people = peopleOf(web, () => Promise.reject(new Error('not asked')), manualClock());
    const facts = await people.channel({ platform: 'slack', channel: REVIEW });
    expect(facts).toMatchObject({ shared: true, botIsMember: true, archived: false, name: REVIEW });
  });
});

describe('in an Enterprise organisation', () => {
  const us: Identity = {
    teamId: TEAM,
    teamName: 'Acme',
    appId: 'A0HALLPASS',
    botId: 'B0',
    botUserId: 'U0',
    enterpriseId: 'E0ACME',
    orgInstall: false,
  };
  const standing = async (user: object) => {
    const web: Web = {
      read: async (call) => call({ users: { info: async () => ({ ok: true, user }) } } as never),
      write: () => Promise.reject(new Error('nothing is written')),
    };
    return (await peopleOf(web, async () => us, manualClock()).account(ana)).standing;
  };

  it.each([
    [
      'a colleague of this workspace',
      { id: ANA, team_id: TEAM, enterprise_user: { enterprise_id: 'E0ACME' } },
      'member',
    ],
    [
      'a colleague of another workspace',
      { id: 'W1', team_id: 'T2', enterprise_user: { enterprise_id: 'E0ACME' } },
      'member',
    ],
    [
      'somebody of another organisation',
      { id: 'W2', team_id: 'T3', enterprise_user: { enterprise_id: 'E0OTHER' } },
      'stranger',
    ],
    ['somebody whom Slack calls a stranger', { id: BEN, team_id: TEAM, is_stranger: true }, 'stranger'],
    ['somebody without a workspace', { id: BEN }, 'stranger'],
    ['a guest of one channel', { id: BEN, team_id: TEAM, is_ultra_restricted: true }, 'guest'],
    ['a guest from outside', { id: BEN, team_id: 'T3', is_restricted: true }, 'stranger'],
    ['a workflow', { id: BEN, team_id: TEAM, is_workflow_bot: true }, 'bot'],
    ['Slack itself', { id: 'USLACKBOT', team_id: TEAM }, 'bot'],
    ['a bot that was taken out', { id: BEN, team_id: TEAM, is_bot: true, deleted: true }, 'deactivated'],
  ])('%s', async (_, user, expected) => {
    expect(await standing(user)).toBe(expected);
  });

  const press = { type: 'block_actions', api_app_id: 'A0HALLPASS' };
  it.each([
    ['of this workspace', { team: { id: TEAM }, enterprise: { id: 'E0ACME' } }, us, undefined],
    [
      'of another workspace of it, when we are installed in one alone',
      { team: { id: 'T2' }, enterprise: { id: 'E0ACME' } },
      us,
      'wrong_team',
    ],
    [
      'of another workspace of it, when we are installed in all',
      { team: { id: 'T2' }, enterprise: { id: 'E0ACME' } },
      { ...us, orgInstall: true },
      undefined,
    ],
    [
      'that names the organisation alone',
      { team: null, enterprise: { id: 'E0ACME' } },
      { ...us, orgInstall: true },
      undefined,
    ],
    [
      'of another organisation',
      { team: { id: TEAM }, enterprise: { id: 'E0OTHER' } },
      { ...us, orgInstall: true },
      'wrong_enterprise',
    ],
    [
      'of an organisation, when we are in none',
      { team: { id: TEAM }, enterprise: { id: 'E0ACME' } },
      { ...us, enterpriseId: undefined },
      'wrong_enterprise',
    ],
    ['that names nobody', {}, { ...us, orgInstall: true }, 'wrong_team'],
    ['of a form from a shared channel', { team: { id: 'T2' }, view: { app_installed_team_id: TEAM } }, us, undefined],
    [
      'of a form that is another installation’s',
      { team: { id: TEAM }, view: { app_installed_team_id: 'T2' } },
      us,
      'wrong_team',
    ],
    [
      'of an event for several workspaces',
      { team_id: 'T2', authorizations: [{ team_id: 'T3' }, { team_id: TEAM }] },
      us,
      undefined,
    ],
    ['of an event for others', { team_id: TEAM, authorizations: [{ team_id: 'T3' }] }, us, 'wrong_team'],
  ] as const)('a delivery %s', (_, body, who, expected) => {
    expect(foreignTo(who, { ...press, ...body })).toBe(expected);
  });
});
