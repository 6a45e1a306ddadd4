// RFC 8785: published vectors by name, refusals with their place, and the properties that hashing relies on.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { canonicalize, type Jsonable, type JsonValue } from '../../../src/core/ledger/canonical.ts';
import {
  appendixB,
  appendixBRefused,
  documents,
  es6NumberSamples,
  section322,
  section323,
  section323Order,
  section324,
} from './vectors/rfc8785.ts';

function double(bits: string): number {
  return Buffer.from(bits, 'hex').readDoubleBE();
}
function parsed(text: string): JsonValue {
  return JSON.parse(text) as JsonValue;
}

describe('RFC 8785 vectors', () => {
  test.each(appendixB)('appendix B: %s is written %s', (bits, text) => {
    expect(canonicalize(double(bits))).toBe(text);
  });
  test.each(appendixBRefused)('appendix B: %s, %s, is refused', (bits, name) => {
    expect(() => canonicalize(double(bits))).toThrow(`$: ${name} is not JSON`);
  });
  test.each(es6NumberSamples)('ES6 number samples: %s is written %s', (bits, text) => {
    expect(canonicalize(double(bits))).toBe(text);
  });
  test('§3.2.4: the sample of §3.2.2, byte for byte', () => {
    const bytes = Buffer.from(section324.replaceAll(/\s/g, ''), 'hex');
    expect(Buffer.from(canonicalize(parsed(section322)))).toEqual(bytes);
  });
  test('§3.2.3: names are sorted by UTF-16 code units', () => {
    const text = canonicalize(parsed(section323));
    const places = section323Order.map((value) => text.indexOf(JSON.stringify(value)));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
  });
  test.each(documents)('testdata/$name.json', ({ input, output }) => {
    expect(canonicalize(parsed(input))).toBe(output);
  });
});

describe('what JSON cannot say is refused, with its place', () => {
  const cycle: { self?: object } = {};
  cycle.self = cycle;
  const holes = [1, 2, 3];
  delete holes[1];
  test.each<[string, Jsonable, string]>([
    ['NaN', { a: [1, Number.NaN] }, '$.a[1]: NaN'],
    ['Infinity', { a: Number.NEGATIVE_INFINITY }, '$.a: -Infinity'],
    ['undefined in an object', { a: { b: undefined } }, '$.a.b: undefined'],
    ['undefined in an array', [undefined], '$[0]: undefined'],
    ['a hole in an array', holes, '$[1]: undefined'],
    ['bigint', { a: 1n }, '$.a: bigint'],
    ['a function', { toJSON: () => 'other' }, '$.toJSON: function'],
    ['a symbol', [Symbol('s')], '$[0]: symbol'],
    ['a symbol key', { a: { [Symbol('s')]: 1 } }, '$.a: symbol keys'],
    ['the first half of a pair', { a: 'x\ud83d' }, '$.a: text with half'],
    ['the second half of a pair', { a: '\ude00x' }, '$.a: text with half'],
    ['half a pair in a key', { a: { '\ud83d': 1 } }, 'a key of $.a: text with half'],
    ['a Date', { at: new Date(0) }, '$.at: not a plain object'],
    ['a Map', { map: new Map() }, '$.map: not a plain object'],
    ['bytes', { bytes: Buffer.from('x') }, '$.bytes: not a plain object'],
    ['a boxed string', { box: Object('x') as object }, '$.box: not a plain object'],
    ['a cycle', cycle, 'nested more than 100 deep'],
  ])('%s', (_, value, message) => {
    expect(() => canonicalize(value)).toThrow(message);
  });

  test('nesting is written up to 100 deep and not further', () => {
    const nest = (depth: number): JsonValue => parsed('['.repeat(depth) + ']'.repeat(depth));
    expect(canonicalize(nest(100))).toBe('['.repeat(100) + ']'.repeat(100));
    expect(() => canonicalize(nest(101))).toThrow('nested more than 100 deep');
  });
});

describe('properties', () => {
  const anyJson = fc.jsonValue({ stringUnit: 'binary' });

  it('reads back as the same value, in the same text', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const text = canonicalize(value as JsonValue);
        const back = parsed(text);
        expect(canonicalize(back)).toBe(text);
        // JSON has one zero.
        expect(back).toEqual(parsed(JSON.stringify(value)));
      }),
      { seed: 8785 },
    );
  });

  it('does not depend on the order in which keys were set', () => {
    const anyObject = fc.dictionary(fc.string({ unit: 'binary' }), anyJson);
    fc.assert(
      fc.property(anyObject, (object) => {
        const reversed = Object.fromEntries(Object.entries(object).reverse());
        expect(canonicalize(reversed)).toBe(canonicalize(object));
      }),
      { seed: 8785 },
    );
  });

  it('keeps a key named __proto__', () => {
    expect(canonicalize(parsed('{"b":1,"__proto__":{"a":2}}'))).toBe('{"__proto__":{"a":2},"b":1}');
  });
});
