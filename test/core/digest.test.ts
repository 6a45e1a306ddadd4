// What was seen is what is granted (law 11): every field is in the digest, and a button says one thing or nothing.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buttonValue, digestOf, readButtonValue } from '../../src/core/digest.ts';
import type { GrantId, JsonObject, JsonValue, Offer, Purpose } from '../../src/core/model.ts';
import { ACCESS, DIGEST, EXTENSION, OFFER, PASS, REQUEST } from './scene.ts';

describe('the digest', () => {
  it('is frozen: cards and orders of yesterday must match today', () => {
    expect(digestOf(ACCESS, OFFER)).toBe('128d5e93a3326e6fe5917626822c5b68');
    expect(digestOf(EXTENSION, OFFER)).toBe('65df71b062b2b51cfe10f0403adf8ff8');
  });

  it('is 32 hex digits, whatever the order of the keys', () => {
    expect(DIGEST).toMatch(/^[0-9a-f]{32}$/);
    const turned = Object.fromEntries(Object.entries(OFFER).reverse()) as unknown as Offer;
    expect(digestOf(ACCESS, turned)).toBe(DIGEST);
  });

  it.each(Object.keys(OFFER) as (keyof Offer)[])('changes with %s', (field) => {
    const other = {
      durationSeconds: 3_601,
      entitlement: { role: 'owner' },
      principal: { ...OFFER.principal, id: '16403' },
    };
    const value = (other as Partial<Record<keyof Offer, unknown>>)[field] ?? `${String(OFFER[field])} `;
    expect(digestOf(ACCESS, { ...OFFER, [field]: value })).not.toBe(DIGEST);
  });

  it('changes with what it is for', () => {
    const other: Purpose = { kind: 'extension', grant: PASS.replace('ONE', 'TWO') as GrantId };
    expect(new Set([ACCESS, EXTENSION, other].map((purpose) => digestOf(purpose, OFFER))).size).toBe(3);
  });

  it('changes with any change at any depth', () => {
    const text = fc.string({ maxLength: 6 });
    const offers = fc.record<Offer>({
      ...{ role: text, target: text, targetKey: text, fingerprint: text, policyVersion: text },
      entitlement: fc.dictionary(text, fc.jsonValue({ maxDepth: 2 }), {
        noNullPrototype: true,
      }) as fc.Arbitrary<JsonObject>,
      principal: fc.record({ id: text, name: text }),
      durationSeconds: fc.integer({ min: 1 }),
    });
    fc.assert(
      fc.property(offers, fc.nat(), text, (offer, at, word) => {
        const places = leaves(offer as unknown as JsonObject);
        const place = places[at % places.length] ?? [];
        const changed = withLeaf(offer as unknown as JsonObject, place, word) as unknown as Offer;
        const same = JSON.stringify(changed) === JSON.stringify(offer);
        expect(digestOf(ACCESS, changed) === digestOf(ACCESS, offer)).toBe(same);
        expect(digestOf(ACCESS, JSON.parse(JSON.stringify(offer)) as Offer)).toBe(digestOf(ACCESS, offer));
      }),
      { seed: 11, numRuns: 2_000 },
    );
  });
});

type Path = readonly string[];

/** Where the values stand that hold no others. */
function leaves(value: JsonValue, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return [path];
  return Object.entries(value).flatMap(([key, inner]: [string, JsonValue]) => leaves(inner, [...path, key]));
}

function withLeaf(value: JsonValue, [key, ...rest]: Path, word: string): JsonValue {
  if (key === undefined) return word;
  if (Array.isArray(value))
    return value.map((inner: JsonValue, index) => (String(index) === key ? withLeaf(inner, rest, word) : inner));
  const inside = value as JsonObject;
  const entries = Object.entries(inside).map(([name, inner]) => [
    name,
    name === key ? withLeaf(inner, rest, word) : inner,
  ]);
  return Object.fromEntries(entries) as JsonObject;
}

const id = fc.tuple(
  fc.constantFrom('req', 'pass'),
  fc.string({ unit: fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'), minLength: 26, maxLength: 26 }),
);
const target = fc.record({
  id: id.map(([prefix, digits]) => `${prefix}_${digits}`),
  revision: fc.integer({ min: 0, max: 999_999 }),
  digest: fc.oneof(
    fc.constant('-'),
    fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 32 }),
  ),
});
const write = ({ id: name, revision, digest }: { id: string; revision: number; digest: string }) =>
  buttonValue(name, revision, digest);

describe('a button', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(target, (said) => {
        expect(readButtonValue(write(said))).toEqual(said);
      }),
      { seed: 1, numRuns: 1_000 },
    );
  });

  it('with any byte changed says nothing, or openly something else: never the same by another text (C02)', () => {
    fc.assert(
      fc.property(target, fc.nat(), fc.integer({ min: 0, max: 255 }), (said, at, byte) => {
        const value = write(said);
        const bytes = Buffer.from(value);
        bytes[at % bytes.length] = byte;
        const flipped = bytes.toString('latin1');
        const read = readButtonValue(flipped);
        if (flipped === value) expect(read).toEqual(said);
        else if (read) {
          expect(write(read)).toBe(flipped);
          expect(read).not.toEqual(said);
        }
      }),
      { seed: 2, numRuns: 20_000 },
    );
  });

  it('with anything inserted, left out or put twice never says the same (C02)', () => {
    fc.assert(
      fc.property(target, fc.nat(), fc.string({ maxLength: 3 }), fc.nat({ max: 3 }), (said, at, more, less) => {
        const value = write(said);
        const cut = at % (value.length + 1);
        const changed = value.slice(0, cut) + more + value.slice(cut + less);
        fc.pre(changed !== value);
        expect(readButtonValue(changed)).not.toEqual(said);
      }),
      { seed: 3, numRuns: 20_000 },
    );
  });

  const value = buttonValue(REQUEST, 1, DIGEST);
  it.each([
    ['nothing', ''],
    ['a line end behind it', `${value}\n`],
    ['a space before it', ` ${value}`],
    ['two of them', `${value}${value}`],
    ['a revision with a zero before it', buttonValue(REQUEST, 1, DIGEST).replace('.1.', '.01.')],
    ['a negative revision', value.replace('.1.', '.-1.')],
    ['a revision in another notation', value.replace('.1.', '.1e0.')],
    ['a revision that is too long', value.replace('.1.', '.1000000.')],
    ['a digest in capitals', value.toUpperCase()],
    ['a short digest', value.slice(0, -1)],
    ['no digest', `${REQUEST}.1.`],
    ['two dashes for the digest', `${REQUEST}.1.--`],
    ['another kind of id', value.replace('req_', 'person_')],
    ['letters that only look alike', value.replace('e', 'е')],
    ['digits of another script', value.replace('.1.', '.١.')],
    ['JSON', JSON.stringify({ id: REQUEST, revision: 1, digest: DIGEST })],
    ['a name that every object has', 'constructor.1.-'],
    ['very much', `${value}${'0'.repeat(100_000)}`],
  ])('is refused with %s', (_, text) => {
    expect(text).not.toBe(value);
    expect(readButtonValue(text)).toBeUndefined();
  });
});
