// How problems look in a terminal, and what they must never show.
import { describe, expect, it } from 'vitest';
import { formatProblems, type Problem } from '../../src/config/problem.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { changed, sourceOf } from './sources.ts';

function shown(text: string): string {
  const result = readConfig(sourceOf(text));
  return result.ok ? '' : formatProblems('hallpass.yaml', text, result.problems);
}

function at(line: number, column: number, length = 1): Problem {
  return { level: 'error', line, column, length, path: 'a.b', says: 'it is odd', remedy: 'Mend it.' };
}

describe('formatProblems', () => {
  it('shows the place, the line with a caret, and the remedy', () => {
    expect(shown(changed(['who: [engineers]', 'who: [enginers]'], ['max: 4h', 'max: 2d']))).toBe(
      [
        'hallpass.yaml:19:11: error: roles.readonly.who[0]: there is no group "enginers"',
        '   19 |     who: [enginers]',
        '      |           ^^^^^^^^',
        '  → Did you mean "engineers"?',
        '',
        'hallpass.yaml:20:35: warning: roles.readonly.duration.max: access may last 2 d',
        '   20 |     duration: { default: 1h, max: 2d }',
        '      |                                   ^^',
        '  → Privileges for more than a day are nearly standing ones: consider 24h or less.',
      ].join('\n'),
    );
  });

  it('shows no line for what is missing in the environment', () => {
    expect(formatProblems('f', 'a: 1', [{ ...at(0, 0), path: '' }])).toBe(
      'environment: error: it is odd\n  → Mend it.',
    );
  });

  it('keeps the caret below its character', () => {
    expect(formatProblems('f', 'a:\r\n  b: x\r\n', [at(2, 6, 99)])).toContain('    2 |   b: x\n      |      ^\n');
    expect(formatProblems('f', '\uFEFFab: x', [at(1, 5)])).toContain('    1 | ab: x\n      |     ^\n');
    expect(formatProblems('f', '\tab: x', [at(1, 6)])).toContain('    1 |  ab: x\n      |      ^\n');
    expect(formatProblems('f', 'ab', [at(1, 3)])).toContain('    1 | ab\n      |   ^\n');
    expect(formatProblems('f', 'ab', [at(7, 3)])).toBe('f:7:3: error: a.b: it is odd\n  → Mend it.');
  });

  it('cuts very long lines around the place', () => {
    const text = `a: ${'x'.repeat(500)}HERE${'y'.repeat(500)}`;
    const [, line = '', caret = ''] = formatProblems('f', text, [at(1, 504, 4)]).split('\n');
    expect(line.length).toBeLessThan(200);
    expect(line.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1)).toBe('HERE');
  });

  it('paints nothing over the terminal', () => {
    const text = 'a: "\u001B[2J\u202Eabc"';
    expect(formatProblems('f', text, [at(1, 4)])).toContain('1 | a: " [2J abc"');
  });

  it('shows the first fifty and says how many are left', () => {
    const many = formatProblems(
      'f',
      'a',
      Array.from({ length: 53 }, () => at(1, 1)),
    );
    expect(many.match(/it is odd/g)).toHaveLength(50);
    expect(many.endsWith('… and 3 more')).toBe(true);
  });
});

describe('a secret in the file', () => {
  const PASSWORD = 'hunter2-and-more';
  const url = `postgres://hallpass:${PASSWORD}@db.acme.test/app`;

  it.each([
    ['on its own line', changed(['$PROD_DB_URL', url])],
    [
      'next to another problem',
      changed([
        'prod-db:\n    adapter: postgres\n    url: $PROD_DB_URL\n    people: "{mail.local}"',
        `prod-db: { url: "${url}", adapter: postgress, peple: 1 }`,
      ]),
    ],
    ['in a list', changed(['people: "{mail.local}"', `people: "{mail.local}"\n    replicas: [5, "${url}", 6]`])],
    ['in a broken line', changed(['url: $PROD_DB_URL', `url: "${url}`])],
    ['under a telling key in a broken line', changed(['url: $PROD_DB_URL', `password: ${PASSWORD}: x`])],
    ['under a telling key', changed(['url: $PROD_DB_URL', `client_secret: ${PASSWORD}`])],
    ['under a key in camel case', changed(['url: $PROD_DB_URL', `apiToken: ${PASSWORD}`])],
    ['over several lines', changed(['url: $PROD_DB_URL', `token: "${PASSWORD}\n      ${PASSWORD}"\n    more: 1`])],
    ['as a block', changed(['url: $PROD_DB_URL', `password: |\n      ${PASSWORD}\n    more: 1`])],
    ['with a byte order mark', `\uFEFF${changed(['$PROD_DB_URL', url])}`],
    ['where no target is', changed(['organization: acme', `organization: ${url}`])],
    ['as the store', changed(['roles:', `store: ${url}\nroles:`])],
    ['half from the environment', changed(['$PROD_DB_URL', `postgres://hallpass:${PASSWORD}$A@db/app`])],
  ])('is never shown %s', (_, text) => {
    const output = shown(text);
    expect(output).toContain('error');
    expect(output).not.toContain(PASSWORD);
    expect(JSON.stringify(readConfig(sourceOf(text)))).not.toContain(PASSWORD);
  });

  it('is starred out in place, so that the carets of its line stay right', () => {
    const token = 'xoxb-1234567890';
    expect(shown(changed(['mode: socket', `bot_token: ${token}, mode: sokcet`]))).toContain(
      `    2 | chat: { slack: { bot_token: ***************, mode: sokcet } }\n      | ${' '.repeat(51)}^^^^^^\n`,
    );
  });

  it('of the environment is not shown when its adapter repeats it', () => {
    const result = readConfig(
      sourceOf(changed(['$PROD_DB_URL', '$WRONG']), { env: { WRONG: `mysql://u:${PASSWORD}@h` } }),
    );
    expect(JSON.stringify(result)).not.toContain(PASSWORD);
    expect(result).toMatchObject({ ok: false });
  });
});
