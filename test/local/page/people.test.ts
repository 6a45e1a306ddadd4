// Between people: nobody sees what is only for another, nothing typed is lost or sent as somebody else, and what is new
// shows for whom it is new.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  ANA,
  CHROMIUM,
  ENGINEERING,
  GUEST,
  launch,
  MIA,
  REVIEW,
  SEC,
  STRANGER,
  soon,
  stage,
  type Visit,
  visit,
} from './stage.ts';

describe.skipIf(!CHROMIUM)('people', { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  test('what is only visible to one is on nobody else’s page, and was never sent there', async () => {
    const onStage = await stage();
    const { bot } = onStage;
    await bot.call('chat.postEphemeral', { channel: ENGINEERING, user: MIA, text: 'SECRET-FOR-MIA' });
    await bot.call('chat.postMessage', { channel: MIA, text: 'SECRET-DIRECT' });
    await bot.call('chat.postMessage', { channel: 'C0AUDIT', text: 'SECRET-AUDIT' });
    await bot.call('views.publish', {
      user_id: MIA,
      view: { type: 'home', blocks: [{ type: 'header', text: { type: 'plain_text', text: 'SECRET-HOME' } }] },
    });
    const mine = await visit(browser, onStage, { as: MIA, place: `channel/${ENGINEERING}` });
    await mine.at('message').filter({ hasText: 'SECRET-FOR-MIA' }).getByText('Only visible to you').waitFor();
    for (const person of [ANA, SEC, GUEST, STRANGER]) {
      const theirs = await visit(browser, onStage, { as: person, place: `channel/${ENGINEERING}` });
      const received = await theirs.page.evaluate(`fetch('/local/state?as=${person}').then((reply) => reply.text())`);
      const secrets = [...`${received}${await theirs.page.content()}`.matchAll(/SECRET-[A-Z-]+/g)].map(String);
      const allowed = person === ANA || person === SEC ? ['SECRET-AUDIT'] : [];
      expect([person, new Set(secrets)]).toEqual([person, new Set(allowed)]);
    }
  });

  test('switching leaves nothing of the other person behind', async () => {
    const onStage = await stage();
    const visited = await visit(browser, onStage, { as: MIA, place: `channel/${ENGINEERING}` });
    const { page, at } = visited;
    await onStage.bot.call('chat.postEphemeral', { channel: ENGINEERING, user: MIA, text: 'SECRET-FOR-MIA' });
    await at('message').filter({ hasText: 'SECRET-FOR-MIA' }).waitFor();
    await at('composer').fill('a draft of Mia');
    await become(visited, ANA);
    expect(await page.content()).not.toContain('SECRET-FOR-MIA');
    expect(await at('composer').inputValue()).toBe('');
    await at('composer').fill('from Ana');
    await page.keyboard.press('Enter');
    await at('message').filter({ hasText: 'from Ana' }).waitFor();
    expect(onStage.workspace.snapshot(ANA).channels[0]?.messages.map(({ user }) => user)).toEqual([ANA]);
    await become(visited, MIA);
    await soon(() => at('composer').inputValue()).toBe('a draft of Mia');
  });

  test('a slow answer for one person never appears as another', async () => {
    const onStage = await stage();
    const visited = await visit(browser, onStage, { as: MIA, place: `channel/${ENGINEERING}` });
    const { page, at } = visited;
    await onStage.bot.call('chat.postEphemeral', { channel: ENGINEERING, user: MIA, text: 'SECRET-FOR-MIA' });
    const held: (() => void)[] = [];
    await page.route(`**/local/state?as=${MIA}`, async (route) => {
      const reply = await route.fetch();
      await new Promise<void>((resolve) => held.push(resolve));
      await route.fulfill({ response: reply }).catch(() => undefined);
    });
    onStage.workspace.say(ANA, ENGINEERING, 'something happens');
    await soon(() => held.length).toBeGreaterThan(0);
    await become(visited, ANA);
    for (const release of held) release();
    await at('message').filter({ hasText: 'something happens' }).waitFor();
    onStage.workspace.say(ANA, ENGINEERING, 'and something more');
    await at('message').filter({ hasText: 'and something more' }).waitFor();
    expect(await page.content()).not.toContain('SECRET-FOR-MIA');
    expect(await page.title()).toContain('Ana Nowak');
  });

  test('what is being typed stays, caret and focus too, whatever arrives', async () => {
    const onStage = await stage();
    const { page, at } = await visit(browser, onStage, { as: MIA, place: `channel/${ENGINEERING}` });
    await at('composer').click();
    for (const word of ['one ', 'two ', 'three ', 'four ', 'five ']) {
      await page.keyboard.type(word);
      onStage.workspace.say(ANA, ENGINEERING, `meanwhile ${word}`);
      await at('message')
        .filter({ hasText: `meanwhile ${word.trim()}` })
        .waitFor();
    }
    await page.keyboard.press('Home');
    onStage.workspace.say(ANA, ENGINEERING, 'last one');
    await at('message').filter({ hasText: 'last one' }).waitFor();
    await page.keyboard.type('zero ');
    expect(await at('composer').inputValue()).toBe('zero one two three four five ');
  });

  test('the same nodes stay while things change around them', async () => {
    const onStage = await stage();
    const { page, at } = await visit(browser, onStage, { as: MIA, place: `channel/${REVIEW}` });
    const { ts } = await onStage.bot.call('chat.postMessage', { channel: REVIEW, text: 'first' });
    await at('message').filter({ hasText: 'first' }).waitFor();
    await page.evaluate(`document.querySelector('[data-row]').marked = true`);
    await onStage.bot.call('chat.update', { channel: REVIEW, ts, text: 'changed' });
    onStage.workspace.say(ANA, REVIEW, 'second');
    await at('message').filter({ hasText: 'second' }).waitFor();
    expect(await page.evaluate(`document.querySelector('[data-row]').marked`)).toBe(true);
    await soon(() => at('message').first().textContent()).toContain('(edited)');
  });

  test('unread counts are of the person, and the line says where new begins', async () => {
    const onStage = await stage();
    const visited = await visit(browser, onStage, { as: MIA, place: `channel/${ENGINEERING}` });
    const { at, page } = visited;
    onStage.workspace.say(ANA, REVIEW, 'one');
    onStage.workspace.say(ANA, REVIEW, 'two');
    await soon(() => at(`channel-${REVIEW}`).getAttribute('data-unread')).toBe('2');
    await at(`channel-${REVIEW}`).click();
    await soon(() => at(`channel-${REVIEW}`).getAttribute('data-unread')).toBe('0');
    await at(`channel-${ENGINEERING}`).click();
    onStage.workspace.say(ANA, REVIEW, 'three');
    await soon(() => at(`channel-${REVIEW}`).getAttribute('data-unread')).toBe('1');
    await at(`channel-${REVIEW}`).click();
    expect(await page.locator('.rule-new + [data-row]').textContent()).toContain('three');
    await become(visited, ANA);
    expect(await at(`channel-${REVIEW}`).getAttribute('data-unread')).toBe('0');
  });

  test('a new message is said to screen readers, in words', async () => {
    const onStage = await stage();
    const { page, at } = await visit(browser, onStage, { as: MIA, place: `channel/${ENGINEERING}` });
    await at('composer').waitFor();
    await onStage.bot.call('chat.postMessage', {
      channel: ENGINEERING,
      text: '*Live* until <!date^1767229200^{time}|01:00 UTC>',
    });
    await soon(() => page.locator('[aria-live="polite"]').allTextContents()).toContain(
      'Hallpass: Live until 01:00 UTC',
    );
    await onStage.bot.call('chat.postEphemeral', { channel: ENGINEERING, user: MIA, text: 'quietly' });
    await soon(() => page.locator('[aria-live="polite"]').allTextContents()).toContain(
      'Hallpass: only you can see this: quietly',
    );
  });

  test('people see local time, each their own', async () => {
    const onStage = await stage();
    const visited = await visit(browser, onStage, { as: MIA, place: `channel/${REVIEW}` });
    await onStage.bot.call('chat.postMessage', {
      channel: REVIEW,
      text: 'ends <!date^1767229200^{date_short_pretty} at {time}|x>',
    });
    await soon(() => visited.at('message').textContent()).toContain('ends today at 02:00');
    await become(visited, 'U0BEN');
    await soon(() => visited.at('message').textContent()).toContain('ends today at 20:00');
  });

  test('outsiders see their channels and are told what they cannot do', async () => {
    const onStage = await stage();
    const { page, at } = await visit(browser, onStage, { as: STRANGER });
    expect(await page.locator('[data-testid^="channel-"]').count()).toBe(1);
    await at('composer').fill('/jit');
    await page.keyboard.press('Enter');
    await soon(() => at('toast').textContent()).toContain('People of other companies have no commands');
    expect(await at('composer').inputValue()).toBe('/jit');
    expect(onStage.bot.heard).toEqual([]);
  });
});

async function become({ at, page }: Visit, person: string): Promise<void> {
  await at('person-switcher').click();
  await page.locator(`[data-testid="person-${person}"]:visible`).click();
  await soon(() => page.url()).toContain(`#/${person}`);
}
