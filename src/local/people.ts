// Who lives in the local workspace, and where they talk: the cast of the demo. Data only.
import type { ChannelSeed, UsergroupSeed, UserSeed } from './slack/seeds.ts';

export const BOT = 'U0HALLPASS';
const STRANGER_TEAM = 'T0PARTNER';

interface DemoPerson extends UserSeed {
  /** Their login in the demo database; without one they have no access to ask for. */
  readonly login?: string;
}

const zone = { tz: 'Europe/Berlin', locale: 'en-GB' } as const;

export const PEOPLE: readonly DemoPerson[] = [
  {
    id: 'U0MIA',
    name: 'mia',
    real_name: 'Mia Lindqvist',
    title: 'Engineer · asks',
    email: 'mia@acme.test',
    login: 'mia',
    ...zone,
  },
  {
    id: 'U0ANA',
    name: 'ana',
    real_name: 'Ana Duarte',
    title: 'Database team · approves',
    email: 'ana@acme.test',
    login: 'ana',
    ...zone,
  },
  {
    id: 'U0BEN',
    name: 'ben',
    real_name: 'Ben Okafor',
    title: 'Database team · approves',
    email: 'ben@acme.test',
    login: 'ben',
    ...zone,
  },
  {
    id: 'U0SAM',
    name: 'sam',
    real_name: 'Sam Whitfield',
    title: 'Security',
    email: 'sam@acme.test',
    login: 'sam',
    ...zone,
  },
  {
    id: 'U0GUS',
    name: 'gus',
    real_name: 'Gus Moreau',
    title: 'Guest',
    email: 'gus@acme.test',
    is_restricted: true,
    ...zone,
  },
  {
    id: 'U0EVE',
    name: 'eve',
    real_name: 'Eve Partner',
    title: 'Another company',
    team_id: STRANGER_TEAM,
    is_stranger: true,
  },
];

const everybody = PEOPLE.filter((person) => person.is_stranger !== true).map((person) => person.id);

export const CHANNELS: readonly ChannelSeed[] = [
  { id: 'C0GENERAL', name: 'general', members: [...everybody, BOT] },
  { id: 'C0DBREV', name: 'db-access', members: ['U0MIA', 'U0ANA', 'U0BEN', 'U0SAM', 'U0GUS', BOT] },
  { id: 'C0AUDIT', name: 'access-audit', is_private: true, members: ['U0SAM', 'U0ANA', BOT] },
  { id: 'C0SHARED', name: 'partner-project', is_ext_shared: true, members: ['U0MIA', 'U0EVE'] },
];

export const USERGROUPS: readonly UsergroupSeed[] = [
  { id: 'S0ENGINEERS', handle: 'engineers', name: 'Engineers', users: ['U0MIA', 'U0ANA', 'U0BEN'] },
];
