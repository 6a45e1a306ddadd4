// A chat platform that takes every message, tells whoever listens, and keeps nothing: a day of messages would fill the memory
// that the soak measures.
import type { AccountRef, MessageRef } from '../../src/core/model.ts';
import {
  type AccountFacts,
  ChatError,
  type ChatPlatform,
  type Place,
  type Posted,
} from '../../src/ports/chat-platform.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Message } from '../../src/ports/document.ts';

const TENANT = 'T01';

export interface Heard {
  readonly place: Place;
  readonly message: Message;
  readonly at: MessageRef;
}

export function forgetfulChat(clock: Clock, listen: (heard: Heard) => void): ChatPlatform {
  let count = 0;
  function posted(at: MessageRef): Posted {
    return { message: at, hash: '0'.repeat(64) };
  }
  return {
    name: 'slack',
    async start() {},
    async stop() {},
    async post(place, message) {
      count += 1;
      const at = { platform: 'slack', tenant: TENANT, channel: channelOf(place), message: `m${count}` };
      listen({ place, message, at });
      return posted(at);
    },
    update: async (at) => posted(at),
    async find() {
      throw new ChatError('refused', 'cannot_look', 'no');
    },
    async publishHome() {},
    account: async (account) => memberOf(account, clock),
    accountByEmail: async (email) => memberOf(accountOf(email.split('@')[0] ?? ''), clock),
    members: async () => [],
    channel: async (channel) => ({ channel, name: channel.channel, shared: false, archived: false, botIsMember: true }),
    check: async () => [],
  };
}

export function accountOf(user: string): AccountRef {
  return { platform: 'slack', tenant: TENANT, user };
}

function memberOf(account: AccountRef, clock: Clock): AccountFacts {
  const { user } = account;
  return { account, standing: 'member', name: user, email: `${user}@acme.test`, zone: 'UTC', asOf: clock.now() };
}

function channelOf(place: Place): string {
  switch (place.kind) {
    case 'channel':
    case 'beside':
      return place.channel.channel;
    case 'thread':
      return place.under.channel;
    case 'person':
      return `D-${place.account.user}`;
  }
}
