// Names in SQL: PostgreSQL's own parser reads back exactly what was quoted, for ten thousand names; the rest is refused.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { problemOfName, quoteName } from '../../../src/grants/postgres/identifier.ts';
import { PostgresTarget } from '../../../src/grants/postgres/schema.ts';
import { HOSTILE_NAMES } from '../../contracts/hostile-names.ts';
import { usePostgres } from '../../postgres-server.ts';

const NAMES = 10_000;
/** Pieces that have a meaning somewhere in SQL, mixed with anything at all. */
const piece = fc.oneof(
  fc.constantFrom(
    '"',
    '""',
    "'",
    ';',
    '--',
    '/*',
    '*/',
    '\\',
    '$$',
    ' ',
    'DROP ROLE x',
    'TO PUBLIC',
    ',',
    '\uFF02',
    '\u2019',
    'é',
    '🦊',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
);
const name = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join(''));

describe('a role name in a statement', () => {
  const server = usePostgres();

  it('is one identifier to PostgreSQL, and the very same name', async () => {
    const names = fc
      .sample(name, { numRuns: NAMES, seed: 20_261_122 })
      .filter((text) => problemOfName(text) === undefined);
    expect(names.length, 'most are names after all').toBeGreaterThan(NAMES / 3);
    const rows = await server().query(
      'SELECT parse_ident(quoted, true) AS parts FROM unnest($1::text[]) WITH ORDINALITY AS u(quoted, at) ORDER BY at',
      [names.map(quoteName)],
    );
    expect(rows.map(({ parts }) => parts)).toEqual(names.map((text) => [text]));
  });

  it('is quoted as PostgreSQL would quote it', async () => {
    const names = HOSTILE_NAMES.filter((text) => problemOfName(text) === undefined);
    const rows = await server().query(
      "SELECT '\"' || replace(name, '\"', '\"\"') || '\"' AS quoted FROM unnest($1::text[]) WITH ORDINALITY AS u(name, at) ORDER BY at",
      [names],
    );
    expect(rows.map(({ quoted }) => quoted)).toEqual(names.map(quoteName));
  });

  it.each([
    ['', 'empty'],
    ['a\0b', 'control'],
    ['a\nb', 'control'],
    ['a\u0085b', 'control'],
    ['a\u2028b', 'control'],
    ['\uD800', 'control'],
    ['public', 'reserved'],
    ['none', 'reserved'],
    ['x'.repeat(64), '63 bytes'],
    ['é'.repeat(32), '63 bytes'],
  ])('%j is refused', (text, says) => {
    expect(problemOfName(text)).toContain(says);
    expect(() => quoteName(text)).toThrow(says);
    expect(PostgresTarget.safeParse({ role: text }).success).toBe(false);
  });

  it('may be 63 bytes long; two longer ones that PostgreSQL would cut to one are both refused', () => {
    const full = 'r'.repeat(63);
    expect(problemOfName(full)).toBeUndefined();
    expect(problemOfName('é'.repeat(31))).toBeUndefined();
    for (const twin of [`${full}-alice-x`, `${full}-bob-xyz`]) expect(problemOfName(twin)).toBeDefined();
  });
});
