// Chat as the record: every message comes once and in order, whatever the platform does meanwhile; what cannot be said in one
// place is said in another; and nothing of it reaches a grant (threats D01, D05, D06, D07; laws 6, 13).
import { describe, expect, it } from 'vitest';
import { ChatError, type Place } from '../../src/ports/chat-platform.ts';
import type { Message } from '../../src/ports/document.ts';
import { broken } from '../crash/laws.ts';
import { textOf } from '../fakes/fake-chat.ts';
import type { Hook, PortCall, World } from '../world.ts';
import { approve, asked, auditLines, HOLDER, lastSaidTo, passOf, requestOf, sentence, worldWith } from './stories.ts';

const has = (world: World) => world.fake.target.has(HOLDER, 'readonly');

/** Refuses posts and edits that `isMeant`, with an error of the platform. */
function failing(isMeant: (place: Place | undefined, call: PortCall) => boolean, error: () => ChatError): Hook {
  return (call, proceed) => {
    const isSending = call.port === 'chat' && (call.method === 'post' || call.method === 'update');
    const place = call.method === 'post' ? (call.args[0] as Place) : undefined;
    return isSending && isMeant(place, call) ? Promise.reject(error()) : proceed();
  };
}

function isIn(channel: string, place: Place | undefined, call: PortCall): boolean {
  if (place?.kind === 'channel') return place.channel.channel === channel;
  if (place?.kind === 'thread') return place.under.channel === channel;
  return call.method === 'update' && (call.args[0] as { readonly channel: string }).channel === channel;
}

const gone = (code = 'not_in_channel') => new ChatError('gone', code, 'no');
const cardsIn = (world: World, channel: string) =>
  world.chat.sent.filter(({ ref, message }) => ref.channel === channel && message.kind === 'card');

describe('D05: an answer that is lost', () => {
  it('100 times: there is exactly one card each time', { timeout: 60_000 }, async () => {
    let cards = 0;
    for (let times = 0; times < 100; times += 1) {
      const world = await worldWith();
      let posts = 0;
      world.hook = async (call, proceed) => {
        const answer = await proceed();
        posts += call.method === 'post' ? 1 : 0;
        if (call.method === 'post' && posts === 1 + (times % 6))
          throw new ChatError('unreachable', 'ECONNRESET', 'maybe');
        return answer;
      };
      await asked(world);
      await world.pass(10);
      cards += cardsIn(world, 'C-REV').length;
    }
    expect(cards).toBe(100);
  });

  it('for every message of a whole life: each is there once, in order', async () => {
    const world = await worldWith();
    const lost = new Set<string>();
    world.hook = async (call, proceed) => {
      const answer = await proceed();
      const key = String(call.args[2]);
      if (call.method !== 'post' || lost.has(key)) return answer;
      lost.add(key);
      throw new ChatError('unreachable', 'ECONNRESET', 'maybe');
    };
    await world.livePass();
    await world.pass(60);
    await world.say('mia', 'return');
    await world.pass(200, 2);
    await world.pass(3700, 20);
    expect(lost.size).toBeGreaterThan(20);
    expect(await broken(world)).toEqual([]);
  });

  it('a card found again shows how things stand now, not how they stood when it was sent', async () => {
    const world = await worldWith();
    world.hook = async (call, proceed) => {
      const answer = await proceed();
      const isCard = call.method === 'post' && (call.args[1] as Message).kind === 'card';
      if (isCard) throw new ChatError('unreachable', 'ECONNRESET', 'maybe');
      return answer;
    };
    await world.say('mia', 'prod-db-readonly 1h fix INC-42');
    await world.settle();
    world.hook = undefined;
    const { id } = await requestOf(world);
    await world.inbox.press({ ...world.origin('mia'), action: 'withdraw', value: `${id}.0.-` });
    await world.pass(20);
    const [card] = cardsIn(world, 'C-REV');
    expect(card && textOf(card.message)).toBe('Read production data | Withdrawn by the requester.');
  });

  it('a press on a card whose place was never learnt adopts it', async () => {
    const world = await worldWith();
    world.hook = async (call, proceed) => {
      if (call.method === 'find') throw new ChatError('unreachable', 'ECONNRESET', 'no');
      const answer = await proceed();
      if (call.method === 'post' && (call.args[1] as Message).kind === 'card')
        throw new ChatError('unreachable', 'ECONNRESET', 'maybe');
      return answer;
    };
    await world.say('mia', 'prod-db-readonly 1h fix INC-42');
    await world.settle();
    const card = world.card();
    world.hook = undefined;
    await world.press('ana', 'approve', card.message, card.ref);
    await world.settle();
    expect((await requestOf(world)).status).toBe('approved');
    await world.pass(30);
    expect(cardsIn(world, 'C-REV')).toHaveLength(1);
    expect(textOf(card.message)).toContain('Active until');
  });
});

describe('D06: the program stops between a decision and its message', () => {
  it('and what was not said is said by the next one, in order', async () => {
    const world = await worldWith();
    await asked(world);
    const { message, ref } = world.card();
    world.chat.fail('down', 1);
    await world.press('ana', 'approve', message, ref);
    world.chat.fail('down', 0);
    world.restart();
    await world.pass(60);
    expect(world.chat.threadOf(ref).map((text) => text.split(' ').slice(0, 2).join(' '))).toEqual([
      'Mia asked',
      'Ana approved.',
      'Giving access',
      'Access is',
    ]);
  });
});

describe('D07: ten minutes of “come back later”', () => {
  it('alarms come first, nothing is lost, each thread stays in order, and access ended meanwhile', async () => {
    const world = await worldWith();
    await world.livePass();
    await world.pass(60);
    const before = world.chat.sent.length;
    world.hook = failing(
      () => true,
      () => new ChatError('busy', 'ratelimited', 'no', { retryAfterSeconds: 30 }),
    );
    world.fake.script.always({ kind: 'unreachable' }, 'revoke');
    await world.say('mia', 'return');
    await world.pass(200, 5);
    world.fake.script.always({ kind: 'ok' });
    await world.pass(400, 5);
    expect(has(world)).toBe(false);
    expect(world.chat.sent.length).toBe(before);
    world.hook = undefined;
    await world.pass(300, 2);
    await world.pass(3700, 20);
    const audit = world.chat.sent.slice(before).filter(({ ref }) => ref.channel === 'C-AUDIT');
    expect(audit[0] && textOf(audit[0].message)).toContain('ALARM: access is overdue.');
    expect(await broken(world)).toEqual([]);
  });
});

describe('D01: a channel that is gone', () => {
  it('before the card was posted: the card is in the audit channel within a minute, counts there, and people are alarmed', async () => {
    const world = await worldWith();
    world.hook = failing(
      (place, call) => isIn('C-REV', place, call),
      () => gone(),
    );
    await world.say('mia', 'prod-db-readonly 1h fix INC-42');
    await world.pass(20);
    const [card] = cardsIn(world, 'C-AUDIT');
    if (!card) throw new Error('no card in the audit channel');
    expect(auditLines(world)).toContain('ALARM: channel gone');
    await world.press('ana', 'approve', card.message, card.ref);
    await world.pass(20);
    expect(textOf(card.message)).toContain('Active until');
    await world.pass(3700, 20);
    expect(has(world)).toBe(false);
    expect(world.chat.threadOf(card.ref).at(-1)).toContain('Access has ended.');
  });

  it.each(['is_archived', 'channel_not_found', 'not_in_channel'])(
    'afterwards (%s): card and thread go on in the audit channel',
    async (code) => {
      const world = await worldWith();
      await asked(world);
      world.hook = failing(
        (place, call) => isIn('C-REV', place, call),
        () => gone(code),
      );
      await approve(world, 'ana');
      await world.pass(40);
      const [card] = cardsIn(world, 'C-AUDIT');
      expect(card && textOf(card.message)).toContain('Active until');
      const thread = card ? world.chat.threadOf(card.ref) : [];
      expect(thread.join('\n')).toContain('Access is live');
      expect(auditLines(world).match(/ALARM: channel gone/g)).toHaveLength(1);
      await world.pass(3700, 20);
      expect(has(world)).toBe(false);
      expect((await world.store.counts())['jobs']).toBe(0);
    },
  );

  it('a card that was deleted is posted again in its place, and nobody is alarmed', async () => {
    const world = await worldWith();
    await asked(world);
    const first = world.card();
    world.hook = failing(
      (_place, call) =>
        call.method === 'update' && (call.args[0] as { readonly message: string }).message === first.ref.message,
      () => gone('message_not_found'),
    );
    await approve(world, 'ana');
    await world.pass(20);
    expect(cardsIn(world, 'C-REV')).toHaveLength(2);
    expect(textOf(world.card().message)).toContain('Active until');
    expect(auditLines(world)).not.toContain('ALARM');
  });

  it('the audit channel too: access ends all the same, and the log shouts', async () => {
    const world = await worldWith();
    await world.livePass();
    world.hook = failing(
      (place, call) => isIn('C-AUDIT', place, call) || isIn('C-REV', place, call),
      () => gone(),
    );
    await world.pass(3700, 20);
    expect((await passOf(world)).status).toBe('revoked');
    expect(world.errors).toContain('a message could not be sent and will be tried again');
    world.hook = undefined;
    await world.pass(300, 2);
    const kept = (await broken(world)).filter((what) => !what.startsWith('logged as an error'));
    expect(kept).toEqual([]);
  });

  it('a person’s account: their notes are let go, and others hear theirs', async () => {
    const world = await worldWith();
    world.hook = failing(
      (place) => place !== undefined && 'account' in place && place.account.user === 'U-mia',
      () => gone('user_disabled'),
    );
    await asked(world);
    await approve(world, 'mia');
    await approve(world, 'ana');
    await world.pass(30);
    expect((await passOf(world)).status).toBe('active');
    await world.say('mia', 'return');
    await world.pass(3700, 20);
    expect((await world.store.counts())['jobs']).toBe(0);
    expect(world.errors).toContain('a person cannot be shown their card');
  });
});

describe('somebody who presses what does not count, again and again', () => {
  it('is told each time, and the thread tells it once', async () => {
    const world = await worldWith();
    await asked(world);
    for (let times = 0; times < 20; times += 1) await approve(world, 'gus');
    await approve(world, 'mia');
    await world.pass(30);
    const thread = world.chat.threadOf(world.card().ref);
    expect(thread.filter((text) => text.includes('pressed Approve'))).toHaveLength(2);
    expect(world.private('gus')).toHaveLength(20);
  });
});

describe('a message that the platform will not draw', () => {
  const unshowable = (part: string): Hook =>
    failing(
      (_place, call) => JSON.stringify(call.args[1]).includes(part),
      () => new ChatError('invalid', 'invalid_blocks', 'no'),
    );

  it('in a thread is replaced by a bare one with its number, and the next ones come', async () => {
    const world = await worldWith();
    await asked(world);
    world.hook = unshowable('Giving access');
    await approve(world, 'ana');
    await world.pass(20);
    const thread = world.chat.threadOf(world.card().ref);
    expect(thread).toContainEqual('A message could not be shown here. What it says is in the log.');
    expect(thread.at(-1)).toContain('Access is live');
    await world.pass(3700, 20);
    expect(await broken(world)).toEqual([]);
  });

  it('among the alarms does not keep the others back', async () => {
    const world = await worldWith();
    world.hook = unshowable('ALARM: chat uninstalled');
    await world.inbox.changed({ kind: 'uninstalled', id: 'T01' });
    await world.inbox.changed({ kind: 'channel', id: 'C-REV' });
    await world.pass(30);
    expect(auditLines(world)).toContain('A message could not be shown here.');
    expect(auditLines(world)).toContain('ALARM: channel changed');
  });

  it('to a person is let go after that, whatever is wrong with them, and the next one comes', async () => {
    const world = await worldWith();
    await asked(world);
    world.hook = failing(
      (place, call) => place?.kind === 'beside' && JSON.stringify(call.args[1]).includes('cannot decide your own'),
      () => new ChatError('refused', 'cannot_dm_bot', 'no'),
    );
    await approve(world, 'mia');
    world.hook = undefined;
    await world.press('mia', 'approve', { kind: 'note', tone: 'plain', lines: [], buttons: [bogus()] });
    await world.pass(20);
    expect(lastSaidTo(world, 'mia')).toBe(sentence({ code: 'unknown_request' }));
  });
});

function bogus() {
  return { action: 'approve', label: '', value: 'nothing', style: 'plain' } as const;
}
