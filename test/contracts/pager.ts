// What every pager must do, whatever it speaks. A pager's test calls it once with a bench: the kind, its settings as the file
// has them, and a real receiver that says what arrived and can be told to go wrong.
//
//   pagerContract('smtp', async () => ({ kind: smtp, settings: {…}, arrived: () => …, fail: …, close: … }));
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/lib/system-clock.ts';
import { type Page, type Pager, PagerError, type PagerFault, type PagerKind } from '../../src/ports/pager.ts';
import { HOSTILE } from './hostile-texts.ts';

/** A page as the receiver shows it to people. */
interface Arrived {
  readonly title: string;
  readonly text: string;
  /** One for each matter: what makes the receiver put repeats together. */
  readonly matter: string;
  /** One for each page: what makes the receiver show a page once that came twice. */
  readonly identity: string;
}
export type Trouble = 'busy' | 'refused' | 'unreachable' | 'silent' | 'lost_answer';

export interface PagerBench {
  readonly kind: PagerKind<never>;
  readonly settings: Readonly<Record<string, unknown>>;
  arrived(): readonly Arrived[];
  /** The next call goes wrong. */
  fail(trouble: Trouble): void;
  /** Settings with which nobody is let in. */
  readonly lockedOut: Readonly<Record<string, unknown>>;
  /** A text of the settings that no message may repeat. */
  readonly secret: string;
  readonly calls: () => number;
  close(): Promise<void>;
}

export const PAGE: Page = {
  key: 'revoke-overdue:prod-db',
  code: 'revoke-overdue',
  title: 'ALARM: access is overdue. Pass pass_1',
  lines: ['Pass pass_1 should have ended 2 min ago and is not proven gone (unreachable).', 'Look at the target now.'],
  at: 1_795_305_600_000,
  organization: 'acme',
  runBook: 'docs/run-book.md#revoke-overdue',
};
const LATER: Page = { ...PAGE, at: PAGE.at + 900_000 };
const never = () => new AbortController().signal;

export function opened(bench: PagerBench, settings = bench.settings, deploymentId = 'dep_test'): Pager {
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const config = bench.kind.config.parse(settings);
  return bench.kind.open('pager-1', config, { clock: systemClock, log, fetch, deploymentId });
}

export async function faultOf(work: Promise<void>): Promise<PagerError> {
  try {
    await work;
  } catch (error) {
    expect(error).toBeInstanceOf(PagerError);
    return error as PagerError;
  }
  throw new Error('it went well');
}

type Case = readonly [name: string, run: (bench: PagerBench) => Promise<void>];
const FAULTS: readonly (readonly [Trouble, readonly PagerFault[]])[] = [
  ['busy', ['busy']],
  ['refused', ['refused']],
  ['unreachable', ['unreachable', 'busy']],
  ['lost_answer', ['unreachable', 'busy']],
];

export const PAGER_CASES: readonly Case[] = [
  [
    'hands over everything people need: whose, what, when, what to do',
    async (bench) => {
      await opened(bench).page(PAGE, never());
      const [page, ...more] = bench.arrived();
      expect(more).toEqual([]);
      expect(page?.title).toContain('acme');
      expect(page?.title).toContain(PAGE.title);
      for (const line of [...PAGE.lines, PAGE.runBook]) expect(page?.text).toContain(line);
      expect(`${page?.title}${page?.text}`).not.toMatch(/undefined|\[object|\[secret\]|null/);
    },
  ],
  [
    'shows a page that is sent twice once, and a repeat as one more of the same matter',
    async (bench) => {
      const pager = opened(bench);
      for (const page of [PAGE, PAGE, LATER]) await pager.page(page, never());
      const arrived = bench.arrived();
      expect(new Set(arrived.map(({ matter }) => matter)).size).toBe(1);
      expect(new Set(arrived.map(({ identity }) => identity)).size).toBe(2);
    },
  ],
  [
    'keeps matters apart, and deployments too',
    async (bench) => {
      await opened(bench).page(PAGE, never());
      await opened(bench).page({ ...PAGE, key: 'revoke-overdue:billing' }, never());
      await opened(bench, bench.settings, 'dep_other').page(PAGE, never());
      expect(new Set(bench.arrived().map(({ matter }) => matter)).size).toBe(3);
    },
  ],
  [
    'is the same after a restart',
    async (bench) => {
      await opened(bench).page(PAGE, never());
      await opened(bench).page(PAGE, never());
      expect(new Set(bench.arrived().map(({ identity }) => identity)).size).toBe(1);
    },
  ],
  ...FAULTS.map(
    ([trouble, faults]): Case => [
      `says what is wrong when it is ${trouble}, and works again afterwards`,
      async (bench) => {
        const pager = opened(bench);
        bench.fail(trouble);
        const error = await faultOf(pager.page(PAGE, never()));
        expect(faults).toContain(error.fault);
        expect(error.message).not.toContain(bench.secret);
        expect(error.retryAfterSeconds ?? 0).toBeGreaterThanOrEqual(0);
        await pager.page(PAGE, never());
        expect(new Set(bench.arrived().map(({ identity }) => identity)).size).toBe(1);
      },
    ],
  ),
  [
    'gives up when it is told to, although nobody answers',
    async (bench) => {
      bench.fail('silent');
      const stop = new AbortController();
      const paging = faultOf(opened(bench).page(PAGE, stop.signal));
      while (bench.calls() === 0) await new Promise((resolve) => setImmediate(resolve));
      stop.abort();
      expect((await paging).fault).toBe('unreachable');
    },
  ],
  [
    'calls nobody for a signal that has fired already',
    async (bench) => {
      const pager = opened(bench);
      expect((await faultOf(pager.page(PAGE, AbortSignal.abort()))).fault).toBe('unreachable');
      expect((await faultOf(pager.check(AbortSignal.abort()))).fault).toBe('unreachable');
      expect(bench.arrived()).toEqual([]);
    },
  ],
  [
    'is refused with wrong credentials, in page and in check, without repeating them',
    async (bench) => {
      const pager = opened(bench, bench.lockedOut);
      for (const work of [pager.page(PAGE, never()), pager.check(never())]) {
        const error = await faultOf(work);
        expect(['refused', 'invalid']).toContain(error.fault);
        for (const value of Object.values(bench.lockedOut))
          if (typeof value === 'string' && value.length > 9) expect(error.message).not.toContain(value);
      }
    },
  ],
  [
    'checks without waking anybody',
    async (bench) => {
      await opened(bench).check(never());
      expect(bench.calls()).toBeGreaterThan(0);
      expect(bench.arrived()).toEqual([]);
    },
  ],
  [
    'finds in the check what is out of reach',
    async (bench) => {
      bench.fail('unreachable');
      expect(['unreachable', 'busy']).toContain((await faultOf(opened(bench).check(never()))).fault);
    },
  ],
  [
    'takes texts of any kind for nothing but text',
    async (bench) => {
      const pager = opened(bench);
      const texts = [...HOSTILE, 'a\r\nBcc: eve@evil.test\r\n\r\n.\r\nMAIL FROM:<eve@evil.test>', 'x'.repeat(5_000)];
      for (const [at, text] of texts.entries())
        await pager.page({ ...PAGE, title: text, lines: [text, text], key: `k:${at}`, at: PAGE.at + at }, never());
      expect(new Set(bench.arrived().map(({ identity }) => identity)).size).toBe(texts.length);
      for (const { title } of bench.arrived()) expect(title).not.toMatch(/[\r\n]/);
    },
  ],
  [
    'takes keys of any length',
    async (bench) => {
      const pager = opened(bench);
      for (const key of ['x'.repeat(200), `${'x'.repeat(199)}y`]) await pager.page({ ...PAGE, key }, never());
      expect(new Set(bench.arrived().map(({ matter }) => matter)).size).toBe(2);
    },
  ],
  [
    'refuses settings that it does not know',
    async (bench) => {
      expect(bench.kind.config.safeParse({ ...bench.settings, adress: 'x' }).success).toBe(false);
      expect(bench.kind.config.safeParse({}).success).toBe(false);
    },
  ],
];

export function pagerContract(name: string, setup: () => Promise<PagerBench>): void {
  describe(`${name}: the contract of a pager`, () => {
    it.each(PAGER_CASES)('%s', async (_, run) => {
      const bench = await setup();
      try {
        await run(bench);
      } finally {
        await bench.close();
      }
    });
  });
}
