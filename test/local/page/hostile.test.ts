// Whatever people, the bot or the database say: nothing runs, nothing foreign is drawn or loaded, and it is all shown.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mrkdwn, plain } from '../slack/support.ts';
import { HOSTILE } from './hostile-texts.ts';
import { CHROMIUM, ENGINEERING, launch, MIA, REVIEW, type Stage, soon, stage, visit } from './stage.ts';

const DRAWN_TAGS =
  `A ASIDE B BODY BR BUTTON CODE DEL DIALOG DIV EM FIELDSET FOOTER FORM H1 H2 H3 HEAD HEADER HR HTML INPUT
  KBD LABEL LEGEND LI LINK MAIN META NAV NOSCRIPT OL OPTION OPTGROUP P PRE SCRIPT SECTION SELECT SPAN STRONG TABLE TBODY
  TD TEXTAREA TH THEAD TIME TITLE TR UL svg path circle rect line`.split(/\s+/);

interface Found {
  readonly foreignTags: readonly string[];
  readonly handlers: readonly string[];
  readonly links: readonly string[];
  readonly scripts: number;
  readonly ran: unknown;
}

/** What stands on the page that nobody who wrote the page put there. */
function survey(page: Page): Promise<Found> {
  return page.evaluate(`(() => {
    const known = new Set(${JSON.stringify(DRAWN_TAGS)});
    const all = [...document.querySelectorAll('*')];
    const names = (node) => node.getAttributeNames();
    return {
      foreignTags: all.map((node) => node.tagName).filter((tag) => !known.has(tag)),
      handlers: all.flatMap((node) => names(node).filter((name) => name.startsWith('on') || name === 'srcdoc')),
      links: all.flatMap((node) => names(node).filter((name) => /^(href|src|action|formaction|xlink:href)$/.test(name))
        .map((name) => node.getAttribute(name))),
      scripts: document.scripts.length,
      ran: window.wasPwned ?? null,
    };
  })()`);
}

async function expectHarmless(page: Page, troubles: readonly string[]): Promise<void> {
  const found = await survey(page);
  expect(found.foreignTags).toEqual([]);
  expect(found.handlers).toEqual([]);
  expect(found.links.filter((link) => !/^(#|\/page\/|\/local\/files\/|https?:|mailto:)/.test(link))).toEqual([]);
  expect(found.scripts).toBe(2);
  expect(found.ran).toBeNull();
  expect(troubles).toEqual([]);
}

const TRAP = { content: 'window.pwned = (which) => { window.wasPwned = which; }' };

async function opened(browser: Browser, onStage: Stage, place: string) {
  const visited = await visit(browser, onStage, { as: MIA, place });
  await visited.page.addInitScript(TRAP);
  await visited.page.reload();
  await visited.at('composer').waitFor();
  return visited;
}

describe.skipIf(!CHROMIUM)('hostile texts', { timeout: 120_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  test('the trap works: a text that is put in as markup would be noticed', async () => {
    const { page, troubles } = await opened(browser, await stage(), `channel/${ENGINEERING}`);
    const tried = (code: string) =>
      page.evaluate(`(() => { try { ${code}; return 'done'; } catch { return 'refused'; } })()`);
    expect(await tried(`document.body.innerHTML = '<img src=x onerror=pwned(0)>'`)).toBe('refused');
    expect(await tried(`document.body.setAttribute('onclick', 'pwned(0)')`)).toBe('refused');
    expect(await tried(`document.body.append(Object.assign(document.createElement('marquee'), { id: 'x' }))`)).toBe(
      'done',
    );
    expect(await tried(`document.body.append(Object.assign(new Image(), { src: 'http://evil.test/x.png' }))`)).toBe(
      'done',
    );
    expect((await survey(page)).foreignTags).toEqual(['MARQUEE', 'IMG']);
    await soon(() => troubles.join()).toMatch(/policy: require-trusted-types-for.*policy: img-src/s);
    expect(await tried('pwned(1)')).toBe('done');
    expect((await survey(page)).ran).toBe(1);
  });

  test('in messages of people and of the bot, as text and as markup', async () => {
    const onStage = await stage();
    for (const text of HOSTILE) onStage.workspace.say(MIA, ENGINEERING, text);
    for (const text of HOSTILE) await onStage.bot.call('chat.postMessage', { channel: ENGINEERING, text });
    const { page, troubles, at } = await opened(browser, onStage, `channel/${ENGINEERING}`);
    await soon(() => at('message').count()).toBe(2 * HOSTILE.length);
    await expectHarmless(page, troubles);
    for (const link of await page.locator('.message-text a').all()) await link.hover();
    await expectHarmless(page, troubles);
  });

  test('in every block of a message, letter by letter', async () => {
    const onStage = await stage();
    for (const [index, text] of HOSTILE.entries()) {
      await onStage.bot.call('chat.postMessage', { channel: REVIEW, text: 'card', blocks: everyBlock(text, index) });
    }
    const { page, troubles, at } = await opened(browser, onStage, `channel/${REVIEW}`);
    await soon(() => at('message').count()).toBe(HOSTILE.length);
    await expectHarmless(page, troubles);
    const titles = await page.locator('.block-title').evaluateAll((nodes) => nodes.map((node) => node.textContent));
    expect(titles).toEqual(HOSTILE.map((text) => text.slice(0, 150)));
    const quotes = await page.locator('.quote').evaluateAll((nodes) => nodes.map((node) => node.textContent));
    expect(quotes).toEqual(HOSTILE);
  });

  test('in forms, their choices, suggestions and errors', async () => {
    const onStage = await stage();
    onStage.bot.options = HOSTILE.map((text, index) => ({ text: plain(text.slice(0, 75)), value: `v${index}` }));
    const { page, troubles, at } = await opened(browser, onStage, `channel/${ENGINEERING}`);
    await at('composer').fill(`/jit ${HOSTILE[9]}`);
    await page.keyboard.press('Enter');
    await at('field-role').locator('input').click();
    await soon(() => page.getByRole('option').filter({ visible: true }).count()).toBe(HOSTILE.length);
    await expectHarmless(page, troubles);
    await at('option-v9').click();
    expect(await at('field-role').locator('input').inputValue()).toBe(HOSTILE[9]);
    expect(await at('field-reason').locator('textarea').inputValue()).toContain('onerror');
    await expectHarmless(page, troubles);
  });

  test('in names of people, channels and files, and on the home page', async () => {
    const onStage = await stage({
      users: HOSTILE.map((text, index) => ({ id: `U0H${index}`, name: `h${index}`, real_name: text, title: text })),
      channels: HOSTILE.map((text, index) => ({ id: `C0H${index}`, name: text, members: [MIA] })),
    });
    await onStage.bot.call('chat.postMessage', { channel: ENGINEERING, text: '<@U0H9> <#C0H9> <@U0H38>' });
    const blocks = HOSTILE.slice(0, 45).flatMap((text, index) => everyBlock(text, index).slice(0, 2));
    await onStage.bot.call('views.publish', { user_id: MIA, view: { type: 'home', blocks } });
    const { page, troubles, at } = await opened(browser, onStage, `channel/${ENGINEERING}`);
    await at('person-switcher').click();
    expect(await page.getByRole('menuitemradio').filter({ visible: true }).count()).toBeGreaterThan(HOSTILE.length);
    await expectHarmless(page, troubles);
    await page.keyboard.press('Escape');
    await at('channel-C0H9').click();
    await soon(() => page.locator('h1').textContent()).toContain(HOSTILE[9]);
    await expectHarmless(page, troubles);
    await page.goto(`${onStage.workspace.url}/#/${MIA}/home`);
    await at('home-view').waitFor();
    await expectHarmless(page, troubles);
  });

  test('in what the target answers', async () => {
    const onStage = await stage();
    onStage.target.grant(MIA);
    onStage.target.answer = {
      columns: HOSTILE.slice(0, 5),
      rows: HOSTILE.map((text) => [text, text, null, text, text]),
    };
    const { page, troubles, at } = await opened(browser, onStage, `channel/${ENGINEERING}`);
    await at('target-link').click();
    await at('query-preset-0').click();
    await at('query-result').waitFor();
    expect(await page.locator('tbody td:first-child').allTextContents()).toEqual(HOSTILE);
    await expectHarmless(page, troubles);
  });

  test('blocks that no bot of ours sends are named, never silent and never harmful', async () => {
    const { page, troubles } = await opened(browser, await stage(), `channel/${ENGINEERING}`);
    const shown = await page.evaluate(`(async () => {
      const [{ blocks }, { draw }, { messageSurface }, { state }] = await Promise.all(
        ['blocks', 'vdom', 'surfaces', 'state'].map((name) => import('/page/' + name + '.js')));
      const place = document.body.appendChild(document.createElement('div'));
      const list = ${JSON.stringify(oddBlocks())};
      draw(place, blocks(list, messageSurface(state.snapshot, 'C1', '1.1')));
      return [...place.children].map((node) => node.textContent);
    })()`);
    expect(shown).toEqual(oddBlocks().map(({ shown: words }) => expect.stringContaining(words)));
    expect((await survey(page)).foreignTags).toEqual([]);
    expect(troubles).toEqual([]);
  });
});

function everyBlock(text: string, index: number): readonly object[] {
  const label = plain(text.slice(0, 75));
  const option = { text: label, value: `v${index}`, description: label };
  return [
    { type: 'header', text: plain(text.slice(0, 150)) },
    { type: 'section', text: mrkdwn(text), fields: [mrkdwn(text), plain(text)] },
    { type: 'context', elements: [mrkdwn(text), plain(text)] },
    { type: 'rich_text', elements: [{ type: 'rich_text_quote', elements: [{ type: 'text', text }] }] },
    {
      type: 'actions',
      block_id: `b${index} ${text.slice(0, 200)}`,
      elements: [
        {
          type: 'button',
          action_id: `${text.slice(0, 200)}`,
          text: label,
          value: text,
          confirm: { title: plain(text.slice(0, 100)), text: plain(text), confirm: plain('a'), deny: plain('b') },
        },
        { type: 'static_select', action_id: 's', placeholder: plain(text), options: [option] },
        { type: 'overflow', action_id: 'o', options: [option] },
        { type: 'radio_buttons', action_id: 'r', options: [option] },
      ],
    },
  ];
}

function oddBlocks(): readonly { readonly type: string; readonly shown: string; readonly [field: string]: unknown }[] {
  const odd = (fields: { type: string; [field: string]: unknown }, shown: string) => ({
    block_id: `odd-${shown}`,
    shown,
    ...fields,
  });
  return [
    odd({ type: 'hologram' }, 'cannot show hologram'),
    odd({ type: '<img src=x onerror=pwned(1)>' }, 'cannot show <img src=x onerror=pwned(1)>'),
    odd({ type: 'constructor' }, 'cannot show constructor'),
    odd({ type: 'image', image_url: 'https://evil.test/x.png', alt_text: 'a cat' }, 'cannot show image: a cat'),
    odd({ type: 'input', element: null, label: plain('x') }, 'cannot show input: malformed'),
    odd(
      { type: 'section', text: mrkdwn('x'), accessory: { type: 'teleporter', action_id: 'a' } },
      'cannot show teleporter',
    ),
    odd({ type: 'section', text: { type: 'mrkdwn', text: 7 } }, ''),
    odd(
      { type: 'actions', elements: [{ type: 'static_select', action_id: 'a', options: 'none' }] },
      'cannot show static_select: malformed',
    ),
    odd(
      {
        type: 'rich_text',
        elements: [{ type: 'rich_text_section', elements: [{ type: 'date', timestamp: 'x', fallback: 'then' }] }],
      },
      'then',
    ),
    odd({ type: 'video', title: plain('x') }, 'cannot show video'),
  ];
}
