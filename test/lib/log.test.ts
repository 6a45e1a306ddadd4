// The log tells facts, one line each, and never a secret.
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LogLevel, openLog } from '../../src/lib/log.ts';
import { secretOf } from '../../src/lib/secret.ts';
import type { Facts } from '../../src/ports/log.ts';
import { type Canary, canaries } from './canaries.ts';

const clock = { now: () => Date.UTC(2026, 10, 22), sleep: async () => undefined };

function logged(level: LogLevel = 'debug') {
  const lines: string[] = [];
  return { lines, log: openLog({ level, clock, destination: { write: (line) => void lines.push(line) } }) };
}

function lineOf(message: string, facts?: Facts): string {
  const { lines, log } = logged();
  log.error(message, facts);
  expect(lines).toHaveLength(1);
  return lines[0] ?? '';
}

// Each way by which somebody else's text gets into a line.
const paths: Record<string, (text: string) => readonly [string, Facts?]> = {
  'the message': (text) => [`refused: ${text}`],
  'a fact': (text) => ['x', { text }],
  'a fact after a line break': (text) => ['x', { text: `first\n${text}\r\nlast` }],
  'a nested fact': (text) => ['x', { a: { b: [{ c: text }] } }],
  'a key': (text) => ['x', { [text]: 1 }],
  'a map': (text) => ['x', { m: new Map([[text, new Set([text])]]) }],
  'an error': (text) => ['x', { error: new Error(text) }],
  'the cause of a cause': (text) => ['x', { e: new Error('a', { cause: new Error('b', { cause: text }) }) }],
  'one of many errors': (text) => ['x', { e: new AggregateError([new TypeError(text)], text) }],
  'a code': (text) => ['x', { e: Object.assign(new Error('a'), { code: text }) }],
  'the name of an error': (text) => ['x', { e: Object.assign(new Error('a'), { name: text }) }],
  'what an SDK hangs on an error': (text) => ['x', { e: Object.assign(new Error('a'), { config: { headers: text } }) }],
  'JSON in a fact': (text) => ['x', { body: JSON.stringify({ error: text }) }],
  'JSON in JSON in a fact': (text) => ['x', { body: JSON.stringify({ body: JSON.stringify({ error: text }) }) }],
  'an inspected object': (text) => ['x', { dump: inspect({ deep: { text } }) }],
  bytes: (text) => ['x', { body: Buffer.from(text), view: new Uint8Array(Buffer.from(text)) }],
  'a toJSON': (text) => ['x', { url: { toJSON: () => ({ href: text }) } }],
  'the end of a long text': (text) => ['x', { text: `${'long '.repeat(3_000)}${text}` }],
  'where a long text is cut': (text) => ['x', { text: `${'.'.repeat(7_990)} ${text}` }],
};

describe('no secret is logged', () => {
  it.each(Object.entries(paths))('%s', (_, path) => {
    const seen = canaries.filter((canary) => shows(lineOf(...path(canary.text)), canary));
    expect(seen).toEqual([]);
  });

  it('and the lines do hold what is no secret (these checks can fail)', () => {
    const harmless = { text: 'cannary-in-the-mine', parts: ['cannary-in-the-mine'] };
    const blind = ['what an SDK hangs on an error', 'bytes', 'the end of a long text', 'where a long text is cut'];
    const silent = Object.entries(paths).filter(([, path]) => !shows(lineOf(...path(harmless.text)), harmless));
    expect(silent.map(([name]) => name)).toEqual(blind);
  });

  it('a Secret is logged as [secret] wherever it stands, and its value nowhere', () => {
    const secret = secretOf('no pattern knows this "one" / 42');
    const error = new Error(`password "no pattern knows this "one" / 42" refused`);
    const url = `https://idp.acme.test/?p=${encodeURIComponent('no pattern knows this "one" / 42')}`;
    const line = lineOf(`m ${secret}`, { secret, list: [secret], error, url, [`${secret}`]: 1 });
    expect(line).not.toMatch(/no pattern knows|no%20pattern/);
    expect(JSON.parse(line)).toMatchObject({ msg: 'm [secret]', facts: { secret: '[secret]', list: ['[secret]'] } });
  });

  it('what stands under the name of a secret is hidden, whatever it looks like', () => {
    const named = { bot_token: 'any words', headers: { authorization: 'any words', 'x-api-key': 'any words' } };
    const { facts } = JSON.parse(lineOf('x', named));
    expect(facts).toEqual({ bot_token: '[secret]', headers: { authorization: '[secret]', 'x-api-key': '[secret]' } });
  });

  it('a token is not shown in part where a long text is cut', () => {
    for (let before = 7_960; before <= 8_000; before += 1) {
      expect(lineOf('x', { text: `${'.'.repeat(before)}${canaries[0]?.text}` })).not.toContain('xox');
    }
  });

  it('bytes are counted, not told', () => {
    const bytes = { buffer: Buffer.from('abc'), view: new Uint8Array(4), whole: new ArrayBuffer(5) };
    const { facts } = JSON.parse(lineOf('x', bytes));
    expect(facts).toEqual({ buffer: '[3 bytes]', view: '[4 bytes]', whole: '[5 bytes]' });
  });

  it('what only resembles a secret stays', () => {
    const text = 'see https://acme.test:8080/p?to=ana@acme.test; Basic authentication; a bot token starts with xoxb-';
    expect(JSON.parse(lineOf(text)).msg).toBe(text);
  });
});

function shows(line: string, { parts }: Canary): boolean {
  return parts.some((part) => line.includes(part) || line.includes(JSON.stringify(part).slice(1, -1)));
}

describe('one event is one line', () => {
  const controls = [
    '\n',
    '\r',
    '\r\n',
    '\u2028',
    '\u2029',
    '\u0085',
    '\u001b[2K\u001b[1A',
    '\u009b31m',
    '\u202e',
    '\0',
    '\u007f',
    '\b',
  ];
  const endings = [
    '"}',
    '","level":"info","msg":"granted"}',
    '\\',
    '\\"',
    '{"level":"info","msg":"fake"}',
    '%s%d%j',
    '\ud800',
  ];
  const corpus = controls.flatMap((control) =>
    endings.flatMap((end) => [`a${control}${end}`, `${end}${control}b`, `${control}${end}${control}`]),
  );

  it.each(['the message', 'a fact', 'a key', 'an error', 'JSON in a fact'])('whatever stands in %s', (name) => {
    for (const text of corpus) {
      const line = lineOf(...(paths[name]?.(text) ?? ['']));
      expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e]/u);
      expect(line.endsWith('\n')).toBe(true);
      expect(JSON.parse(line).level).toBe('error');
    }
    expect(corpus.length).toBeGreaterThan(200);
  });

  it('and the text itself comes back unchanged', () => {
    for (const text of corpus) expect(JSON.parse(lineOf(text, { text }))).toMatchObject({ facts: { text } });
  });

  it('for any facts at all, with secrets in them too', () => {
    const words = fc.constantFrom(
      ...canaries.map(({ text }) => text),
      'password=',
      '"token":"',
      '\\',
      '"',
      '://',
      ':',
      '@',
      '\n',
      'eyJ',
    );
    const text = fc
      .array(fc.oneof(words, fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 8 })
      .map((all) => all.join(''));
    const facts = fc.dictionary(
      text,
      fc.anything({ key: text, values: [text, fc.bigInt(), fc.double(), fc.date()], withNullPrototype: true }),
    );
    fc.assert(
      fc.property(text, facts, (message, some) => {
        const line = lineOf(message, some);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(Object.keys(JSON.parse(line))).toEqual(['level', 'time', 'facts', 'msg']);
      }),
      { seed: 20261122, numRuns: 500 },
    );
  });
});

describe('a line', () => {
  it('has level, time, facts and message', () => {
    const line = lineOf('grant ordered', { grantId: 'gra_1', level: 'fake', msg: 'fake' });
    expect(line).toBe(
      '{"level":"error","time":"2026-11-22T00:00:00.000Z","facts":{"grantId":"gra_1","level":"fake","msg":"fake"},"msg":"grant ordered"}\n',
    );
    expect(JSON.parse(lineOf('no facts'))).not.toHaveProperty('facts');
  });

  it('tells an error with its code and its causes', () => {
    const cause = Object.assign(new Error('refused', { cause: 'no route' }), { code: 'ECONNREFUSED' });
    const { facts } = JSON.parse(lineOf('x', { error: new TypeError('cannot reach', { cause }) }));
    expect(facts.error).toMatchObject({
      name: 'TypeError',
      message: 'cannot reach',
      cause: { name: 'Error', message: 'refused', code: 'ECONNREFUSED', cause: 'no route' },
    });
    expect(facts.error.stack).toContain('log.test.ts');
  });

  it('is written for facts that JSON cannot hold', () => {
    const circular: Record<string, unknown> = {
      big: 10n,
      nan: Number.NaN,
      none: undefined,
      call: () => 1,
      when: new Date(0),
    };
    circular.self = circular;
    Object.defineProperty(circular, 'trap', { enumerable: true, get: () => 1 });
    const trap = { toJSON: () => fc.sample(fc.constant(1), -1) };
    const { facts } = JSON.parse(lineOf('x', { circular, trap }));
    expect(facts.circular).toEqual({
      big: '10',
      nan: 'NaN',
      when: '1970-01-01T00:00:00.000Z',
      self: '[circular]',
      trap: 1,
    });
  });

  it('is not written below the level, info when none is named', () => {
    const { lines, log } = logged('warn');
    log.info('no');
    log.warn('yes');
    const silent = logged('silent');
    silent.log.error('no');
    const standard: string[] = [];
    const open = openLog({ destination: { write: (line) => void standard.push(line) } });
    open.debug('no');
    open.info('yes');
    expect([lines.length, silent.lines.length, standard.length]).toEqual([1, 0, 1]);
  });
});
