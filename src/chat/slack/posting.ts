// Sending, changing and finding again our own messages. Never repeats a call: what to do about a lost answer is decided
// by whoever keeps the outbox, with `find` (threat D05). Must not look into anybody else's messages.
import type { WebClient } from '@slack/web-api';
import type { ChannelRef, MessageRef } from '../../core/model.ts';
import { ChatError, type Place, type Posted } from '../../ports/chat-platform.ts';
import type { Instant } from '../../ports/clock.ts';
import type { Message } from '../../ports/document.ts';
import { contentHash } from './content-hash.ts';
import type { Identity } from './identity.ts';
import { renderMessage, type SlackMessage } from './render.ts';
import type { Web } from './web.ts';

export interface Posting {
  post(place: Place, message: Message, key: string): Promise<Posted>;
  update(message: MessageRef, document: Message): Promise<Posted>;
  find(place: Place, key: string, since: Instant): Promise<Posted | undefined>;
  lastKeys(channel: ChannelRef, keyPrefix: string, limit: number): Promise<readonly string[]>;
}

/** Readable by every app and person of the workspace: ids only. */
const METADATA_TYPE = 'hallpass';
/** Our clock and Slack's may differ; a message is looked for from this much earlier on. */
const SKEW_MS = 120_000;
const PAGE_MESSAGES = 200;
/** 4,000 messages; beyond that we have not looked and say so. */
const PAGES = 20;
const LAST_PAGES = 5;
const TOO_MUCH = 'too_much_history';

/** No links of our making, no previews that tell a third party who reads (threat D14), no names made into mentions. */
const QUIET = { parse: 'none', unfurl_links: false, unfurl_media: false } as const;

export function posting(web: Web, identity: () => Promise<Identity>): Posting {
  return {
    async post(place, message, key) {
      const us = await identity();
      const content = renderMessage(message, us);
      if (place.kind === 'beside') return beside(web, us, place, content, key);
      return send(web, us, destinationOf(place, us), content, key);
    },
    async update(message, document) {
      const us = await identity();
      const target = ownRef(message, us);
      const { text, blocks } = renderMessage(document, us);
      // Without `metadata` Slack keeps the key as it is: https://docs.slack.dev/reference/methods/chat.update
      const { channel, message: ts } = target;
      await web.write((client) => client.chat.update({ channel, ts, text, blocks, parse: 'none' }));
      return { message: target, hash: contentHash(text, blocks) };
    },
    async find(place, key, since) {
      const us = await identity();
      if (place.kind === 'beside' || isDirect(place)) throw new ChatError('refused', 'cannot_look', 'no');
      return look(web, us, destinationOf(place, us), key, since);
    },
    async lastKeys(channel, keyPrefix, limit) {
      const us = await identity();
      const keys: string[] = [];
      try {
        for await (const message of history(web, { channel: ownChannel(channel) }, LAST_PAGES)) {
          const key = keyOf(message, us);
          if (key?.startsWith(keyPrefix)) keys.push(key);
          if (keys.length >= limit) break;
        }
      } catch (error) {
        // The last ones are what was asked for; how many there are before them is not.
        if (keys.length === 0 || !(error instanceof ChatError) || error.code !== TOO_MUCH) throw error;
      }
      return keys;
    },
  };
}

/**
 * Looking into direct messages would need im:history, a right to read what people write to the bot, which we do not ask
 * for: private notes are sent again when in doubt, and numbered so that it shows. Ephemerals are in no history at all.
 */
function isDirect(place: Place): boolean {
  return place.kind === 'person' || (place.kind === 'thread' && place.under.channel.startsWith('D'));
}

interface Destination {
  readonly channel: string;
  readonly thread_ts?: string;
}

function destinationOf(place: Exclude<Place, { kind: 'beside' }>, us: Identity): Destination {
  switch (place.kind) {
    case 'channel':
      return { channel: ownChannel(place.channel) };
    case 'thread':
      return threadOf(ownRef(place.under, us));
    case 'person': {
      // An id of another workspace may be somebody else in ours, and what is private does not go to strangers.
      if (place.account.platform !== 'slack' || (place.account.tenant !== us.teamId && us.enterpriseId === undefined))
        throw new ChatError('refused', 'foreign_account', 'no');
      return place.under === undefined ? { channel: place.account.user } : threadOf(ownRef(place.under, us));
    }
  }
}

function threadOf({ channel, message }: MessageRef): Destination {
  return { channel, thread_ts: message };
}

function ownRef(message: MessageRef, us: Identity): MessageRef {
  if (message.platform !== 'slack' || message.tenant !== us.teamId)
    throw new ChatError('invalid', 'foreign_message', 'no');
  return message;
}

function ownChannel(channel: { readonly platform: string; readonly channel: string }): string {
  if (channel.platform !== 'slack') throw new ChatError('invalid', 'foreign_channel', 'no');
  return channel.channel;
}

async function send(web: Web, us: Identity, to: Destination, content: SlackMessage, key: string): Promise<Posted> {
  const { text, blocks } = content;
  const metadata = { event_type: METADATA_TYPE, event_payload: { key } };
  const sent = await web.write((client) => client.chat.postMessage({ ...to, text, blocks, metadata, ...QUIET }));
  if (sent.channel === undefined || sent.ts === undefined) throw new ChatError('unreachable', 'no_address', 'maybe');
  return postedAt(us, sent.channel, sent.ts, contentHash(text, blocks));
}

/** Shown to one person in a channel; where Slack cannot (they or we are not in it), as a direct message. */
async function beside(
  web: Web,
  us: Identity,
  place: Extract<Place, { kind: 'beside' }>,
  content: SlackMessage,
  key: string,
): Promise<Posted> {
  const channel = ownChannel(place.channel);
  const { text, blocks } = content;
  const { user } = place.account;
  try {
    const shown = await web.write((client) =>
      client.chat.postEphemeral({ channel, user, text, blocks, parse: 'none' }),
    );
    return postedAt(us, channel, shown.message_ts ?? '', contentHash(text, blocks));
  } catch (error) {
    if (!(error instanceof ChatError) || error.fault !== 'gone') throw error;
    return send(web, us, destinationOf({ kind: 'person', account: place.account }, us), content, key);
  }
}

async function look(
  web: Web,
  us: Identity,
  { channel, thread_ts: ts }: Destination,
  key: string,
  since: Instant,
): Promise<Posted | undefined> {
  const oldest = ((since - SKEW_MS) / 1000).toFixed(6);
  for await (const message of history(web, { channel, oldest, ...(ts === undefined ? {} : { ts }) })) {
    if (keyOf(message, us) !== key || message.ts === undefined) continue;
    return postedAt(us, channel, message.ts, contentHash(message.text ?? '', message.blocks ?? []));
  }
  return undefined;
}

/** Newest first in a channel, oldest first in a thread. Throws when there is more than we look through. */
async function* history(
  web: Web,
  { ts, ...where }: { readonly channel: string; readonly oldest?: string; readonly ts?: string },
  pages = PAGES,
): AsyncGenerator<HistoryMessage> {
  let cursor: string | undefined;
  for (let page = 0; page < pages; page += 1) {
    const from = { ...where, limit: PAGE_MESSAGES, include_all_metadata: true, ...(cursor && { cursor }) };
    const { messages = [], response_metadata: next } = await web.read(
      (client): Promise<HistoryPage> =>
        ts === undefined ? client.conversations.history(from) : client.conversations.replies({ ...from, ts }),
    );
    yield* messages;
    cursor = next?.next_cursor;
    if (!cursor) return;
  }
  throw new ChatError('busy', TOO_MUCH, 'no');
}

type HistoryPage = Awaited<ReturnType<WebClient['conversations']['history'] | WebClient['conversations']['replies']>>;
type HistoryMessage = NonNullable<HistoryPage['messages']>[number];

/** Any app may write our kind of metadata (threat C07); nobody else can post as our bot. */
function keyOf(message: HistoryMessage, us: Identity): string | undefined {
  if (message.bot_id !== us.botId || (message.app_id !== undefined && message.app_id !== us.appId)) return undefined;
  const { event_type: type, event_payload: payload } = message.metadata ?? {};
  if (type !== METADATA_TYPE || typeof payload !== 'object' || payload === null) return undefined;
  const key: unknown = Reflect.get(payload, 'key');
  return typeof key === 'string' ? key : undefined;
}

function postedAt(us: Identity, channel: string, message: string, hash: string): Posted {
  return { message: { platform: 'slack', tenant: us.teamId, channel, message }, hash };
}
