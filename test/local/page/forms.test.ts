// Forms, menus, failures: what is put in is kept and sent, what is wrong is said where it is wrong, and a bot that is
// slow, silent or gone is a sentence on the page and never a dead button.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ANA, CHROMIUM, ENGINEERING, launch, MIA, REVIEW, type Stage, soon, stage, visit } from './stage.ts';
import { card } from './story-bot.ts';

describe.skipIf(!CHROMIUM)('forms', { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  async function withForm(onStage: Stage, line = '/jit') {
    const visited = await visit(browser, onStage, { as: MIA, place: `channel/${ENGINEERING}` });
    await visited.at('composer').fill(line);
    await visited.page.keyboard.press('Enter');
    await visited.at('modal').waitFor();
    return visited;
  }

  test('a required field is asked for before anything is sent, and gets the keyboard', async () => {
    const onStage = await stage();
    const { page, at } = await withForm(onStage);
    await at('modal-submit').click();
    expect(await at('error-role').textContent()).toBe('Please fill this in.');
    expect(await at('error-urgency').isVisible()).toBe(false);
    await soon(() => page.evaluate(`document.activeElement.closest('[data-testid="field-role"]') !== null`)).toBe(true);
    const box = at('field-role').locator('input');
    const described = (await box.getAttribute('aria-describedby')) ?? '';
    expect(await page.locator(`[id="${described.split(' ')[1]}"]`).textContent()).toBe('Please fill this in.');
    expect(onStage.bot.heard).toEqual(['/jit']);
  });

  test('everything that was put in arrives, and Cancel sends nothing', async () => {
    const onStage = await stage();
    const { page, at } = await withForm(onStage);
    await at('field-role').locator('input').fill('admin');
    await at('option-prod-db-admin').click();
    await at('field-duration').locator('select').selectOption('30m');
    await at('field-reason').locator('textarea').fill('because of INC-42');
    await at('field-urgency').getByLabel('now').check();
    await at('field-notify').getByLabel('team').check();
    await at('field-notify').getByLabel('on-call').check();
    await at('field-notify').getByLabel('team').uncheck();
    await at('modal-submit').click();
    await at('modal').waitFor({ state: 'detached' });
    const sent = onStage.workspace.deliveries.find(({ payload }) => payload.type === 'view_submission');
    expect(sent?.payload.view).toMatchObject({
      state: {
        values: {
          role: { field: { selected_option: { value: 'prod-db-admin' } } },
          duration: { field: { selected_option: { value: '30m' } } },
          reason: { field: { value: 'because of INC-42' } },
          urgency: { field: { selected_option: { value: 'now' } } },
          notify: { field: { selected_options: [{ value: 'on-call' }] } },
        },
      },
    });
    await at('composer').fill('/jit');
    await page.keyboard.press('Enter');
    await at('modal').waitFor();
    expect(await at('field-reason').locator('textarea').inputValue()).toBe('');
    await at('modal-cancel').click();
    await at('modal').waitFor({ state: 'detached' });
    expect(onStage.bot.heard.filter((what) => what.startsWith('submit'))).toHaveLength(1);
  });

  test('a choice redraws the form, and keeps what else was put in', async () => {
    const onStage = await stage();
    const { at } = await withForm(onStage);
    await at('field-reason').locator('textarea').fill('half a sentence');
    await at('field-duration').locator('select').selectOption('2h');
    await at('field-role').locator('input').click();
    await at('option-prod-db-readonly').click();
    await soon(() => at('field-duration').locator('option').allTextContents()).toContain('4h');
    expect(await at('field-reason').locator('textarea').inputValue()).toBe('half a sentence');
    // "2h" is not offered any more: the field falls back instead of sending what nobody can see.
    expect(await at('field-duration').locator('select').inputValue()).toBe('1h');
    expect(await at('field-role').locator('input').inputValue()).toBe('prod-db-readonly');
  });

  test('searching shows what the bot finds, and Esc closes the list before the form', async () => {
    const onStage = await stage();
    const { page, at } = await withForm(onStage);
    await at('field-role').locator('input').fill('billing');
    await soon(() => page.getByRole('option').filter({ visible: true }).allTextContents()).toEqual(['billing-export']);
    await at('field-role').locator('input').fill('nothing like it');
    await page.getByText('Nothing found').waitFor();
    await page.keyboard.press('Escape');
    await soon(() => page.getByText('Nothing found').count()).toBe(0);
    expect(await at('modal').count()).toBe(1);
    await page.keyboard.press('Escape');
    await at('modal').waitFor({ state: 'detached' });
  });

  test('the form is given back its keyboard’s place when it closes', async () => {
    const { page, at } = await withForm(await stage());
    await page.keyboard.press('Escape');
    await at('modal').waitFor({ state: 'detached' });
    expect(await page.evaluate(`document.activeElement.dataset.testid`)).toBe('composer');
  });

  test('a bot that answers too late is a sentence, and the words are still there', async () => {
    const onStage = await stage();
    const { page, at } = await visit(browser, onStage, { as: MIA, place: `channel/${ENGINEERING}` });
    await at('composer').fill('/jit slow');
    await page.keyboard.press('Enter');
    await soon(() => at('toast').textContent()).toContain('operation_timeout');
    expect(await at('composer').inputValue()).toBe('/jit slow');
    await at('composer').fill('/jit list');
    await page.keyboard.press('Enter');
    await at('message').filter({ hasText: 'You have no passes.' }).getByText('Only visible to you').waitFor();
    await soon(() => at('toast').count()).toBe(0);
  });

  test('a bot that is gone is a sentence too, for commands, buttons and forms', async () => {
    const onStage = await stage();
    await onStage.bot.call('chat.postMessage', { channel: REVIEW, ...card(MIA, 'why', 'waiting') });
    const { page, at } = await withForm(onStage);
    await onStage.bot.stop();
    await at('field-reason').locator('textarea').fill('because of INC-42');
    await at('field-duration').locator('select').selectOption('30m');
    await page.getByRole('combobox').first().click();
    await page.getByText('could not be', { exact: false }).or(page.getByText('Nobody was there')).first().waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await at(`channel-${REVIEW}`).click();
    await at('action-details').click();
    await soon(() => at('toast').first().textContent()).toMatch(/not connected|could not be delivered/);
    await soon(() => at('action-details').getAttribute('aria-busy')).toBeNull();
    await at('composer').fill('/jit list');
    await page.keyboard.press('Enter');
    await soon(() => at('composer').inputValue()).toBe('/jit list');
  });

  test('a workspace that goes away and comes back is caught up with, and nothing typed is lost', async () => {
    const onStage = await stage();
    const { page, at } = await visit(browser, onStage, { as: MIA, place: `channel/${ENGINEERING}` });
    await at('composer').fill('half a thought');
    onStage.workspace.down();
    await soon(() => at('banner').textContent()).toContain('out of reach');
    onStage.workspace.up();
    onStage.workspace.say(ANA, ENGINEERING, 'said meanwhile');
    await at('message').filter({ hasText: 'said meanwhile' }).waitFor();
    await soon(() => at('banner').count()).toBe(0);
    expect(await at('composer').inputValue()).toBe('half a thought');
    expect(await page.title()).toContain('Mia Chen');
  });

  test('an unknown command is refused, and a command in a thread too', async () => {
    const onStage = await stage();
    const { page, at } = await visit(browser, onStage, { as: MIA, place: `channel/${ENGINEERING}` });
    await at('composer').fill('/gif cat');
    await page.keyboard.press('Enter');
    await soon(() => at('toast').textContent()).toContain('There is no such command');
    onStage.workspace.say(ANA, ENGINEERING, 'root');
    await at('message').filter({ hasText: 'root' }).hover();
    await at('message').filter({ hasText: 'root' }).getByTestId('message-reply').click();
    await at('thread-composer').fill('/jit');
    await page.keyboard.press('Enter');
    await at('thread-panel').getByText('Commands do not work in threads').waitFor();
    expect(await at('modal').count()).toBe(0);
    expect(onStage.bot.heard).toEqual([]);
  });

  test('a message’s menu has the bot’s shortcut, which opens its form', async () => {
    const onStage = await stage();
    const { at } = await visit(browser, onStage, { as: MIA, place: `channel/${ENGINEERING}` });
    onStage.workspace.say(ANA, ENGINEERING, 'the replica is behind');
    const row = at('message').filter({ hasText: 'the replica is behind' });
    await row.hover();
    await row.getByTestId('message-more').click();
    await at('shortcut-ask_about').click();
    await at('modal').waitFor();
    expect(await at('field-reason').locator('textarea').inputValue()).toBe('asked from a message');
  });
});
