// Checkpoints: the published examples, the round trip, and everything that must not pass for one.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  type Checkpoint,
  checkpointText,
  parseCheckpoint,
  signCheckpoint,
  verifyCheckpoint,
} from '../../../src/core/ledger/checkpoint.ts';
import { emptyRoot, leafHash } from '../../../src/core/ledger/merkle.ts';
import { formatNote, NoteError, splitNotes } from '../../../src/core/ledger/note.ts';
import { generateKey, parseSigner } from '../../../src/core/ledger/note-key.ts';
import { cryptographyText, goSumNote, goSumVkey, peter, sofaNote } from './vectors/signed-notes.ts';

const origin = 'hallpass/acme';
const key = generateKey(origin);
const signer = parseSigner(key.secret, origin);
const rotated = generateKey(origin);
const checkpoint: Checkpoint = { origin, size: 20852163, root: leafHash(Buffer.from('a')) };
const note = signCheckpoint(checkpoint, signer);

describe('a file of checkpoints', () => {
  const second = signCheckpoint({ ...checkpoint, size: checkpoint.size + 1 }, signer);
  it('falls into its checkpoints, whatever ends of lines they were written with', () => {
    expect(splitNotes('')).toEqual([]);
    expect(splitNotes('\n')).toEqual([]);
    expect(splitNotes(note)).toEqual([note]);
    expect(splitNotes(`${note}\n${second}\n`)).toEqual([note, second]);
    expect(splitNotes(`${note}\n\n${second}`)).toEqual([note, second]);
  });
  it('keeps one with several signatures whole, and one that was cut off apart from the others', () => {
    const twice = signCheckpoint(checkpoint, parseSigner(rotated.secret, origin)).split('\n\n')[1] ?? '';
    expect(splitNotes(`${note}${twice}\n${second}`)).toEqual([`${note}${twice}`, second]);
    const cut = `${origin}\n77\n`;
    expect(splitNotes(`${note}\n${cut}`)).toEqual([`${note}\n${cut}`]);
    expect(splitNotes(`${cut}\n${note}`)).toEqual([cut, note]);
  });
});

describe('published checkpoints', () => {
  const sofa = {
    origin: 'example.com/behind-the-sofa',
    size: 20852163,
    root: '0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62',
  };
  test('C2SP tlog-checkpoint: the example of the specification', () => {
    const { signatures, checkpoint: read, text } = parseCheckpoint(sofaNote);
    expect(read).toEqual(sofa);
    expect(checkpointText(read)).toBe(text);
    expect(formatNote({ text, signatures })).toBe(sofaNote);
    expect(signatures[0]).toMatchObject({ name: sofa.origin, id: '033de0ae' });
    expect(verifyCheckpoint(sofaNote, goSumVkey).kind).toBe('unknown_key');
  });
  test('C2SP tlog-checkpoint: the example was signed by the Go checksum database under its own name', () => {
    const original = sofaNote
      .replace(/^example.com\/behind-the-sofa\n/, 'go.sum database tree\n')
      .replace('— example.com/behind-the-sofa', '— sum.golang.org');
    expect(verifyCheckpoint(original, goSumVkey, 'go.sum database tree').kind).toBe('good');
  });
  test('the Go checksum database, 2024-09-23', () => {
    expect(verifyCheckpoint(goSumNote, goSumVkey, 'go.sum database tree')).toMatchObject({
      kind: 'good',
      checkpoint: { origin: 'go.sum database tree', size: 30055305 },
    });
    expect(verifyCheckpoint(goSumNote, goSumVkey).kind).toBe('wrong_origin');
    expect(verifyCheckpoint(goSumNote.replace('30055305', '30055306'), goSumVkey).kind).toBe('bad_signature');
  });
});

describe('round trip', () => {
  test('the body is origin, size and root, a line each', () => {
    expect(checkpointText({ origin, size: 0, root: emptyRoot })).toBe(
      'hallpass/acme\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n',
    );
  });
  it('reads back what was signed, at any size', () => {
    const anySize = fc.maxSafeNat();
    const anyRoot = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));
    fc.assert(
      fc.property(anySize, anyRoot, (size, root) => {
        const facts = { origin, size, root };
        expect(verifyCheckpoint(signCheckpoint(facts, signer), key.vkey)).toEqual({ kind: 'good', checkpoint: facts });
      }),
      { seed: 1, numRuns: 200 },
    );
  });
  it('any character changed anywhere is noticed', () => {
    const characters = Array.from(note);
    characters.forEach((character, at) => {
      const other = character === 'A' ? 'B' : 'A';
      const changed = characters.with(at, other).join('');
      expect(verifyCheckpoint(changed, key.vkey).kind, `character ${at}`).not.toBe('good');
      expect(verifyCheckpoint(characters.toSpliced(at, 1).join(''), key.vkey).kind, `without ${at}`).not.toBe('good');
    });
  });
});

describe('who signed', () => {
  it('while a key is replaced both sign, and either is enough', () => {
    const both = signCheckpoint(checkpoint, signer, parseSigner(rotated.secret, origin));
    expect(verifyCheckpoint(both, key.vkey).kind).toBe('good');
    expect(verifyCheckpoint(both, rotated.vkey).kind).toBe('good');
    expect(verifyCheckpoint(both, [key.vkey, rotated.vkey]).kind).toBe('good');
  });
  it('is nobody we know', () => {
    expect(verifyCheckpoint(note, rotated.vkey)).toEqual({ kind: 'unknown_key', checkpoint });
    expect(verifyCheckpoint(note, []).kind).toBe('unknown_key');
  });
  it('is rejected as a whole when one known key fails, though another holds', () => {
    const both = signCheckpoint(checkpoint, signer, parseSigner(rotated.secret, origin));
    const other = signCheckpoint({ ...checkpoint, size: 1 }, parseSigner(rotated.secret, origin));
    const forged = [...both.split('\n').slice(0, -2), ...other.split('\n').slice(-2)].join('\n');
    expect(verifyCheckpoint(forged, key.vkey).kind).toBe('good');
    expect(verifyCheckpoint(forged, [key.vkey, rotated.vkey]).kind).toBe('bad_signature');
  });
  it('cannot speak for another log', () => {
    expect(() => signCheckpoint({ ...checkpoint, origin: 'hallpass/other' }, signer)).toThrow(
      'cannot sign for the log',
    );
    const text = checkpointText({ ...checkpoint, origin: 'hallpass/other' });
    const signature = signer.sign(Buffer.from(text));
    const forged = formatNote({ text, signatures: [{ name: signer.name, id: signer.id, signature }] });
    expect(verifyCheckpoint(forged, key.vkey).kind).toBe('wrong_origin');
    expect(verifyCheckpoint(note, key.vkey, 'hallpass/other').kind).toBe('wrong_origin');
  });
  it('needs keys that are keys', () => {
    expect(() => verifyCheckpoint(note, 'hallpass/acme')).toThrow('name+id+base64');
  });
});

describe('what is no checkpoint', () => {
  const [, size = '', root = ''] = note.split('\n');
  const signed = (text: string): string => {
    const signature = signer.sign(Buffer.from(text));
    return formatNote({ text, signatures: [{ name: signer.name, id: signer.id, signature }] });
  };
  test('the same text in the exact form is one', () => {
    expect(verifyCheckpoint(signed(`${origin}\n${size}\n${root}\n`), key.vkey).kind).toBe('good');
  });
  test.each([
    ['a leading zero', `${origin}\n0${size}\n${root}\n`],
    ['two zeros', `${origin}\n00\n${root}\n`],
    ['a sign', `${origin}\n+1\n${root}\n`],
    ['a negative size', `${origin}\n-1\n${root}\n`],
    ['a space', `${origin}\n 1\n${root}\n`],
    ['an exponent', `${origin}\n1e3\n${root}\n`],
    ['hex', `${origin}\n0x10\n${root}\n`],
    ['digits of another script', `${origin}\n١\n${root}\n`],
    ['a size beyond 2^53', `${origin}\n9007199254740993\n${root}\n`],
    ['no size', `${origin}\n\n${root}\n`],
    ['no origin', `\n${size}\n${root}\n`],
    ['no root', `${origin}\n${size}\n`],
    ['a root of 31 bytes', `${origin}\n${size}\n${Buffer.alloc(31).toString('base64')}\n`],
    ['a root of 33 bytes', `${origin}\n${size}\n${Buffer.alloc(33).toString('base64')}\n`],
    ['a root without padding', `${origin}\n${size}\n${root.slice(0, -1)}\n`],
    ['a root in hex', `${origin}\n${size}\n${checkpoint.root}\n`],
    ['an extension line', `${origin}\n${size}\n${root}\nmore\n`],
    ['an empty line', `${origin}\n${size}\n${root}\n\n`],
    ['another text', cryptographyText],
  ])('malformed although signed: %s', (_, text) => {
    expect(verifyCheckpoint(signed(text), key.vkey).kind).toBe('malformed');
    expect(() => parseCheckpoint(signed(text))).toThrow(NoteError);
  });
  it('a note of another kind, no note, nothing', () => {
    expect(verifyCheckpoint(`${cryptographyText}\n${peter.line}`, peter.vkey).kind).toBe('malformed');
    expect(verifyCheckpoint('', key.vkey).kind).toBe('malformed');
    expect(verifyCheckpoint(note.trimEnd(), key.vkey).kind).toBe('malformed');
  });
  it('is not signed by us', () => {
    for (const wrong of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => signCheckpoint({ ...checkpoint, size: wrong }, signer)).toThrow('a size and a SHA-256 root');
    }
    expect(() => signCheckpoint({ ...checkpoint, root: 'abc' }, signer)).toThrow('a size and a SHA-256 root');
    expect(() => checkpointText({ ...checkpoint, origin: '' })).toThrow('one line');
    expect(() => checkpointText({ ...checkpoint, origin: 'a\n9' })).toThrow('one line');
  });
});
