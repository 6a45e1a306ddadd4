// Who a person is in a target: exact, or refused. A wrong name would give access to somebody else.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameInTarget, People } from '../../src/lib/people-map.ts';
import { AdapterError } from '../../src/ports/grant-adapter.ts';

function nameOf(people: unknown, email: string | undefined): string {
  return nameInTarget(People.parse(people), { id: 'per_1', name: 'Somebody', email });
}
function refusal(people: unknown, email: string | undefined): AdapterError {
  try {
    nameOf(people, email);
  } catch (cause) {
    if (cause instanceof AdapterError) return cause;
    throw cause;
  }
  throw new Error('was not refused');
}

describe('a pattern', () => {
  it.each([
    ['{mail.local}', 'Ana@Acme.TEST', 'ana'],
    ['{mail}', 'Ana@Acme.TEST', 'ana@acme.test'],
    ['jit_{mail.local}', 'ana@acme.test', 'jit_ana'],
    ['{mail.local}_ro', 'ana.b-c_d@acme.test', 'ana.b-c_d_ro'],
    ['{mail.local}', 'ana+ops@acme.test', 'ana+ops'],
  ])('%s of %s is %s', (pattern, email, name) => {
    expect(nameOf(pattern, email)).toBe(name);
  });

  it.each([
    ["o'brien@acme.test", 'a quote'],
    ['"a b"@acme.test', 'a quoted part'],
    ['ana/../ben@acme.test', 'a path'],
    ['$&@acme.test', 'what a replacement would read as the match'],
    ['\u212Aate@acme.test', 'KELVIN SIGN, which lower-cases to k'],
    ['аna@acme.test', 'a Cyrillic a'],
    ['ana@acme.test\n', 'a line end'],
    [' ana@acme.test', 'a blank'],
    ['ana', 'no domain'],
    ['@acme.test', 'no local part'],
    ['ana@ben@acme.test', 'two of them'],
    ['', 'nothing'],
    [`${'a'.repeat(250)}@acme.test`, 'too long'],
  ])('refuses %j: %s', (email) => {
    const fault = refusal('{mail.local}', email);
    expect([fault.fault, fault.changed]).toEqual(['missing', 'no']);
    expect(fault.message).toMatch(/Ask an operator/);
  });

  it('refuses a person without an address, and says what to do', () => {
    expect(refusal('{mail}', undefined).message).toMatch(/Ask an operator/);
  });

  it('with domains keeps people of other domains out', () => {
    const people = { pattern: '{mail.local}', domains: ['ACME.test'] };
    expect(nameOf(people, 'bob@Acme.test')).toBe('bob');
    for (const email of ['bob@agency.test', 'bob@acme.test.evil.test', 'bob@sub.acme.test', 'bob@xacme.test']) {
      expect(refusal(people, email).message).toMatch(/domain/);
    }
  });

  it('never makes one name of two addresses of one domain', () => {
    const local = fc.stringMatching(/^[a-z0-9._+-]{1,12}$/);
    fc.assert(
      fc.property(local, local, (a, b) => {
        fc.pre(a !== b);
        expect(nameOf('{mail.local}', `${a}@acme.test`)).not.toBe(nameOf('{mail.local}', `${b}@acme.test`));
      }),
    );
  });

  it.each([
    '',
    'ana',
    '{mail.domain}',
    '{mail.local}{mail.local}',
    '{mail} {mail}',
    '"{mail}"',
    '{mail.local}\n',
    '{Mail}',
    '{mail}; drop',
    5,
    null,
  ])('%j is no pattern', (pattern) => {
    expect(People.safeParse(pattern).success).toBe(false);
  });

  it.each([
    { pattern: '{mail.local}' },
    { pattern: '{mail.local}', domains: [] },
    { pattern: '{mail.local}', domains: ['acme test'] },
    { pattern: 'ana', domains: ['acme.test'] },
    { pattern: '{mail}', domains: ['acme.test'], more: 1 },
  ])('%o is no setting', (people) => {
    expect(People.safeParse(people).success).toBe(false);
  });
});

describe('a list', () => {
  const people = { 'Ana@Acme.test': 'Ana_RO', "o'brien@acme.test": 'obrien' };

  it('finds people whatever the case of the address, and keeps the name as it is written', () => {
    expect(nameOf(people, 'ana@acme.TEST')).toBe('Ana_RO');
    expect(nameOf(people, "O'Brien@acme.test")).toBe('obrien');
  });

  it('never falls back to the address itself', () => {
    for (const email of ['ben@acme.test', 'ana@agency.test', 'ana+x@acme.test', 'constructor@acme.test', '__proto__']) {
      expect(refusal(people, email).fault).toBe('missing');
    }
  });

  it.each([
    [{ 'ana@acme.test': 'a', 'ANA@acme.test': 'b' }, 'twice'],
    [{ ana: 'a' }, 'no address'],
    [{ 'ana@acme.test': '' }, 'no name'],
    [{ 'ana@acme.test': 'a\0b' }, 'a NUL'],
    [{ 'ana@acme.test': 'a\u202Eb' }, 'text that turns around'],
    [{ 'ana@acme.test': 5 }, 'no text'],
    [{ '\u212Aate@acme.test': 'kate' }, 'KELVIN SIGN'],
  ])('%o is refused: %s', (wrong, _) => {
    expect(People.safeParse(wrong).success).toBe(false);
  });

  it('says which address is listed twice', () => {
    const parsed = People.safeParse({ 'ana@acme.test': 'a', 'ANA@acme.test': 'b' });
    expect(JSON.stringify(parsed.error?.issues)).toContain('listed twice');
  });
});
