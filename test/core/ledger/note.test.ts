// Signed notes and their keys: the published notes of C2SP and Go's sumdb/note, and every mangling of them.
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { formatNote, NoteError, parseNote, strictBase64 } from '../../../src/core/ledger/note.ts';
import { generateKey, isSignatureOf, parseSigner, parseVerifierKey } from '../../../src/core/ledger/note-key.ts';
import {
  cryptographyText,
  enoch,
  goSumVkey,
  peter,
  peterWrongKeys,
  salvatoreNote,
  salvatoreText,
} from './vectors/signed-notes.ts';

const peterNote = `${cryptographyText}\n${peter.line}`;

/** Every proper part of a text, and every text with one character moved on by one, as Go's own tests mangle keys. */
function manglings(text: string): readonly string[] {
  const places = Array.from(text, (_, at) => at);
  const parts = places.flatMap((start) => places.map((at) => text.slice(start, at + 1)));
  const moved = places.map((at) => {
    const next = String.fromCharCode(text.charCodeAt(at) + 1);
    return text.slice(0, at) + next + text.slice(at + 1);
  });
  return [...parts, ...moved].filter((part) => part !== text);
}

describe('Go sumdb/note vectors', () => {
  test('TestSign: the signature of PeterNeumann', () => {
    const signer = parseSigner(peter.secret, peter.name);
    const signature = signer.sign(Buffer.from(cryptographyText));
    expect(formatNote({ text: cryptographyText, signatures: [{ ...signer, signature }] })).toBe(peterNote);
    expect(signer).toMatchObject({ name: peter.name, id: 'c74f20a3', vkey: peter.vkey });
  });
  test('TestOpen: a note of PeterNeumann and EnochRoot', () => {
    const { text, signatures } = parseNote(peterNote + enoch.line);
    expect(text).toBe(cryptographyText);
    expect(signatures.map(({ name, id }) => `${name}+${id}`)).toEqual(['PeterNeumann+c74f20a3', 'EnochRoot+af0cfe78']);
    const keys = [peter.vkey, enoch.vkey].map(parseVerifierKey);
    const [ofPeter, ofEnoch] = signatures.map(({ signature }) => signature);
    expect(keys.map((key) => isSignatureOf(key, Buffer.from(text), ofPeter!))).toEqual([true, false]);
    expect(keys.map((key) => isSignatureOf(key, Buffer.from(text), ofEnoch!))).toEqual([false, true]);
    expect(formatNote({ text, signatures })).toBe(peterNote + enoch.line);
  });
  test('TestOpen: a signature that is too long, and one for another text', () => {
    const key = parseVerifierKey(peter.vkey);
    const { signature } = parseNote(`${cryptographyText}\n${peter.line.slice(0, 60)}ABCD${peter.line.slice(60)}`)
      .signatures[0]!;
    expect(isSignatureOf(key, Buffer.from(cryptographyText), signature)).toBe(false);
    const right = parseNote(peterNote).signatures[0]!.signature;
    expect(isSignatureOf(key, Buffer.from(cryptographyText), right)).toBe(true);
    expect(isSignatureOf(key, Buffer.from(`${cryptographyText}\n`), right)).toBe(false);
  });
  test.each([
    ['no signatures at all', cryptographyText],
    ['an empty line and nothing after it', `${cryptographyText}\n`],
    ['no final newline', peterNote.slice(0, -1)],
    ['a control character', `\u0001${peterNote}`],
    ['a tab', `\t${peterNote}`],
    ['a carriage return', peterNote.replaceAll('\n', '\r\n')],
    ['half a surrogate pair', `\ud83d${peterNote}`],
    ['a name with a space', peterNote.replace('PeterNeumann', 'Bad Name')],
    ['a name with a plus', peterNote.replace('PeterNeumann', 'Bad+Name')],
    ['a name with an unusual space', peterNote.replace('PeterNeumann', 'Bad\u2003Name')],
    ['no name', peterNote.replace('PeterNeumann ', '')],
    ['a hyphen for the dash', peterNote.replace('—', '-')],
    ['an unexpected line', `${peterNote}Unexpected line.\n`],
    ['an indented signature', peterNote.replace('—', ' —')],
    ['a trailing space', peterNote.replace('=\n', '= \n')],
    ['base64 without padding', peterNote.replace('=\n', '\n')],
    ['base64 with stray bits', peterNote.replace('nAM=\n', 'nAN=\n')],
    ['base64 of another alphabet', peterNote.replace('/ZJ', '_ZJ')],
    ['a key id and no signature', `${cryptographyText}\n— PeterNeumann x08gow==\n`],
  ])('TestOpen: malformed, with %s', (_, note) => {
    expect(() => parseNote(note)).toThrow(NoteError);
  });
  test('TestNewVerifier: manglings of a verifier key are not accepted', () => {
    expect(parseVerifierKey(peter.vkey)).toMatchObject({ name: 'PeterNeumann', id: 'c74f20a3' });
    for (const vkey of [...manglings(peter.vkey), ...peterWrongKeys]) {
      expect(() => parseVerifierKey(vkey), vkey).toThrow(Error);
    }
  });
  test('TestNewSigner: manglings of a signing key are not accepted, and no error repeats the key', () => {
    const withoutTheSeed = /^(?!.*AYEKFALV).+$/s;
    expect(peter.secret).not.toMatch(withoutTheSeed);
    for (const secret of manglings(peter.secret)) {
      expect(() => parseSigner(secret, peter.name), secret).toThrow(withoutTheSeed);
    }
  });
  test('the key of the Go checksum database', () => {
    expect(parseVerifierKey(goSumVkey)).toMatchObject({ name: 'sum.golang.org', id: '033de0ae' });
  });
});

describe('C2SP signed-note', () => {
  test('the example of the specification, whose text holds an empty line', () => {
    const { text, signatures } = parseNote(salvatoreNote);
    expect(text).toBe(salvatoreText);
    expect(signatures).toHaveLength(1);
    expect(signatures[0]).toMatchObject({ name: 'quasimodo.example/salvatore', id: '367ba04b' });
    expect(signatures[0]!.signature).toHaveLength(64);
    expect(formatNote({ text, signatures })).toBe(salvatoreNote);
  });
  it('accepts 16 signatures and not 17', () => {
    expect(parseNote(`${cryptographyText}\n${peter.line.repeat(16)}`).signatures).toHaveLength(16);
    expect(() => parseNote(`${cryptographyText}\n${peter.line.repeat(17)}`)).toThrow('at most 16');
  });
  it('accepts a megabyte and not a byte more', () => {
    const filler = 'x'.repeat(1_000_000 - Buffer.byteLength(peterNote));
    expect(parseNote(filler + peterNote).signatures).toHaveLength(1);
    expect(() => parseNote(`x${filler}${peterNote}`)).toThrow('at most 1000000 bytes');
  });
  it('writes only text that ends in a newline', () => {
    expect(() => formatNote({ text: 'abc', signatures: [] })).toThrow(NoteError);
  });
  it('reads base64 in one spelling only', () => {
    expect(strictBase64('AQ==')).toEqual(Buffer.of(1));
    for (const text of ['', 'AQ', 'AQ=', 'AR==', 'AQ==\n', ' AQ==', 'A-_=']) {
      expect(strictBase64(text), text).toBeUndefined();
    }
  });
});

describe('keys', () => {
  it('are made in pairs that fit, and sign under their name', () => {
    const { secret, vkey } = generateKey('hallpass/acme');
    const signer = parseSigner(secret, 'hallpass/acme');
    expect(signer.vkey).toBe(vkey);
    const text = Buffer.from('hi\n');
    expect(isSignatureOf(parseVerifierKey(vkey), text, signer.sign(text))).toBe(true);
    expect(generateKey('hallpass/acme').vkey).not.toBe(vkey);
  });
  it('are read from PKCS8 PEM, and are the same key as in note form', () => {
    const seed = Buffer.from(peter.secret.slice(-44), 'base64').subarray(1);
    const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
    const pem = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ format: 'pem', type: 'pkcs8' });
    expect(parseSigner(String(pem), peter.name).vkey).toBe(peter.vkey);
    expect(parseSigner(`${peter.secret}\n`, peter.name).vkey).toBe(peter.vkey);
  });
  it('are refused under another name', () => {
    expect(() => parseSigner(peter.secret, 'hallpass/acme')).toThrow('for PeterNeumann, not for hallpass/acme');
    for (const name of ['', 'a b', 'a+b', 'a\nb', 'a\u00a0b', 'a\u0085b', 'a\u0000b', '\ud83d']) {
      expect(() => generateKey(name), JSON.stringify(name)).toThrow('Not a key name');
      expect(() => parseSigner(peter.secret, name), JSON.stringify(name)).toThrow('Not a key name');
    }
  });
  it('are refused when they are not Ed25519, not secret, or locked', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const ed = generateKeyPairSync('ed25519').privateKey;
    const locked = ed.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' });
    const others = [
      rsa.export({ format: 'pem', type: 'pkcs8' }),
      createPublicKey(ed).export({ format: 'pem', type: 'spki' }),
      locked,
      '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----',
    ];
    for (const pem of others) expect(() => parseSigner(String(pem), 'a')).toThrow('not an unencrypted Ed25519 key');
    expect(() => parseSigner(peter.vkey, peter.name)).toThrow('PRIVATE+KEY');
  });
});
