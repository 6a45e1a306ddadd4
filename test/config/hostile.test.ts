// Files that were written to do harm: nothing throws, nothing hangs, nothing reaches a prototype.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatProblems } from '../../src/config/problem.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { cpuMs } from '../cpu-time.ts';
import { changed, SHORT, sourceOf } from './sources.ts';

function problems(text: string) {
  const result = readConfig(sourceOf(text));
  return result.ok ? [] : result.problems;
}

/** Threat H01: ways to write a key that is not data. */
const POLLUTION: readonly (readonly [string, string])[] = ['__proto__', 'constructor', 'prototype'].flatMap((key) => {
  const body = '{ isAdmin: true, prototype: { isAdmin: true } }';
  const quoted = JSON.stringify(key);
  return [
    [`${key} at the top`, `${key}: ${body}\n${SHORT}`],
    [`${quoted} in quotes`, `${quoted}: ${body}\n${SHORT}`],
    [`${key} escaped`, `"\\u${key.charCodeAt(0).toString(16).padStart(4, '0')}${key.slice(1)}": ${body}\n${SHORT}`],
    [`${key} as a complex key`, `? ${key}\n: ${body}\n${SHORT}`],
    [`${key} as a group`, changed(['  engineers:', `  ${key}: ${body}\n  engineers:`])],
    [`${key} in a group`, changed(['engineers: {', `engineers: { ${key}: ${body},`])],
    [`${key} as a target`, changed(['  prod-db:', `  ${key}: ${body}\n  prod-db:`])],
    [`${key} in a target`, changed(['    adapter:', `    ${key}: ${body}\n    adapter:`])],
    [`${key} as a role`, changed(['  readonly:', `  ${key}: ${body}\n  readonly:`])],
    [`${key} in a grant`, changed(['role: readonly', `role: readonly, ${key}: ${body}`])],
    [`${key} in a stage`, changed(['from: [dbas]', `from: [dbas], ${key}: ${body}`])],
    [`${key} by a merge`, changed(['    who:', `    <<: { ${key}: ${body} }\n    who:`])],
  ] as const;
});

describe('keys that reach for a prototype', () => {
  it('are tried in at least thirty ways', () => {
    expect(POLLUTION.length).toBeGreaterThanOrEqual(30);
  });

  it.each(POLLUTION)('%s', (_, text) => {
    const told = problems(text).map(({ says }) => says);
    expect(told).toContainEqual(expect.stringMatching(/^this key has a meaning of its own|^the YAML merge key/));
    expect(Reflect.get({}, 'isAdmin')).toBeUndefined();
    expect(Reflect.get(Object, 'isAdmin')).toBeUndefined();
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('%s is no name of anything', (name) => {
    const text = changed(
      ['who: [engineers]', `who: [${name}]`],
      ['target: prod-db', `target: ${name}`],
      ['security: secops', `security: ${name}`],
    );
    const places = problems(text).map(({ path, says }) => `${path} ${says}`);
    expect(places).toEqual([
      `security there is no group "${name}"`,
      `roles.readonly.target there is no target "${name}"`,
      `roles.readonly.who[0] there is no group "${name}"`,
    ]);
  });

  it.each(['__proto__', 'constructor', 'toString'])('%s is no adapter', (name) => {
    expect(problems(changed(['adapter: postgres', `adapter: ${name}`]))).toMatchObject([
      { path: 'targets.prod-db.adapter' },
    ]);
  });
});

describe('bombs', () => {
  const laughs = Array.from({ length: 30 }, (_, level) => {
    const below = Array.from({ length: 9 }, () => `*l${level - 1}`).join(', ');
    return level === 0 ? 'l0: &l0 [lol]' : `l${level}: &l${level} [${below}]`;
  }).join('\n');

  it('a billion laughs are refused within 100 ms', () => {
    readConfig(sourceOf(SHORT));
    expect(cpuMs(() => expect(problems(laughs).length).toBeGreaterThan(0))).toBeLessThan(100);
  });

  it.each([
    ['flow lists', '['.repeat(100_000)],
    ['flow maps', '{a: '.repeat(50_000)],
    ['block lists', '- '.repeat(100_000)],
    ['block maps', Array.from({ length: 600 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['keys', Array.from({ length: 50_000 }, (_, index) => `k${index}: 1`).join('\n')],
    ['equal keys', 'a: 1\n'.repeat(50_000)],
    ['aliases', `a: &a x\nb:\n${'- *a\n'.repeat(30_000)}`],
    ['anchors', '- &a x\n'.repeat(30_000)],
    ['quotes', '"'.repeat(20_000)],
    ['commas', `[${','.repeat(20_000)}`],
    ['bytes', '\0'.repeat(500_000)],
    ['one long line', `a: ${'x'.repeat(1_000_000)}`],
    ['two megabytes', 'x'.repeat(2_000_000)],
  ])('many %s are told within seconds', (_, text) => {
    const took = cpuMs(() => {
      const found = problems(text);
      expect(found.length).toBeGreaterThan(0);
      expect(formatProblems('hallpass.yaml', text, found).length).toBeLessThan(100_000);
    });
    expect(took).toBeLessThan(8_000);
  });

  it('reads a large organisation within two seconds', () => {
    const role = SHORT.slice(SHORT.indexOf('  readonly:'));
    const roles = Array.from({ length: 1_000 }, (_, index) =>
      role.replace('readonly:', `role-${index}:`).replace('Read production data', `Role ${index}`),
    );
    const text = `${SHORT.slice(0, SHORT.indexOf('  readonly:'))}${roles.join('')}`;
    const took = cpuMs(() => {
      const result = readConfig(sourceOf(text));
      expect(result.ok && Object.keys(result.config.catalog.roles).length).toBe(1_000);
    });
    expect(took).toBeLessThan(2_000);
  });
});

describe('numbers', () => {
  it.each(['9007199254740993', '0123', '1e3', '0x10', '1.0', '.inf', '123_456'])(
    '%s stays the text that it is',
    (id) => {
      const result = readConfig(sourceOf(changed(['organization: acme', `organization: ${id}`])));
      expect(result.ok && result.config.catalog.organization).toBe(id);
    },
  );
});

describe('any text at all', () => {
  const lines = SHORT.split('\n');
  const words = [
    '*a',
    '&a',
    '<<:',
    '!!set',
    '__proto__:',
    '"',
    "'",
    '[',
    ']',
    '{',
    '}',
    ': ',
    '- ',
    '\t',
    '|',
    '>',
    '%',
    '---',
  ];
  const broken = fc
    .array(
      fc.tuple(
        fc.nat(lines.length - 1),
        fc.nat(60),
        fc.constantFrom(...words, 'xoxb-1234567890', '\uD800', '\r', '$A'),
      ),
    )
    .map((edits) =>
      edits
        .reduce((text, [line, column, word]) => {
          const old = text[line] ?? '';
          return text.with(line, old.slice(0, column) + word + old.slice(column));
        }, lines)
        .join('\n'),
    );

  it('is read or refused, never thrown at', () => {
    let refused = 0;
    fc.assert(
      fc.property(fc.oneof(broken, fc.string({ unit: 'binary', maxLength: 300 })), (text) => {
        const result = readConfig(sourceOf(text));
        if (result.ok) return;
        refused += 1;
        const all = text.replace(/^\uFEFF/, '').split('\n');
        for (const { line, column, says, remedy } of result.problems) {
          expect(line).toBeLessThanOrEqual(all.length);
          expect(line === 0 || column >= 1).toBe(true);
          expect(column).toBeLessThanOrEqual((all[line - 1] ?? '').length + 2);
          expect(says).not.toBe('');
          expect(remedy).not.toBe('');
        }
        expect(formatProblems('f', text, result.problems)).toContain('error');
      }),
      { numRuns: 1_500, seed: 8 },
    );
    expect(refused).toBeGreaterThan(500);
  });
});
