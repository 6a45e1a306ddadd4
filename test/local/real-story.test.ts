// Local mode as a newcomer has it, nothing of it replaced: the page in Chromium, the workspace, Hallpass over Socket Mode, and
// a real PostgreSQL. With HALLPASS_PICTURES set, the pictures of the README are taken on the way.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startLocalMode } from '../../src/local-mode.ts';
import { CHROMIUM, launch } from './page/stage.ts';

type Local = Extract<Awaited<ReturnType<typeof startLocalMode>>, { ok: true }>;

const PICTURES = process.env['HALLPASS_PICTURES'];
const REAL_MS = 30_000;

describe.skipIf(!CHROMIUM)('local mode, in a browser', { timeout: 180_000 }, () => {
  let browser: Browser;
  let local: Local;
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-local-'));

  beforeAll(async () => {
    const started = await startLocalMode({
      folder,
      env: { HALLPASS_PORT: '0' },
      onFatal: (_log, reason) => {
        throw new Error(reason);
      },
    });
    if (!started.ok) throw new Error(started.report);
    local = started;
    browser = await launch();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await local?.program.stop();
    await local?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  test('ask, be refused alone, approve, query, return, and see that it ended', async () => {
    const page = await open(1280, 860, 'light');
    const at = (id: string) => page.getByTestId(id);
    await at('channel-C0GENERAL').click();
    await at('composer').fill('/jit shop-readonly 10m look at order 1017');
    await at('composer-send').click();
    await at('channel-C0DBREV').click();
    const card = cardIn(page);
    await button(card, 'approve').waitFor({ timeout: REAL_MS });
    await button(card, 'approve').click();
    await page.getByText('You cannot decide your own request').first().waitFor({ timeout: REAL_MS });

    await become(page, 'U0ANA');
    await at('channel-C0DBREV').click();
    await picture(page, card, 'card');
    await button(card, 'approve').click();
    await card.getByText('Active').waitFor({ timeout: REAL_MS });
    await card.getByTestId('thread-open').click();
    await at('thread-panel').getByText('Access is live').waitFor({ timeout: REAL_MS });
    await picture(page, undefined, 'workspace');

    await become(page, 'U0MIA');
    await at('target-link').click();
    await expectAttribute(at('target-role-shop_readonly'), 'data-state', 'present');
    await at('query-box').fill('select name from customers order by id limit 3');
    await at('query-run').click();
    await at('query-result').waitFor({ timeout: REAL_MS });
    await picture(page, undefined, 'target');

    await at('dm-link').click();
    const own = page
      .getByTestId('message')
      .filter({ hasText: 'Read the shop database' })
      .filter({ has: page.getByTestId('action-return') })
      .first();
    await own.getByTestId('action-return').click();
    await at('confirm-yes').click();
    await page.getByText('Ended').first().waitFor({ timeout: REAL_MS });
    await at('target-link').click();
    await expectAttribute(at('target-role-shop_readonly'), 'data-state', 'absent');
    await at('query-run').click();
    await at('query-error').waitFor({ timeout: REAL_MS });

    await at('channel-C0DBREV').click();
    await cardIn(page).getByTestId('thread-open').click();
    await at('thread-panel').getByText('Access has ended').waitFor({ timeout: REAL_MS });
    await at('home-tab').click();
    await at('home-view').getByText('Read the shop database').first().waitFor({ timeout: REAL_MS });
    await picture(page, undefined, 'home');
    await page.close();
  });

  test('the form grows with the role, on a narrow dark screen', async () => {
    const page = await open(390, 844, 'dark');
    const at = (id: string) => page.getByTestId(id);
    await become(page, 'U0BEN');
    await page.goto(`${local.workspace.url}/#channel/C0GENERAL`);
    await at('composer').fill('/jit');
    await at('composer-send').click();
    await at('modal').waitFor({ timeout: REAL_MS });
    expect(await at('field-reason').count()).toBe(0);
    await at('field-role').locator('select').selectOption('shop-support');
    await at('field-reason').waitFor({ timeout: REAL_MS });
    await picture(page, undefined, 'form-narrow');
    await at('modal-submit').click();
    await at('error-reason').waitFor({ timeout: REAL_MS });
    await page.close();
  });

  async function open(width: number, height: number, colorScheme: 'light' | 'dark'): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme });
    await page.goto(local.workspace.url);
    return page;
  }

  async function picture(page: Page, part: Locator | undefined, name: string): Promise<void> {
    if (PICTURES === undefined) return;
    mkdirSync(PICTURES, { recursive: true });
    const path = join(PICTURES, `${name}.png`);
    if (part) await part.screenshot({ path });
    else await page.screenshot({ path });
  }
});

function cardIn(page: Page): Locator {
  return page
    .locator('[data-testid="message"][data-place="main"]')
    .filter({ hasText: 'Read the shop database' })
    .filter({ hasText: 'Risk' })
    .first();
}

function button(card: Locator, action: string): Locator {
  return card.getByTestId(`action-${action}`);
}

async function become(page: Page, person: string): Promise<void> {
  const narrow = (page.viewportSize()?.width ?? 0) < 600;
  await page.getByTestId(narrow ? 'person-button' : 'person-switcher').click();
  await page.getByTestId(`person-${person}`).click();
}

async function expectAttribute(locator: Locator, name: string, value: string): Promise<void> {
  await expect.poll(() => locator.getAttribute(name), { timeout: REAL_MS }).toBe(value);
}
