// While the store is away people hear of it on both paths without it: after 30 seconds, every 15 minutes, and again soon where
// nobody took it.
import { describe, expect, it } from 'vitest';
import { openEmergencyAlarm } from '../../src/operations/emergency-alarm.ts';
import type { Page, Pager } from '../../src/ports/pager.ts';
import { textOf } from '../fakes/fake-chat.ts';
import { breathe } from './emergency-world.ts';
import { worldWith } from './stories.ts';

interface Stand {
  readonly pages: Page[];
  readonly said: () => readonly string[];
  how: 'takes' | 'fails' | 'hangs';
  pass(seconds: number): Promise<void>;
  over(): void;
}

async function stand(): Promise<Stand> {
  const world = await worldWith();
  const pages: Page[] = [];
  const made: Stand = {
    pages,
    how: 'takes',
    said: () => world.chat.sent.map(({ message }) => textOf(message)),
    async pass(seconds) {
      for (let passed = 0; passed < seconds; passed += 5) {
        await world.clock.advance(5_000);
        alarm.raise(since, { ended: 2, open: 1 });
        await breathe();
      }
    },
    over: () => alarm.over(),
  };
  const pager: Pager = {
    name: 'oncall',
    check: async () => undefined,
    async page(page) {
      if (made.how === 'hangs') await new Promise(() => undefined);
      if (made.how === 'fails') throw new Error('no route');
      pages.push(page);
    },
  };
  const alarm = openEmergencyAlarm({ ...world.tools, pagers: [pager] });
  const since = world.clock.now();
  return made;
}

describe('a store that cannot be written', () => {
  it('is told after 30 seconds and every 15 minutes, on both paths, with what was done', async () => {
    const { pages, said, pass } = await stand();
    await pass(25);
    expect([pages.length, said().length]).toEqual([0, 0]);
    await pass(5);
    expect([pages.length, said().length]).toEqual([1, 1]);
    expect(pages[0]).toMatchObject({ code: 'store-unwritable', organization: 'acme' });
    expect(pages[0]?.lines.join(' ')).toContain('1 pass should be gone and could not be seen gone; 2 ended.');
    expect(said()[0]).toContain('ALARM: the store cannot be written');
    await pass(1800);
    expect([pages.length, said().length]).toEqual([3, 3]);
    expect(new Set(pages.map(({ key }) => key)).size).toBe(1);
    expect(new Set(pages.map(({ at }) => at)).size).toBe(3);
  });

  it.each(['fails', 'hangs'] as const)('a pager that %s is tried again within two minutes', async (how) => {
    const made = await stand();
    made.how = how;
    await made.pass(30);
    expect(made.pages).toHaveLength(0);
    made.how = 'takes';
    await made.pass(110);
    expect(made.pages).toHaveLength(1);
    expect(made.said()).toHaveLength(1);
  });

  it('that is over and comes again is told again', async () => {
    const made = await stand();
    await made.pass(30);
    made.over();
    await made.pass(5);
    expect(made.pages).toHaveLength(2);
  });
});
