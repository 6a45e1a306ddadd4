// The frozen form of a leaf, and the commitment that lets personal text be erased.
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it, test } from 'vitest';
import type { DomainEvent } from '../../../src/core/events.ts';
import { canonicalize, type Jsonable } from '../../../src/core/ledger/canonical.ts';
import {
  commit,
  type LeafEntry,
  type LeafEvent,
  leafBytes,
  leafText,
  opens,
  readLeaf,
  sealLeaf,
} from '../../../src/core/ledger/leaf.ts';
import { leafHash } from '../../../src/core/ledger/merkle.ts';

const salt = 'c2FsdHNhbHRzYWx0c2FsdA';
const entry: LeafEntry = {
  seq: 7,
  at: 1_795_305_600_000,
  type: 'request.denied',
  actor: {
    person: 'per_1',
    kind: 'human',
    via: 'slack',
    account: { platform: 'slack', tenant: 'T1', user: 'U1' },
  },
  subject: { request: 'req_1', person: 'per_2' },
  data: { by: 'per_1' },
};
/** Written down once and never to be changed: leaves of this form exist (law 14). */
const frozenText =
  '{"actor":{"account":{"platform":"slack","tenant":"T1","user":"U1"},"kind":"human","person":"per_1","via":"slack"},' +
  '"at":1795305600000,"data":{"by":"per_1"},"seq":7,"subject":{"person":"per_2","request":"req_1"},' +
  '"type":"request.denied","v":1}';
const frozenHash = 'beaff70927e751fdc71a9054672d8c1fdcdae73ff0d0d0d109200af36c700029';

describe('frozen form', () => {
  it('is this text, and this hash', () => {
    expect(leafText(entry)).toBe(frozenText);
    expect(Buffer.from(leafBytes(entry)).toString()).toBe(frozenText);
    expect(leafHash(leafBytes(entry))).toBe(frozenHash);
  });
  it('holds the commitment to a text, never the text', () => {
    const event = { ...entry, text: { note: 'he left the company' } };
    const { leaf, hash } = sealLeaf(8, event, salt);
    const commitment = commit(salt, event.text);
    expect(leaf).toBe(leafText({ ...entry, seq: 8, commitment }));
    expect(leaf).toContain(`"commitment":"${commitment}"`);
    expect(leaf).not.toContain('company');
    expect(hash).toBe(leafHash(Buffer.from(leaf)));
  });
  it('holds no commitment when there is no text', () => {
    expect(sealLeaf(7, { ...entry, text: undefined }, salt)).toEqual({ leaf: frozenText, hash: frozenHash });
  });
  it('takes every event of the core', () => {
    expectTypeOf<DomainEvent>().toExtend<LeafEvent>();
  });
  test.each<[string, Partial<LeafEntry>, string]>([
    ['a negative number', { seq: -1 }, 'A leaf number'],
    ['half a number', { seq: 0.5 }, 'A leaf number'],
    ['half a millisecond', { at: 0.5 }, 'integer milliseconds'],
    ['no time', { at: Number.NaN }, 'integer milliseconds'],
    ['a commitment that is none', { commitment: 'abc' }, 'commitment'],
    ['data that is not JSON', { data: { at: new Date(0) } }, '$.data.at'],
    ['an undefined id', { subject: { request: undefined } }, '$.subject.request'],
  ])('is refused with %s', (_, change, message) => {
    expect(() => leafText({ ...entry, ...change })).toThrow(message);
  });
});

describe('reading', () => {
  it('gives back what was written', () => {
    const commitment = commit(salt, 'text');
    expect(readLeaf(frozenText)).toEqual({ v: 1, ...entry });
    expect(readLeaf(leafText({ ...entry, commitment }))?.commitment).toBe(commitment);
  });
  test.each([
    ['is not JSON', frozenText.slice(1)],
    ['has a space', frozenText.replace(':', ': ')],
    ['has another order', frozenText.replace('"seq":7,', '').replace('{', '{"seq":7,')],
    ['says a key twice', frozenText.replace('"seq":7,', '"seq":6,"seq":7,')],
    ['spells a number otherwise', frozenText.replace('"seq":7', '"seq":7.0')],
    ['spells a letter otherwise', frozenText.replace('denied', String.raw`d\u0065nied`)],
    ['has one key more', frozenText.replace('"type"', '"tip":1,"type"')],
    ['has one key less', frozenText.replace('"data":{"by":"per_1"},', '')],
    ['has no actor', frozenText.replace(/"actor":.*"via":"slack"\},/, '')],
    ['has an actor without person', frozenText.replace('"person":"per_1",', '')],
    ['is of another version', frozenText.replace('"v":1', '"v":2')],
    ['has a number in words', frozenText.replace('"seq":7', '"seq":"7"')],
    ['has a list for a commitment', frozenText.replace('"data"', `"commitment":["${'0'.repeat(64)}"],"data"`)],
    ['has half a surrogate pair', frozenText.replace('denied', String.raw`\ud83d`)],
    ['is null', 'null'],
    ['is a list', '[]'],
    ['is empty', ''],
    ['is very deep', '['.repeat(100_000) + ']'.repeat(100_000)],
  ])('is refused when the text %s', (_, text) => {
    expect(text).not.toBe(frozenText);
    expect(readLeaf(text)).toBeUndefined();
  });
});

describe('commitment', () => {
  const body = { reason: 'fix INC-42', lines: ['ä', '😀'] };

  it('is HMAC-SHA256 keyed with the salt, over the canonical text', () => {
    const expected = createHmac('sha256', salt).update('{"lines":["ä","😀"],"reason":"fix INC-42"}').digest('hex');
    expect(commit(salt, body)).toBe(expected);
    expect(opens(expected, salt, body)).toBe(true);
    expect(opens(expected, salt, { lines: body.lines, reason: body.reason })).toBe(true);
  });
  it('opens to nothing else', () => {
    const anyBody = fc.jsonValue().map((value) => value as Jsonable);
    fc.assert(
      fc.property(anyBody, anyBody, (one, other) => {
        fc.pre(canonicalize(one) !== canonicalize(other));
        expect(opens(commit(salt, one), salt, one)).toBe(true);
        expect(opens(commit(salt, one), salt, other)).toBe(false);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
  it('does not open with another salt, another commitment, or what could not have been', () => {
    const commitment = commit(salt, body);
    expect(opens(commitment, `${salt}A`, body)).toBe(false);
    expect(opens(commitment.toUpperCase(), salt, body)).toBe(false);
    expect(opens(commitment.slice(1), salt, body)).toBe(false);
    expect(opens('', salt, body)).toBe(false);
    expect(opens(commitment, '', body)).toBe(false);
    expect(opens(commitment, salt, { at: new Date(0) })).toBe(false);
  });
  it('takes only salts that cannot be guessed and that HMAC uses as they are', () => {
    for (const bad of ['', 'short', 'x'.repeat(21), 'x'.repeat(65), `${salt}=`, `${salt}\n`, `${salt}\0`]) {
      expect(() => commit(bad, body), JSON.stringify(bad)).toThrow('A salt is');
    }
    expect(commit('x'.repeat(22), body)).not.toBe(commit('x'.repeat(64), body));
  });
});
