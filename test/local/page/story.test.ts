// The whole story on the page: asked for, approved, used, ended, read. With the mouse, and with the keyboard alone.
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

const REASON = 'INC-42: replica lag on orders';

describe.skipIf(!CHROMIUM)('the story', { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  test.each([
    ['wide', WIDE],
    ['narrow', NARROW],
  ])('with the mouse, %s', async (_, size) => {
    const onStage = await stage();
    const visited = await visit(browser, onStage, { as: MIA, place: `channel/${ENGINEERING}`, size });
    const { at, troubles } = visited;
    await at('composer').fill('/jit');
    await at('composer-send').click();
    await at('field-role').locator('input').click();
    await at('option-prod-db-readonly').click();
    await at('field-reason').locator('textarea').fill(REASON);
    await at('modal-submit').click();
    await at('modal').waitFor({ state: 'detached' });
    await become(visited, ANA, size);
    await at('guide-go').click();
    const card = at('message').filter({ hasText: 'Read production data' });
    await card.getByTestId('action-deny').click();
    await at('confirm-no').click();
    expect(onStage.bot.heard).not.toContain('press deny');
    await card.getByTestId('action-approve').click();
    await soon(() => card.textContent()).toContain('Live until');
    await card.getByTestId('thread-open').click();
    await soon(() => at('thread-panel').textContent()).toContain('approve by @Ana Nowak');
    if (size === NARROW) expect((await at('thread-panel').boundingBox())?.width).toBe(NARROW.width);
    await at('thread-close').click();
    await useAndEnd(visited, onStage, size);
    expect(troubles).toEqual([]);
  });

  async function useAndEnd(visited: Visit, onStage: Stage, size: typeof WIDE): Promise<void> {
    const { at, page } = visited;
    await become(visited, MIA, size);
    await page.goto(`${onStage.workspace.url}/#/${MIA}/target`);
    await soon(() => at('target-role-shop_readonly').getAttribute('data-state')).toBe('present');
    expect(await at('target-role-shop_admin').getAttribute('data-state')).toBe('absent');
    await at('query-preset-0').click();
    await soon(() => at('query-result').textContent()).toContain('Ada Lovelace');
    await soon(() => at('target-session').getAttribute('data-login')).toBe('mia');
    await page.goto(`${onStage.workspace.url}/#/${MIA}/channel/${REVIEW}`);
    await at('message').filter({ hasText: 'Live until' }).getByTestId('action-return').click();
    await soon(() => at('message').last().textContent()).toContain('Ended');
    await page.goto(`${onStage.workspace.url}/#/${MIA}/target`);
    await at('query-run').click();
    await soon(() => at('query-error').textContent()).toContain('session was ended by the server');
    await soon(() => at('target-role-shop_readonly').getAttribute('data-state')).toBe('absent');
    await soon(() => at('guide').textContent()).toContain('Read the thread');
    await at('guide-go').click();
    await soon(() => at('thread-panel').textContent()).toContain('return by @Mia Chen');
    await at('thread-close').click();
    await soon(() => at('guide').textContent()).toContain('the whole story');
    expect(await page.title()).toBe('#db-reviews · Mia Chen · Hallpass');
  }

  test.each([
    ['wide', WIDE],
    ['narrow', NARROW],
  ])('with the keyboard alone, %s', async (_, size) => {
    const onStage = await stage();
    const { page, at, troubles } = await visit(browser, onStage, { as: MIA, place: `channel/${ENGINEERING}`, size });
    const { keyboard } = page;
    await soon(() => focused(page)).toContain('composer');
    await keyboard.type('/');
    await at('slash-menu').waitFor();
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    await soon(() => focused(page)).toContain('action-field');
    await keyboard.press('ArrowDown');
    await at('option-prod-db-admin').waitFor();
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowUp');
    await keyboard.press('Enter');
    await soon(() => at('field-role').locator('input').inputValue()).toBe('prod-db-readonly');
    await keyboard.press('Tab');
    await keyboard.press('Tab');
    await keyboard.type('short');
    await keyboard.press('Control+Enter');
    await soon(() => at('error-reason').textContent()).toContain('10 characters');
    await soon(() => inField(page, 'reason')).toBe(true);
    await keyboard.press('Control+a');
    await keyboard.type(REASON);
    await keyboard.press('Control+Enter');
    await soon(() => focused(page)).toContain('composer');
    await jumpTo(page, 'ana');
    await soon(() => page.title()).toContain('Ana Nowak');
    await jumpTo(page, 'db-rev');
    await soon(() => page.title()).toContain('#db-reviews');
    await soon(() => focused(page)).toContain('composer');
    await keyboard.press('ArrowUp');
    await keyboard.press('Tab');
    await soon(() => focused(page)).toContain('action-approve');
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    await soon(() => focused(page)).toContain('confirm-yes');
    await keyboard.press('Escape');
    await soon(() => focused(page)).toContain('action-deny');
    await keyboard.press('Shift+Tab');
    await keyboard.press('Enter');
    await soon(() => at('message').last().textContent()).toContain('Live until');
    await keyboard.press('Shift+Tab');
    await soon(() => focused(page)).toContain('message');
    await keyboard.press('Enter');
    await soon(() => focused(page)).toContain('thread-composer');
    await keyboard.type('thanks');
    await keyboard.press('Enter');
    await soon(() => at('thread-panel').textContent()).toContain('thanks');
    await keyboard.press('Escape');
    await soon(() => focused(page)).toContain('message');
    await keyboard.press('m');
    await soon(() => page.evaluate(`document.activeElement.getAttribute('role')`)).toBe('menuitem');
    await keyboard.press('Escape');
    await soon(() => focused(page)).toContain('message-more');
    await keyboard.press('?');
    await at('help-dialog').waitFor();
    await keyboard.press('Escape');
    await at('help-dialog').waitFor({ state: 'detached' });
    await jumpTo(page, 'target says');
    await soon(() => at('target-role-shop_readonly').getAttribute('data-state')).toBe('present');
    expect(troubles).toEqual([]);
  });

  test('a single letter does nothing while something is typed, and nothing at all when switched off', async () => {
    const { page, at } = await visit(browser, await stage(), { as: MIA, place: `channel/${ENGINEERING}` });
    await soon(() => focused(page)).toContain('composer');
    await page.keyboard.type('pht?');
    expect(await at('composer').inputValue()).toBe('pht?');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('p');
    await soon(() => page.evaluate(`document.activeElement.getAttribute('role')`)).toBe('menuitemradio');
    await page.keyboard.press('b');
    await soon(() => page.evaluate(`document.activeElement.textContent`)).toContain('Ben');
    await page.keyboard.press('Escape');
    await at('help-open').click();
    await page.getByLabel('Single-letter keys are on').uncheck();
    await page.keyboard.press('Escape');
    await page.keyboard.press('p');
    await page.keyboard.press('t');
    expect(await page.getByRole('menuitemradio').count()).toBe(0);
    expect(await at('target-view').count()).toBe(0);
  });

  test('the places one has been to are in the address: Back, reload and a second window work', async () => {
    const onStage = await stage();
    const { page, at } = await visit(browser, onStage, { as: MIA, place: `channel/${ENGINEERING}` });
    await at(`channel-${REVIEW}`).click();
    await at('home-tab').click();
    await at('home-view').getByText('Your passes').waitFor();
    await page.goBack();
    await soon(() => page.title()).toContain('#db-reviews');
    await at('person-switcher').click();
    await at(`person-${ANA}`).first().click();
    await soon(() => page.title()).toContain('Ana Nowak');
    await page.goBack();
    await soon(() => page.title()).toBe('#db-reviews · Mia Chen · Hallpass');
    await page.reload();
    await soon(() => page.title()).toBe('#db-reviews · Mia Chen · Hallpass');
  });
});

async function become({ at, page }: Visit, person: string, size: typeof WIDE): Promise<void> {
  await at(size === NARROW ? 'person-button' : 'person-switcher').click();
  await page.locator(`[data-testid="person-${person}"]:visible`).click();
  await soon(() => page.url()).toContain(`#/${person}`);
}

async function jumpTo(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await soon(() => focused(page)).toContain('jump-box');
  await page.keyboard.type(words);
  await page.keyboard.press('Enter');
}

function focused(page: Page): Promise<string> {
  return page.evaluate(`document.activeElement?.dataset.testid ?? ''`);
}

function inField(page: Page, block: string): Promise<boolean> {
  return page.evaluate(`document.activeElement.closest('[data-testid="field-${block}"]') !== null`);
}
