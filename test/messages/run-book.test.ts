// No alarm without an entry in the run-book, and no entry that says too little to act on.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ALARMS, alarmNote } from '../../src/messages/alarm.ts';
import { WATCH_ALARMS } from '../../src/messages/watch-page.ts';
import { SAMPLES } from '../core/ledger/samples.ts';
import { CATALOG, noteText } from './scene.ts';

const root = new URL('../..', import.meta.url).pathname;
const book = readFileSync(join(root, 'docs/run-book.md'), 'utf8');
const entries = new Map(
  book
    .split(/^## /m)
    .slice(1)
    .map((entry) => [entry.slice(0, entry.indexOf('\n')), entry] as const),
);

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => readFileSync(join(root, 'src', path), 'utf8'));
/** Entries that some sentence in the source sends people to. */
const named = sources.flatMap((text) => [...text.matchAll(/run-book: ([a-z-]+)/gi)].map((found) => found[1] ?? ''));
/** Alarm codes that are raised anywhere. */
const raised = sources.flatMap((text) =>
  [...text.matchAll(/(?:onAlarm\(|alarm\.raised'[^}]*?code: )'([a-z_]+)'/g)].map((found) => found[1] ?? ''),
);
const spoken = Object.values(SAMPLES).flatMap((event) => {
  const note = alarmNote(event, CATALOG);
  return note ? [/Run-book: ([a-z-]+)\.$/.exec(noteText(note))?.[1] ?? 'an alarm without its entry'] : [];
});

/** Alarms of the watchdog, and the rules for Prometheus. */
const outside = [
  ...Object.keys(WATCH_ALARMS).map((code) => code.replaceAll('_', '-')),
  ...[...readFileSync(join(root, 'docs/alerts.yaml'), 'utf8').matchAll(/run-book\.md#([a-z-]+)/g)].map(
    ([, name]) => name ?? '',
  ),
];

describe('the run-book', () => {
  it('has an entry for every code, every alarm and every name that is given', () => {
    const codes = [...Object.keys(ALARMS), ...raised].map((code) => code.replaceAll('_', '-'));
    expect([...codes, ...named, ...spoken, ...outside].filter((name) => !entries.has(name))).toEqual([]);
    expect(named).toEqual(expect.arrayContaining(['revoke-overdue', 'log-changed']));
    expect(spoken).toHaveLength(10);
  });

  it('has none that nothing leads to', () => {
    const known = [...named, ...spoken, ...outside, ...Object.keys(ALARMS).map((code) => code.replaceAll('_', '-'))];
    expect([...entries.keys()].filter((name) => !known.includes(name))).toEqual([]);
  });

  it('has a sentence for every code that is raised', () => {
    expect(raised.length).toBeGreaterThanOrEqual(3);
    expect(raised.filter((code) => !Object.hasOwn(ALARMS, code))).toEqual([]);
  });

  it.each([...entries.keys()])('%s: what it means, what to look at, what to do, how it closes', (name) => {
    const entry = entries.get(name) ?? '';
    const parts = ['**It means**', '**Look at**', '**Do**', '**It closes**'].map((part) => entry.indexOf(part));
    expect(parts.every((at) => at > 0)).toBe(true);
    expect(parts).toEqual([...parts].sort((a, b) => a - b));
    expect(entry.split(/\s+/).length).toBeGreaterThan(80);
  });
});

describe('the sentence of each alarm', () => {
  it.each(Object.entries(ALARMS))('%s says what is the matter and what to do', (_, sentence) => {
    expect(sentence).toMatch(/^[A-Z].*\.$/);
    expect(sentence.split('. ').length).toBeGreaterThan(1);
    expect(sentence).not.toContain('!');
  });
});
