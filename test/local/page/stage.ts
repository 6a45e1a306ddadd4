// The page on a real workspace with a small bot and a small target, in a real browser. Everything is closed again when
// the test ends. Machines without a Chromium skip these tests; `HALLPASS_CHROMIUM` names one that lies elsewhere.
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { pageRoutes } from '../../../src/local/page-routes.ts';
import { startWorkspace } from '../../../src/local/slack/workspace.ts';
import type { Workspace, WorkspaceOptions } from '../../../src/local/slack/workspace-types.ts';
import { type ManualClock, manualClock } from '../../fakes/manual-clock.ts';
import { countingIds } from '../slack/support.ts';
import { REVIEW, type StoryBot, startStoryBot } from './story-bot.ts';
import { type StoryTarget, storyTarget } from './story-target.ts';

export const MIA = 'U0MIA';
export const ANA = 'U0ANA';
export const SEC = 'U0SAM';
export const GUEST = 'U0GUS';
export const STRANGER = 'U0EVE';
export const ENGINEERING = 'C0ENG';
export { REVIEW };

const BOT = 'U0HALLPASS';
const PEOPLE = [
  { id: MIA, name: 'mia', real_name: 'Mia Chen', title: 'Backend engineer · asks', tz: 'Europe/Berlin' },
  { id: ANA, name: 'ana', real_name: 'Ana Nowak', title: 'Database owner · approves', tz: 'Europe/Warsaw' },
  { id: 'U0BEN', name: 'ben', real_name: 'Ben Okafor', title: 'Database owner · approves', tz: 'America/New_York' },
  { id: SEC, name: 'sam', real_name: 'Sam Rivera', title: 'Security', tz: 'Europe/Lisbon' },
  { id: GUEST, name: 'gus', real_name: 'Gus Lind', title: 'Contractor', tz: 'Europe/Oslo', is_restricted: true },
  {
    id: STRANGER,
    name: 'eve',
    real_name: 'Eve Park',
    title: 'Vendor',
    tz: 'Asia/Seoul',
    team_id: 'T0OTHER',
    is_stranger: true,
  },
] as const;
const CHANNELS = [
  { id: ENGINEERING, name: 'engineering', members: [MIA, ANA, 'U0BEN', SEC, GUEST, BOT] },
  { id: REVIEW, name: 'db-reviews', members: [MIA, ANA, 'U0BEN', BOT] },
  { id: 'C0AUDIT', name: 'access-audit', is_private: true, members: [SEC, ANA, BOT] },
  { id: 'C0VENDOR', name: 'vendor-shared', is_ext_shared: true, members: [MIA, STRANGER, BOT] },
  { id: 'C0RANDOM', name: 'random', members: [ANA, 'U0BEN'] },
] as const;

export interface Stage {
  readonly workspace: Workspace;
  readonly bot: StoryBot;
  readonly target: StoryTarget;
  readonly clock: ManualClock;
}

/** How long the bot gets, short so that a silent one is noticed soon. */
const ACK_MS = 400;

/** `more`: people and channels besides the usual ones. */
export async function stage(more: Partial<Pick<WorkspaceOptions, 'users' | 'channels'>> = {}): Promise<Stage> {
  const clock = manualClock();
  const target = storyTarget(clock.now);
  let workspace: Workspace | undefined;
  const bot = await startStoryBot(() => workspace ?? notYet(), target);
  workspace = await startWorkspace({
    clock,
    ids: countingIds(clock),
    users: [...PEOPLE, ...(more.users ?? [])],
    channels: [...CHANNELS, ...(more.channels ?? [])],
    app: { messageShortcuts: [{ callbackId: 'ask_about', name: 'Request access about this' }] },
    mode: 'http',
    requestUrl: bot.url,
    ackMs: ACK_MS,
    rateLimits: false,
    eventRetries: false,
    extraRoutes: pageRoutes({ target }),
  });
  const started = workspace;
  onTestFinished(async () => {
    await started.stop();
    await bot.stop();
  });
  return { workspace, bot, target, clock };
}

function notYet(): never {
  throw new Error('the workspace is not there yet');
}

const PLACES = [
  process.env.HALLPASS_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
export const CHROMIUM = PLACES.find((path) => path !== undefined && existsSync(path));

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM ?? '',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** Other tests may be using the machine; nothing waits this long unless it fails. */
const PATIENCE_MS = 10_000;

/** Looks again until it is so. */
export function soon<Value>(look: () => Value | Promise<Value>) {
  return expect.poll(look, { timeout: PATIENCE_MS });
}

export const WIDE = { width: 1280, height: 800 };
export const NARROW = { width: 390, height: 844 };

export interface Visit {
  readonly page: Page;
  /** What must stay empty: errors, violations of the page's policy, alerts. */
  readonly troubles: readonly string[];
  at(testId: string): Locator;
}

/** Opens the page as somebody, at a place such as `channel/C0ENG`. */
export async function visit(
  browser: Browser,
  { workspace }: Stage,
  how: {
    readonly as?: string;
    readonly place?: string;
    readonly size?: { readonly width: number; readonly height: number };
    readonly scheme?: 'light' | 'dark';
    readonly touch?: boolean;
  } = {},
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: how.size ?? WIDE,
    colorScheme: how.scheme ?? 'light',
    hasTouch: how.touch ?? false,
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const troubles = await watched(context, page);
  await page.goto(`${workspace.url}/${how.as === undefined ? '' : `#/${how.as}${how.place ? `/${how.place}` : ''}`}`);
  await page
    .getByTestId('person-switcher')
    .waitFor({ state: 'attached' })
    .catch((error) => {
      throw new Error(`the page did not open: ${troubles.join('; ')}`, { cause: error });
    });
  return { page, troubles, at: (testId) => page.getByTestId(testId) };
}

async function watched(context: BrowserContext, page: Page): Promise<readonly string[]> {
  const troubles: string[] = [];
  onTestFinished(() => context.close());
  page.on('pageerror', (error) => troubles.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (new URL(request.url()).hostname !== '127.0.0.1') troubles.push(`foreign: ${request.url()}`);
  });
  await page.exposeFunction('noteViolation', (what: string) => troubles.push(`policy: ${what}`));
  await page.addInitScript({
    content: `document.addEventListener('securitypolicyviolation', (event) =>
      noteViolation(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample))`,
  });
  return troubles;
}
