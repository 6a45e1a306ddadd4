// A Secret does not show its value, whoever prints it.
import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { hideSecrets, reveal, type Secret, sameSecret, secretOf } from '../../src/lib/secret.ts';

const VALUE = 'canary-0123456789';
const secret = secretOf(VALUE);

const prints: Record<string, () => unknown> = {
  'JSON.stringify': () => JSON.stringify({ secret, list: [secret] }),
  inspect: () => inspect({ secret }, { depth: 9, showHidden: true }),
  'inspect without custom': () => inspect(secret, { customInspect: false, showHidden: true, getters: true }),
  format: () => format('%s %o %O %j %d', secret, secret, secret, secret, secret),
  template: () => `${secret}`,
  'String()': () => String(secret),
  concatenation: () => `a${secret as unknown as string}`,
  'an error message': () => new Error(`no ${secret}`).stack,
  'an error cause': () => inspect(new Error('no', { cause: secret })),
  'own names': () => Reflect.ownKeys(secret).concat(Object.keys({ ...secret })),
  'a clone': () => inspect(Object.assign({}, secret)),
};

describe('a Secret', () => {
  it.each(Object.entries(prints))('keeps its value from %s', (_, print) => {
    expect(String(print())).not.toContain('canary');
  });

  it('reads [secret]', () => {
    expect([`${secret}`, String(secret), JSON.stringify(secret), inspect(secret)]).toEqual([
      '[secret]',
      '[secret]',
      '"[secret]"',
      '[secret]',
    ]);
  });

  it('is opened by reveal alone, and nothing else passes for one', () => {
    expect(reveal(secret)).toBe(VALUE);
    for (const forged of [{}, Object.create(Object.getPrototypeOf(secret)), { ...secret }, VALUE]) {
      expect(() => reveal(forged as Secret)).toThrow('not a secret');
    }
  });

  it.each(['', ' ', '\t\n'])('is never blank: %j', (blank) => {
    expect(() => secretOf(blank)).toThrow(TypeError);
  });
});

describe('sameSecret', () => {
  it('is true for equal values only, wrapped or not', () => {
    expect(sameSecret(secret, secretOf(VALUE))).toBe(true);
    expect(sameSecret(secret, VALUE)).toBe(true);
    for (const other of ['', VALUE.slice(1), `${VALUE} `, VALUE.toUpperCase(), '[secret]']) {
      expect(sameSecret(secret, other)).toBe(false);
    }
  });
});

describe('hideSecrets', () => {
  it('takes living secrets out of a text, also as written in JSON and in URLs', () => {
    const odd = secretOf('pa"ss/w ord\\42');
    const texts = [
      `login with pa"ss/w ord\\42 failed`,
      JSON.stringify({ p: reveal(odd) }),
      `p=${encodeURIComponent(reveal(odd))}`,
    ];
    expect(texts.map(hideSecrets)).toEqual(['login with [secret] failed', '{"p":"[secret]"}', 'p=[secret]']);
  });

  it('leaves short ones, which are words', () => {
    const short = secretOf('postgres');
    expect(hideSecrets(`the ${reveal(short)} server`)).toBe('the postgres server');
  });
});
