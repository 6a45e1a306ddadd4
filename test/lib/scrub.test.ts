// The patterns themselves: on plain text, twice over, and on texts made to be slow.
import { describe, expect, it } from 'vitest';
import { scrub } from '../../src/lib/scrub.ts';
import { canaries } from './canaries.ts';

describe('scrub', () => {
  it.each(canaries.map((canary) => [canary.text.slice(0, 30), canary] as const))('%s', (_, { text, parts }) => {
    const clean = scrub(`before ${text}, after`);
    expect(parts.filter((part) => clean.includes(part))).toEqual([]);
    expect(clean).toMatch(/^before /);
    expect(clean).toContain('[secret]');
    expect(scrub(clean)).toBe(clean);
  });

  it('keeps the name and what stands around a secret', () => {
    expect(scrub('user=app password=canary sslmode=require')).toBe('user=app password=[secret] sslmode=require');
    expect(scrub('postgres://app:canary@db.acme.test/app is down')).toBe('postgres://[secret]db.acme.test/app is down');
    expect(scrub('{"token":"canary","user":"ana"}')).toBe('{"token":"[secret]","user":"ana"}');
  });

  // Half a million characters that begin a pattern again and again and never end one. Linear work takes milliseconds;
  // a pattern that starts over for each of them would take hours, so the limit needs no precision.
  it.each([
    'eyJ',
    'xoxb-',
    '://',
    '://a:',
    '-----BEGIN PRIVATE KEY',
    'password',
    'password=\\',
    'token\\',
    'Bearer a',
    'AKIA',
    '8Q~',
    'a',
    '\\',
    '"',
  ])(
    'stays quick on a run of %s',
    (piece) => {
      const text = piece.repeat(500_000 / piece.length);
      expect(scrub(`${text}\\`).length).toBeGreaterThan(0);
    },
    10_000,
  );
});
