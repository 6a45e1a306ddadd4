// What every chat platform must pass, whatever product it speaks to: nothing is posted twice or lost, private stays private,
// people's words are words, each press is reported once, every failure says whether it may have worked.
//
//   chatPlatformContract('slack over http', () => slackRig('http'));
import { describe, expect, it } from 'vitest';
import type { AccountRef, ChannelRef, MessageRef } from '../../src/core/model.ts';
import { type AccountFacts, ChatError, type ChatPlatform, type Place } from '../../src/ports/chat-platform.ts';
import type { Instant } from '../../src/ports/clock.ts';
import type { Button, Card, Note } from '../../src/ports/document.ts';
import { HOSTILE } from './hostile-texts.ts';
import type { RecordingInbox } from './recording-inbox.ts';

/** How a call to the product is to fail next. `lost`: it takes effect, and the answer never arrives. */
export type ContractFault = 'lost' | 'busy' | 'down';

/** A product with people and channels in it, and the platform connected to it. */
export interface ChatRig {
  readonly platform: ChatPlatform;
  readonly inbox: RecordingInbox;
  readonly now: () => Instant;
  /** The bot is in it, nobody else's organisation is. */
  readonly channel: ChannelRef;
  readonly sharedChannel: ChannelRef;
  readonly archivedChannel: ChannelRef;
  readonly unknownChannel: ChannelRef;
  /** Two members of `channel`; the first is the only member of `group`. */
  readonly people: readonly [AccountRef, AccountRef];
  readonly others: Readonly<Record<Exclude<AccountFacts['standing'], 'member'>, AccountRef>>;
  readonly email: string;
  readonly group: string;
  readonly unknownGroup: string;
  /** The next post fails like this. */
  failNextPost(fault: ContractFault): void;
  /** What a person sees there as text, each message whole and in order, replies after their first message. */
  seen(by: AccountRef, where: ChannelRef | 'direct' | 'home'): readonly string[];
  /** Everything that any person sees that would notify somebody or lead somewhere: mentions, broadcasts, links. */
  markup(by: AccountRef, where: ChannelRef | 'direct' | 'home'): readonly string[];
  /** Presses a button. `twice`: the product delivers the same press two times. */
  press(by: AccountRef, message: MessageRef, action: string, twice?: boolean): Promise<void>;
  command(by: AccountRef, text: string): Promise<void>;
  /** Waits, without polling, until something is seen. */
  until(what: string, look: () => boolean): Promise<unknown>;
}

const DENY: Button = { action: 'deny', label: 'Deny', value: 'rq_1.1.abc', style: 'danger' };
const APPROVE: Button = { action: 'approve', label: 'Approve', value: 'rq_1.1.abc', style: 'primary' };

function card(title: string, more: Partial<Card> = {}): Card {
  const facts = [{ label: 'Role', value: ['prod-db-readonly'] }];
  return { kind: 'card', title, tone: 'waiting', status: ['waiting'], facts, notes: [], buttons: [], ...more };
}

function note(line: string): Note {
  return { kind: 'note', tone: 'plain', lines: [[line]] };
}

export function chatPlatformContract(name: string, open: () => Promise<ChatRig>): void {
  describe(`chat platform: ${name}`, () => {
    postingCases(open);
    privateCases(open);
    textCases(open);
    pressCases(open);
    factCases(open);
  });
}

function postingCases(open: () => Promise<ChatRig>): void {
  const inChannel = ({ channel }: ChatRig): Place => ({ kind: 'channel', channel });

  it('posts a card where everybody in the channel sees it, and says what it hashes to', async () => {
    const rig = await open();
    const posted = await rig.platform.post(inChannel(rig), card('Ana asks'), 'k1');
    expect(posted.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(rig.seen(rig.people[1], rig.channel)).toEqual([expect.stringContaining('Ana asks')]);
  });

  it('changes a card in place', async () => {
    const rig = await open();
    const posted = await rig.platform.post(inChannel(rig), card('Ana asks', { buttons: [APPROVE] }), 'k1');
    const updated = await rig.platform.update(posted.message, card('Ana got it'));
    expect(updated.message).toEqual(posted.message);
    expect(updated.hash).not.toBe(posted.hash);
    const [seen, ...more] = rig.seen(rig.people[1], rig.channel);
    expect(more).toEqual([]);
    expect(seen).toContain('Ana got it');
    expect(seen).not.toContain('Approve');
  });

  it('replies in the thread, in order', async () => {
    const rig = await open();
    const { message: under } = await rig.platform.post(inChannel(rig), card('Ana asks'), 'k1');
    for (const line of ['one', 'two', 'three']) await rig.platform.post({ kind: 'thread', under }, note(line), line);
    const seen = rig.seen(rig.people[1], rig.channel);
    expect(seen.map((text) => text.trim())).toEqual([expect.stringContaining('Ana asks'), 'one', 'two', 'three']);
  });

  it('finds a post again whose answer was lost, by its key, and only that one', async () => {
    const rig = await open();
    const since = rig.now();
    rig.failNextPost('lost');
    const lost = rig.platform.post(inChannel(rig), card('Ana asks'), 'k1');
    await expect(lost).rejects.toMatchObject({ fault: 'unreachable', sent: 'maybe' });
    await rig.platform.post(inChannel(rig), card('Ben asks'), 'k2');
    const found = await rig.platform.find(inChannel(rig), 'k1', since);
    expect(found?.message).toBeDefined();
    expect(await rig.platform.find(inChannel(rig), 'k3', since)).toBeUndefined();
    await rig.platform.update((found as NonNullable<typeof found>).message, card('Found'));
    expect(rig.seen(rig.people[1], rig.channel)).toEqual([
      expect.stringContaining('Found'),
      expect.stringContaining('Ben asks'),
    ]);
  });

  it('gives the same hash for what it sent and for what it found, and for the same card twice', async () => {
    const rig = await open();
    const since = rig.now();
    const full = card('Ana asks', { buttons: [APPROVE, DENY], quote: { label: 'Reason', text: 'a & b < c' } });
    const first = await rig.platform.post(inChannel(rig), full, 'k1');
    const second = await rig.platform.post(inChannel(rig), full, 'k2');
    expect(second.hash).toBe(first.hash);
    expect(await rig.platform.find(inChannel(rig), 'k1', since)).toEqual(first);
  });

  it('finds a reply in its thread, and a card whose content has changed since', async () => {
    const rig = await open();
    const since = rig.now();
    const { message: under } = await rig.platform.post(inChannel(rig), card('Ana asks'), 'k1');
    const reply = await rig.platform.post({ kind: 'thread', under }, note('approved'), 'r1');
    const changed = await rig.platform.update(under, card('Ana got it'));
    expect(await rig.platform.find({ kind: 'thread', under }, 'r1', since)).toEqual(reply);
    expect(await rig.platform.find(inChannel(rig), 'k1', since)).toEqual(changed);
  });

  it('knows the keys of our last posts of a kind in a channel, where it can look', async () => {
    const rig = await open();
    const { platform, channel, sharedChannel } = rig;
    if (!platform.lastKeys) return;
    expect(await platform.lastKeys(channel, 'head:', 9)).toEqual([]);
    const { message: under } = await platform.post(inChannel(rig), card('Ana asks'), 'k1');
    for (const key of ['head:1', 'head:2', 'head:3', 'tail:4']) await platform.post(inChannel(rig), note(key), key);
    await platform.post({ kind: 'thread', under }, note('a reply'), 'head:9');
    await platform.post({ kind: 'channel', channel: sharedChannel }, note('elsewhere'), 'head:8');
    expect(await platform.lastKeys(channel, 'head:', 2)).toEqual(['head:3', 'head:2']);
    expect(await platform.lastKeys(channel, 'head:', 9)).toHaveLength(3);
    await expect(platform.lastKeys(rig.unknownChannel, 'head:', 1)).rejects.toMatchObject({ fault: 'gone' });
  });

  it('says when to come back when it is told to wait, and that nothing was sent', async () => {
    const rig = await open();
    rig.failNextPost('busy');
    const told = rig.platform.post(inChannel(rig), card('Ana asks'), 'k1');
    await expect(told).rejects.toMatchObject({ fault: 'busy', sent: 'no', retryAfterSeconds: expect.any(Number) });
    expect(rig.seen(rig.people[1], rig.channel)).toEqual([]);
  });

  it('does not try again by itself', async () => {
    const rig = await open();
    rig.failNextPost('down');
    const failed = rig.platform.post(inChannel(rig), card('Ana asks'), 'k1');
    await expect(failed).rejects.toMatchObject({ fault: 'unreachable' });
    expect(rig.seen(rig.people[1], rig.channel)).toEqual([]);
  });

  it('calls a channel that is not there gone, whatever is done with it', async () => {
    const rig = await open();
    const gone = { fault: 'gone', sent: 'no' };
    const place: Place = { kind: 'channel', channel: rig.unknownChannel };
    await expect(rig.platform.post(place, card('x'), 'k1')).rejects.toMatchObject(gone);
    await expect(rig.platform.channel(rig.unknownChannel)).rejects.toMatchObject({ fault: 'gone' });
    const archived: Place = { kind: 'channel', channel: rig.archivedChannel };
    await expect(rig.platform.post(archived, card('x'), 'k1')).rejects.toMatchObject(gone);
  });
}

function privateCases(open: () => Promise<ChatRig>): void {
  it('tells one person something that nobody else sees', async () => {
    const rig = await open();
    const [ana, ben] = rig.people;
    const posted = await rig.platform.post({ kind: 'person', account: ana }, card('Only you'), 'p1');
    expect(rig.seen(ana, 'direct')).toEqual([expect.stringContaining('Only you')]);
    expect([...rig.seen(ben, 'direct'), ...rig.seen(ben, rig.channel)]).toEqual([]);
    await rig.platform.update(posted.message, card('Still only you'));
    expect(rig.seen(ana, 'direct')).toEqual([expect.stringContaining('Still only you')]);
  });

  it('continues below a private message', async () => {
    const rig = await open();
    const [ana] = rig.people;
    const { message: under } = await rig.platform.post({ kind: 'person', account: ana }, card('Pass'), 'p1');
    await rig.platform.post({ kind: 'person', account: ana, under }, note('ends soon'), 'p2');
    expect(rig.seen(ana, 'direct')).toEqual([expect.stringContaining('Pass'), expect.stringContaining('ends soon')]);
  });

  it('never claims that a private note is not there without having looked', async () => {
    const rig = await open();
    const place: Place = { kind: 'person', account: rig.people[0] };
    const posted = await rig.platform.post(place, note('hello'), 'p1');
    const found = await rig.platform.find(place, 'p1', rig.now() - 60_000).catch((error: unknown) => error);
    if (found instanceof ChatError) expect(found.code).toBe('cannot_look');
    else expect(found).toEqual(posted);
  });

  it('shows something beside a channel to one person in it, and otherwise tells them directly', async () => {
    const rig = await open();
    const [ana, ben] = rig.people;
    await rig.platform.post({ kind: 'beside', account: ana, channel: rig.channel }, note('psst'), 'b1');
    expect(rig.seen(ana, rig.channel)).toEqual([expect.stringContaining('psst')]);
    expect(rig.seen(ben, rig.channel)).toEqual([]);
    await rig.platform.post({ kind: 'beside', account: ana, channel: rig.unknownChannel }, note('here then'), 'b2');
    expect(rig.seen(ana, 'direct')).toEqual([expect.stringContaining('here then')]);
  });

  it('shows a person their overview and nobody else’s', async () => {
    const rig = await open();
    const [ana, ben] = rig.people;
    const items = [{ lines: [['prod-db until 15:00']], buttons: [] }];
    const sections = [{ title: 'Passes', empty: 'None', items }];
    await rig.platform.publishHome(ana, { intro: [['Hello']], buttons: [], sections });
    expect(rig.seen(ana, 'home').join()).toContain('prod-db until 15:00');
    expect(rig.seen(ben, 'home').join()).not.toContain('prod-db');
  });
}

function textCases(open: () => Promise<ChatRig>): void {
  it('makes nothing of what people wrote but text, wherever it is shown (C06)', async () => {
    const rig = await open();
    const [ana] = rig.people;
    for (const [index, text] of HOSTILE.entries()) {
      const hostile = card(text, {
        status: [text, { strong: text }, { code: text }, { person: undefined, name: text }],
        facts: [{ label: text, value: [text] }],
        quote: { label: text, text },
        notes: [[text]],
        buttons: [{ ...APPROVE, label: text, confirm: { title: text, text, yes: 'Yes', no: 'No' } }],
      });
      const said: Note = { kind: 'note', tone: 'alarm', lines: [[text]], quote: text, mark: text };
      const { message: under } = await rig.platform.post(
        { kind: 'channel', channel: rig.channel },
        hostile,
        `k${index}`,
      );
      await rig.platform.update(under, hostile);
      await rig.platform.post({ kind: 'thread', under }, said, `r${index}`);
    }
    expect(rig.seen(ana, rig.channel)).toHaveLength(HOSTILE.length * 2);
    expect(rig.markup(ana, rig.channel)).toEqual([]);
  });

  it('mentions people of its own and names everybody else', async () => {
    const rig = await open();
    const [ana, ben] = rig.people;
    const abroad = { platform: 'elsewhere', tenant: 't', user: 'u' };
    const status = [{ person: ben, name: 'Ben' }, ' and ', { person: abroad, name: 'Zoe <z>' }];
    await rig.platform.post({ kind: 'channel', channel: rig.channel }, card('x', { status }), 'k1');
    expect(rig.markup(ana, rig.channel)).toHaveLength(1);
    expect(rig.seen(ana, rig.channel).join()).toContain('Zoe');
  });
}

function pressCases(open: () => Promise<ChatRig>): void {
  it('reports a press once, with who, what and where, however often it is delivered (C10)', async () => {
    const rig = await open();
    const place: Place = { kind: 'channel', channel: rig.channel };
    const { message } = await rig.platform.post(place, card('Ana asks', { buttons: [APPROVE, DENY] }), 'k1');
    await rig.press(rig.people[1], message, 'approve', true);
    const [press] = await rig.inbox.until('press');
    expect(press).toMatchObject({
      account: rig.people[1],
      action: 'approve',
      value: APPROVE.value,
      channel: rig.channel,
      message,
      delivery: expect.stringMatching(/./),
    });
    await rig.press(rig.people[1], message, 'deny');
    const presses = await rig.inbox.until('press', 2);
    expect(presses.map(({ action }) => action)).toEqual(['approve', 'deny']);
    expect(new Set(presses.map(({ delivery }) => delivery)).size).toBe(2);
  });

  it('answers a press to that person alone', async () => {
    const rig = await open();
    const [ana, ben] = rig.people;
    const place: Place = { kind: 'channel', channel: rig.channel };
    const { message } = await rig.platform.post(place, card('Ana asks', { buttons: [APPROVE] }), 'k1');
    rig.inbox.says.press = () => ({ kind: 'note', note: note('you cannot approve your own request') });
    await rig.press(ana, message, 'approve');
    const told = () => [...rig.seen(ana, rig.channel), ...rig.seen(ana, 'direct')].join();
    await rig.until('the answer', () => told().includes('your own request'));
    expect([...rig.seen(ben, rig.channel), ...rig.seen(ben, 'direct')].join()).not.toContain('your own request');
  });

  it('hands on what was typed and answers it', async () => {
    const rig = await open();
    const [ana] = rig.people;
    rig.inbox.says.command = () => ({ kind: 'note', note: note('nothing yet') });
    await rig.command(ana, 'list');
    expect(rig.inbox.of('command')).toMatchObject([{ account: ana, text: 'list' }]);
    expect([...rig.seen(ana, rig.channel), ...rig.seen(ana, 'direct')].join()).toContain('nothing yet');
  });

  it('never shows a failure raw', async () => {
    const rig = await open();
    const [ana] = rig.people;
    rig.inbox.says.command = () => {
      throw new Error('relation "grants" does not exist, password=hunter2');
    };
    await rig.command(ana, 'list');
    const seen = [...rig.seen(ana, rig.channel), ...rig.seen(ana, 'direct')].join();
    expect(seen).toContain('Something went wrong on our side (reference ');
    expect(seen).not.toContain('hunter2');
  });

  it('waits for what is running before it has stopped, and lets nothing in after that', async () => {
    const rig = await open();
    const [ana] = rig.people;
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    rig.inbox.says.command = async () => {
      await finished;
      return { kind: 'note', note: note('done after all') };
    };
    const typed = rig.command(ana, 'list');
    await rig.inbox.until('command');
    let hasStopped = false;
    const stopped = rig.platform.stop().then(() => {
      hasStopped = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(hasStopped).toBe(false);
    finish();
    await Promise.all([typed, stopped]);
    expect([...rig.seen(ana, rig.channel), ...rig.seen(ana, 'direct')].join()).toContain('done after all');
    await rig.command(ana, 'again').catch(() => undefined);
    expect(rig.inbox.of('command')).toHaveLength(1);
  });
}

function factCases(open: () => Promise<ChatRig>): void {
  it('knows who may be asked and who may not (B01–B05)', async () => {
    const rig = await open();
    const [ana] = rig.people;
    expect(await rig.platform.account(ana)).toMatchObject({ account: ana, standing: 'member', email: rig.email });
    for (const [standing, account] of Object.entries(rig.others))
      expect(await rig.platform.account(account), standing).toMatchObject({ account, standing });
    await expect(rig.platform.account({ ...ana, user: 'U0NOBODY' })).rejects.toMatchObject({ fault: 'gone' });
  });

  it('finds a person by address, or says that there is none', async () => {
    const rig = await open();
    expect(await rig.platform.accountByEmail(rig.email)).toMatchObject({ account: rig.people[0] });
    expect(await rig.platform.accountByEmail('nobody@nowhere.test')).toBeUndefined();
  });

  it('knows the members of a group', async () => {
    const rig = await open();
    expect(await rig.platform.members(rig.group)).toEqual([rig.people[0]]);
    await expect(rig.platform.members(rig.unknownGroup)).rejects.toMatchObject({ fault: 'gone' });
  });

  it('knows which channels must not get cards (B02, D01)', async () => {
    const rig = await open();
    const { channel, platform, sharedChannel, archivedChannel } = rig;
    expect(await platform.channel(channel)).toMatchObject({ shared: false, archived: false, botIsMember: true });
    expect(await platform.channel(sharedChannel)).toMatchObject({ shared: true });
    expect(await platform.channel(archivedChannel)).toMatchObject({ archived: true });
  });

  it('finds nothing wrong where nothing is', async () => {
    const rig = await open();
    const findings = await rig.platform.check([rig.channel], [rig.group]);
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.filter(({ state }) => state === 'wrong')).toEqual([]);
  });

  it('names a channel that is shared and a group that is not there, with remedies', async () => {
    const rig = await open();
    const findings = await rig.platform.check([rig.sharedChannel], [rig.unknownGroup]);
    const wrong = findings.filter(({ state }) => state === 'wrong');
    expect(wrong.map(({ what }) => what)).toEqual([
      expect.stringContaining(rig.sharedChannel.channel),
      expect.stringContaining(rig.unknownGroup),
    ]);
    for (const { remedy } of wrong) expect(remedy).toMatch(/\w/);
  });
}
