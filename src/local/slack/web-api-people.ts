// auth.test, bots.info, team.info, users.info, users.lookupByEmail, usergroups.list, usergroups.users.list.
import { accept, type Method, missing, refuse } from './api-reply.ts';
import { type Fields, flagOf, textOf } from './fields.ts';
import type { User } from './records.ts';
import { type State, unixSeconds } from './state.ts';

export const authTest: Method = (state) => {
  const { team, app } = state;
  return accept({
    url: `https://${team.domain}.slack.com/`,
    team: team.name,
    user: app.name.toLowerCase(),
    team_id: team.id,
    user_id: app.botUserId,
    bot_id: app.botId,
    is_enterprise_install: false,
  });
};

/** Which app a bot belongs to; auth.test does not say it. */
export const botsInfo: Method = (state, args) => {
  const { app } = state;
  if (textOf(args, 'bot') !== app.botId) return refuse('bot_not_found');
  return accept({
    bot: {
      id: app.botId,
      deleted: false,
      name: app.name.toLowerCase(),
      updated: unixSeconds(state),
      app_id: app.id,
      user_id: app.botUserId,
    },
  });
};

export const teamInfo: Method = (state) => {
  const { id, name, domain } = state.team;
  return accept({ team: { id, name, domain, url: `https://${domain}.slack.com/`, email_domain: '' } });
};

export const usersInfo: Method = (state, args) => {
  const id = textOf(args, 'user');
  if (id === undefined) return missing('user');
  const user = state.users.get(id);
  return user ? accept({ user: userObject(state, user, flagOf(args, 'include_locale')) }) : refuse('user_not_found');
};

/** Deactivated people and people of other companies are not found. */
export const lookupByEmail: Method = (state, args) => {
  const email = textOf(args, 'email')?.toLowerCase();
  if (email === undefined) return missing('email');
  const user = [...state.users.values()].find((one) => one.email?.toLowerCase() === email);
  const found = user && !user.deleted && !user.is_stranger;
  return found ? accept({ user: userObject(state, user, false) }) : refuse('users_not_found');
};

/**
 * E-mail needs `users:read.email`; strangers show neither e-mail nor locale; deactivated people keep their name only.
 */
export function userObject(state: State, user: User, withLocale: boolean): Fields {
  const { id, team_id, name, deleted, is_bot, real_name, is_restricted, is_ultra_restricted } = user;
  const showsEmail = user.email !== undefined && !user.is_stranger && state.scopes.includes('users:read.email');
  const profile = {
    real_name,
    display_name: name,
    title: user.title,
    team: team_id,
    ...(showsEmail && { email: user.email }),
  };
  const shared = { id, team_id, name, deleted, is_bot, is_app_user: false, updated: unixSeconds(state), profile };
  if (deleted) return shared;
  return {
    ...shared,
    real_name,
    tz: user.tz,
    tz_label: user.tz,
    tz_offset: offsetSeconds(user.tz, state.clock.now()),
    is_admin: false,
    is_owner: false,
    is_primary_owner: false,
    is_restricted,
    is_ultra_restricted,
    ...(user.is_stranger && { is_stranger: true }),
    ...(withLocale && !user.is_stranger && { locale: user.locale }),
  };
}

function offsetSeconds(zone: string, now: number): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(now);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  const [, sign, hours, minutes] = /^GMT([+-])(\d{2}):(\d{2})$/.exec(name) ?? [];
  const seconds = Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60;
  return sign === '-' ? -seconds : seconds;
}

export const usergroupsList: Method = (state, args) => {
  const withUsers = flagOf(args, 'include_users');
  const withCount = flagOf(args, 'include_count');
  const usergroups = [...state.groups.values()].map(({ users, ...group }) => ({
    ...group,
    team_id: state.team.id,
    is_usergroup: true,
    is_external: false,
    date_delete: 0,
    ...(withUsers && { users }),
    ...(withCount && { user_count: users.length }),
  }));
  return accept({ usergroups });
};

export const usergroupUsersList: Method = (state, args) => {
  const id = textOf(args, 'usergroup');
  if (id === undefined) return missing('usergroup');
  const group = state.groups.get(id);
  return group ? accept({ users: group.users }) : refuse('no_such_subteam');
};
