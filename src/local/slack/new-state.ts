// The state that a workspace begins with: seeds completed, the bot among the people, tokens known.
import type { Clock, Ids } from '../../ports/clock.ts';
import type { Channel, User } from './records.ts';
import {
  type AppSeed,
  type ChannelSeed,
  checkSeeds,
  type TeamSeed,
  type UsergroupSeed,
  type UserSeed,
} from './seeds.ts';
import type { State } from './state.ts';

export interface Beginning {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly team: TeamSeed;
  readonly app: AppSeed;
  readonly users: readonly UserSeed[];
  readonly channels: readonly ChannelSeed[];
  readonly usergroups: readonly UsergroupSeed[];
  readonly scopes: readonly string[];
  readonly botToken: string;
  readonly appToken: string;
  readonly mode: State['mode'];
  readonly requestUrl: string | undefined;
}

/** Throws an Error when the seeds contradict each other. */
export function newState(begin: Beginning): State {
  const { clock, ids, team, app, users, channels, usergroups, scopes, mode, requestUrl } = begin;
  checkSeeds(team, app, users, channels, usergroups);
  const bot = { id: app.botUserId, name: app.name.toLowerCase(), real_name: app.name, is_bot: true };
  return {
    clock,
    ids,
    team,
    app,
    scopes,
    mode,
    requestUrl,
    base: '',
    version: 1,
    lastMicros: 0,
    users: byId([...users, bot].map((seed) => completeUser(team, seed))),
    channels: byId(channels.map((seed) => completeChannel(clock, seed))),
    groups: byId(usergroups.map((seed) => ({ ...seed, name: seed.name ?? seed.handle }))),
    messages: new Map(),
    earlier: new Map(),
    ephemerals: [],
    views: new Map(),
    stacks: new Map(),
    homes: new Map(),
    files: new Map(),
    triggers: new Map(),
    responseUrls: new Map(),
    tokens: new Map([
      [begin.botToken, { kind: 'bot', revoked: false }],
      [begin.appToken, { kind: 'app', revoked: false }],
    ]),
    tickets: new Set(),
    calls: [],
    deliveries: [],
    watchers: new Set(),
  };
}

function byId<Thing extends { readonly id: string }>(things: readonly Thing[]): Map<string, Thing> {
  return new Map(things.map((thing) => [thing.id, thing]));
}

function completeUser(team: TeamSeed, seed: UserSeed): User {
  return {
    team_id: team.id,
    real_name: seed.name,
    title: '',
    tz: 'Etc/UTC',
    locale: 'en-US',
    deleted: false,
    is_bot: false,
    is_restricted: false,
    is_ultra_restricted: false,
    is_stranger: false,
    ...seed,
  };
}

function completeChannel(clock: Clock, seed: ChannelSeed): Channel {
  return {
    is_private: false,
    is_archived: false,
    is_ext_shared: false,
    is_pending_ext_shared: false,
    created: Math.floor(clock.now() / 1_000),
    ...seed,
  };
}
