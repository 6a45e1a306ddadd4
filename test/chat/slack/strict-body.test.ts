// Bodies that two readers could read differently are read by nobody (A10, A11).
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BodyError, readForm, readJson, textOf } from '../../../src/chat/slack/strict-body.ts';

const form = (text: string) => readForm(Buffer.from(text));

describe('a form', () => {
  it('is its fields', () => {
    expect(form('a=1&b=x+y%20z&c=%26%3D&d=&e')).toEqual({ a: '1', b: 'x y z', c: '&=', d: '', e: '' });
  });

  it.each(['a=1&a=2', 'a=1&%61=2', 'a&a', 'a+b=1&a%20b=2', 'a=%FF', 'a=%E2%82', 'a=%', 'a=%zz', '%C0%AF=1', '&&'])(
    'is refused: %s',
    (text) => {
      expect(() => form(text)).toThrow(BodyError);
    },
  );

  it('is what the platform’s own reader makes of it, whenever it is taken', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '=', '&', '+', '%', '2', '6', '%20', '%C3%A9', 'é') });
    fc.assert(
      fc.property(text, (body) => {
        let fields: Readonly<Record<string, unknown>>;
        try {
          fields = form(body);
        } catch (error) {
          expect(error).toBeInstanceOf(BodyError);
          return;
        }
        const { '': _, ...named } = fields;
        const theirs = [...new URLSearchParams(body)].filter(([name]) => name !== '');
        expect(named).toEqual(Object.fromEntries(theirs));
        expect(Object.keys(named)).toHaveLength(theirs.length);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('JSON', () => {
  it('is its fields', () => {
    const value = { a: [1, { b: '"{}[]:\\"' }], c: { a: 1 }, d: null };
    expect(readJson(JSON.stringify(value, null, 2))).toEqual(value);
    expect(readJson('{"a":[{"b":1},{"b":2}]}')).toEqual({ a: [{ b: 1 }, { b: 2 }] });
  });

  it.each([
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '{"x":{"a":1,"a":2}}',
    '[{"a":1}]',
    '"text"',
    'null',
    '',
    '{',
    '{"a":1,}',
    '{"__proto__":{"x":1}}',
    '{"a":{"__proto__":1}}',
    '{"\\u005f_proto__":1}',
    `{"a":${'['.repeat(70)}${']'.repeat(70)}}`,
    '\uFEFF{"a":1}',
  ])('is refused: %s', (text) => {
    expect(() => readJson(text)).toThrow(BodyError);
  });

  it('is taken exactly when no key is there twice', () => {
    const key = fc.constantFrom('a', 'b', '"', '\\', '{', ':', 'c"d');
    const pairs = fc.array(fc.tuple(key, fc.jsonValue()), { maxLength: 5 });
    fc.assert(
      fc.property(pairs, (entries) => {
        const text = `{${entries.map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`).join(',')}}`;
        const clean = new Set(entries.map(([name]) => name)).size === entries.length && !text.includes('__proto__');
        if (clean) expect(readJson(text)).toEqual(JSON.parse(text));
        else expect(() => readJson(text)).toThrow(BodyError);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('bytes', () => {
  it('are UTF-8 or nothing', () => {
    expect(textOf(Buffer.from('é'))).toBe('é');
    for (const bytes of [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xe2, 0x82]])
      expect(() => textOf(Buffer.from(bytes))).toThrow(BodyError);
  });
});
