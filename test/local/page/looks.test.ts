// What can be measured of the looks: contrast, names for everything that can be pressed, nothing wider than the window,
// a visible focus. In light and dark, wide and narrow.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  ANA,
  CHROMIUM,
  ENGINEERING,
  launch,
  MIA,
  NARROW,
  REVIEW,
  type Stage,
  soon,
  stage,
  type Visit,
  visit,
  WIDE,
} from './stage.ts';
import { card } from './story-bot.ts';

/** WCAG 2.2 AA for text of these sizes. */
const LEAST_CONTRAST = 4.5;
const SCHEMES = ['light', 'dark'] as const;
const SIZES = [WIDE, NARROW];
const EVERY = SCHEMES.flatMap((scheme) => SIZES.map((size) => [scheme, size] as const));

async function busyStage(): Promise<Stage> {
  const onStage = await stage();
  const { bot, workspace, target, clock } = onStage;
  const { ts } = await bot.call('chat.postMessage', {
    channel: REVIEW,
    ...card(MIA, 'INC-42: replica lag', 'waiting'),
  });
  await bot.call('chat.postMessage', {
    channel: REVIEW,
    thread_ts: ts,
    text: `<@${MIA}> asked for \`prod-db-readonly\`.`,
  });
  await bot.call('chat.postMessage', { channel: REVIEW, ...card(ANA, 'an old one', 'ended') });
  await bot.call('chat.postEphemeral', {
    channel: REVIEW,
    user: MIA,
    text: 'See <https://docs.acme.test|the handbook> :eyes:',
  });
  await bot.call('chat.postMessage', { channel: MIA, text: 'Your pass ends in 5 minutes.' });
  workspace.say(
    ANA,
    REVIEW,
    'On it @mia, see #engineering\n> quoted\n```select 1 from a_rather_long_table_name where nothing_breaks_this_line_at_all_ever = 1```',
  );
  workspace.say(MIA, REVIEW, `${'verylongwordwithoutanyspace'.repeat(8)}`);
  workspace.say(ANA, ENGINEERING, 'unread for Mia');
  target.grant(MIA, clock.now() + 700_000);
  return onStage;
}

/** Opens every face of the page, one after the other. */
async function* faces(visited: Visit, onStage: Stage): AsyncGenerator<string> {
  const { page, at } = visited;
  const place = (where: string) => page.goto(`${onStage.workspace.url}/#/${MIA}/${where}`);
  await at('message').first().waitFor();
  yield 'channel';
  await at('thread-open').first().click();
  await at('thread-panel').getByText('asked for').waitFor();
  yield 'thread';
  await page.keyboard.press('Escape');
  await place('home');
  await at('home-view').getByText('Your passes').waitFor();
  yield 'home';
  await place('messages');
  await at('message').first().waitFor();
  yield 'messages';
  await place('target');
  await at('target-countdown').waitFor();
  await at('query-preset-0').click();
  await at('query-result').waitFor();
  yield 'target';
  onStage.target.revoke(MIA);
  await at('query-run').click();
  await at('query-error').waitFor();
  yield 'target that refuses';
  await place('channel/C0RANDOM');
  await page.getByText('You can read along').waitFor();
  yield 'channel of others';
  await place(`channel/${ENGINEERING}`);
  await at('composer').fill('/gif');
  await page.keyboard.press('Enter');
  await at('toast').waitFor();
  await at('composer').fill('/');
  await at('slash-menu').waitFor();
  yield 'failure and commands';
  await at('composer').fill('/jit');
  await page.keyboard.press('Enter');
  await at('modal').waitFor();
  await at('modal-submit').click();
  await at('error-role').waitFor();
  yield 'form with errors';
}

describe.skipIf(!CHROMIUM)('looks', { timeout: 120_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  test.each(EVERY)(
    '%s, %o: every text can be read, everything has a name, nothing is too wide',
    async (scheme, size) => {
      const onStage = await busyStage();
      const visited = await visit(browser, onStage, { as: MIA, place: `channel/${REVIEW}`, scheme, size });
      for await (const face of faces(visited, onStage)) {
        expect([face, await poorContrast(visited.page)]).toEqual([face, []]);
        expect([face, await nameless(visited.page)]).toEqual([face, []]);
        expect([face, await tooWide(visited.page)]).toEqual([face, []]);
      }
      expect(visited.troubles).toEqual([]);
    },
  );

  test('a text that nobody could read would be noticed', async () => {
    const visited = await visit(browser, await busyStage(), { as: MIA, place: `channel/${REVIEW}` });
    await visited.at('message').first().waitFor();
    await visited.page.addStyleTag({ url: '/page/look.css' });
    await visited.page.evaluate(`document.querySelector('.message-text').style.color = '#9a9a9a'`);
    expect(await poorContrast(visited.page)).not.toEqual([]);
    await visited.page.evaluate(`document.querySelector('.send').removeAttribute('aria-label')`);
    expect(await nameless(visited.page)).not.toEqual([]);
    await visited.page.evaluate(`document.querySelector('.topbar').style.width = '2000px'`);
    expect(await tooWide(visited.page)).not.toEqual([]);
  });

  test.each(SCHEMES)('%s: wherever the keyboard is, it can be seen', async (scheme) => {
    const visited = await visit(browser, await busyStage(), { as: MIA, place: `channel/${REVIEW}`, scheme });
    const { page } = visited;
    await visited.at('message').first().waitFor();
    await soon(() => page.evaluate(`document.activeElement.tagName`)).toBe('TEXTAREA');
    await page.evaluate(`document.querySelector('.skip').focus()`);
    const seen: string[] = [(await page.evaluate<[string, boolean]>(FOCUS_SHOWN))[0]];
    for (let stop = 0; stop < 60; stop += 1) {
      await page.keyboard.press('Tab');
      const [name, visible] = await page.evaluate<[string, boolean]>(FOCUS_SHOWN);
      if (name === 'BODY') break;
      expect([name, visible]).toEqual([name, true]);
      seen.push(name);
    }
    expect(seen.length).toBeGreaterThan(15);
    expect(seen[0]).toContain('Skip to the conversation');
  });

  test('the look can be chosen, and is the same after a reload', async () => {
    const onStage = await stage();
    const { page, at } = await visit(browser, onStage, { as: MIA, scheme: 'light' });
    const paper = () => page.evaluate(`getComputedStyle(document.querySelector('main')).backgroundColor`);
    expect(await paper()).toBe('rgb(255, 255, 255)');
    await at('theme-toggle').click();
    await at('theme-toggle').click();
    expect(await paper()).toBe('rgb(18, 25, 22)');
    await page.reload();
    await at('theme-toggle').waitFor();
    expect(await paper()).toBe('rgb(18, 25, 22)');
    expect(await at('theme-toggle').getAttribute('aria-label')).toContain('dark');
  });

  test('who wants less motion gets none, but for what says that something is under way', async () => {
    const { page, at } = await visit(browser, await stage(), { as: MIA, size: NARROW });
    await at('composer').fill('/jit');
    await page.keyboard.press('Enter');
    await at('modal').waitFor();
    const moving = await page.evaluate<readonly string[]>(
      `document.getAnimations().map((one) => one.animationName ?? one.transitionProperty)`,
    );
    expect(moving.filter((name) => name !== 'turn')).toEqual([]);
  });

  test('on a phone the keyboard is not thrown up, and the drawer closes', async () => {
    const onStage = await busyStage();
    const { page, at } = await visit(browser, onStage, {
      as: MIA,
      place: `channel/${REVIEW}`,
      size: NARROW,
      touch: true,
    });
    await page.getByLabel('Open navigation').tap();
    await at(`channel-${ENGINEERING}`).tap();
    await soon(() => page.title()).toContain('#engineering');
    await soon(() => page.evaluate(`getComputedStyle(document.querySelector('.sidebar')).visibility`)).toBe('hidden');
    expect(await page.evaluate(`document.activeElement.tagName`)).not.toBe('TEXTAREA');
  });
});

/** Visible texts whose colour is too near to what is behind them, with the ratio. */
function poorContrast(page: Page): Promise<readonly string[]> {
  return page.evaluate(`(() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const bytes = (color) => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const over = ([r, g, b, a], below) => [r, g, b].map((part, i) => (part * a + below[i] * (255 - a)) / 255);
    const behind = (node) => {
      if (!node) return [255, 255, 255];
      const color = bytes(getComputedStyle(node).backgroundColor);
      return color[3] === 255 ? color.slice(0, 3) : over(color, behind(node.parentElement));
    };
    const light = (rgb) => rgb.map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
      .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
    const texts = document.createTreeWalker(document.querySelector('dialog[open]') ?? document.body, NodeFilter.SHOW_TEXT);
    const poor = new Set();
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const node = text.parentElement;
      const style = getComputedStyle(node);
      const shown = text.nodeValue.trim() !== '' && node.checkVisibility({ visibilityProperty: true, opacityProperty: true });
      if (!shown || node.closest('.hidden, .skip, script, noscript, option, .is-busy, :disabled')) continue;
      const back = behind(node);
      const [a, b] = [light(over(bytes(style.color), back)), light(back)].sort((x, y) => y - x);
      const ratio = (a + 0.05) / (b + 0.05);
      if (ratio < ${LEAST_CONTRAST}) poor.add(node.className + ' "' + text.nodeValue.trim().slice(0, 20) + '" ' + ratio.toFixed(2));
    }
    return [...poor];
  })()`);
}

/** What can be pressed or filled in, and has no name that could be said. */
function nameless(page: Page): Promise<readonly string[]> {
  return page.evaluate(`[...document.querySelectorAll('button, a[href], input, select, textarea, [role="dialog"], dialog')]
    .filter((node) => node.checkVisibility())
    .filter((node) => !node.getAttribute('aria-label')?.trim() && !node.textContent.trim() && !node.labels?.length
      && !document.getElementById(node.getAttribute('aria-labelledby') ?? '')?.textContent.trim())
    .map((node) => node.outerHTML.slice(0, 120))`);
}

/** Elements that reach beyond the window and are not in something that scrolls by itself. */
function tooWide(page: Page): Promise<readonly string[]> {
  return page.evaluate(`[...document.querySelectorAll('body *')]
    .filter((node) => node.checkVisibility({ visibilityProperty: true }) && node.getBoundingClientRect().right > innerWidth + 1)
    .filter((node) => !node.closest('.hidden, .table-scroll, .terminal-line, .composer-hint'))
    .map((node) => node.tagName + '.' + node.getAttribute('class'))`);
}

/** The name of what has the keyboard, and whether an outline or a ring is drawn around it or its frame. */
const FOCUS_SHOWN = `(() => {
  const node = document.activeElement;
  const ring = (one) => {
    const style = getComputedStyle(one);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow.includes('0px 0px 0px 3px');
  };
  const name = node === document.body ? 'BODY' : (node.getAttribute('aria-label') ?? node.textContent).slice(0, 60);
  return [name, ring(node) || ring(node.closest('.composer-box') ?? node)];
})()`;
