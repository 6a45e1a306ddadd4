// The audit of a whole ledger: what was changed is found, where it was changed, and nothing else is (threats J01–J04).
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { signCheckpoint } from '../../../src/core/ledger/checkpoint.ts';
import type { Finding } from '../../../src/core/ledger/finding.ts';
import { sealLeaf } from '../../../src/core/ledger/leaf.ts';
import { emptyRoot, leafHash, rootOfLeaves } from '../../../src/core/ledger/merkle.ts';
import { generateKey, parseSigner } from '../../../src/core/ledger/note-key.ts';
import {
  type LedgerEvidence,
  openVerifier,
  type StoredLeaf,
  type Verdict,
  verifyLedger,
} from '../../../src/core/ledger/verify.ts';

const origin = 'hallpass/acme';
const key = generateKey(origin);
const signer = parseSigner(key.secret, origin);
const SIZE = 24;
const CHECKPOINT_EVERY = 8;

/** Odd leaves have personal text; leaf 3 had one, since erased. */
function storedLeaf(seq: number): StoredLeaf {
  const text = seq % 2 === 1 ? { reason: `reason ${seq}` } : undefined;
  const salt = `salt-of-leaf-number-${String(seq).padStart(4, '0')}`;
  const at = 1_795_305_600_000 + seq * 1_000;
  const actor = { person: 'per_1', kind: 'human', via: 'slack' };
  const event = { at, type: 'request.submitted', actor, subject: { request: `req_${seq}` }, data: { n: seq }, text };
  const row = { seq, at, type: event.type, salt, ...sealLeaf(seq, event, salt) };
  return text === undefined || seq === 3 ? row : { ...row, text };
}
function rootOfRows(rows: readonly StoredLeaf[]): string {
  return rootOfLeaves(rows.map((row) => leafHash(Buffer.from(row.leaf))));
}
function checkpointOf(rows: readonly StoredLeaf[], size: number): string {
  return signCheckpoint({ origin, size, root: rootOfRows(rows.slice(0, size)) }, signer);
}
/** What a forger with write access to everything but the key would store: all but the root is made to fit. */
function rewritten(row: StoredLeaf): StoredLeaf {
  const leaf = row.leaf.replace('per_1', 'per_9');
  return { ...row, leaf, hash: leafHash(Buffer.from(leaf)) };
}

const rows = Array.from({ length: SIZE }, (_, seq) => storedLeaf(seq));
const sizes = [CHECKPOINT_EVERY, 2 * CHECKPOINT_EVERY, SIZE];
const checkpoints = sizes.map((size) => checkpointOf(rows, size));
const head = { size: SIZE, rootHex: rootOfRows(rows) };

function audit(entries: readonly StoredLeaf[], evidence: Partial<LedgerEvidence> = {}): Verdict {
  return verifyLedger({ entries, checkpoints, vkeys: [key.vkey], ...evidence });
}
function codes(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ code }) => code);
}

describe('a ledger as it was written', () => {
  it('is found in order, whole and proven', () => {
    expect(audit(rows, { head })).toEqual({
      ok: true,
      size: SIZE,
      root: head.rootHex,
      proven: SIZE,
      erased: 1,
      lost: [],
      findings: [],
      more: 0,
    });
  });
  it('may be empty', () => {
    const nothing = { checkpoints: [], head: { size: 0, rootHex: emptyRoot } };
    expect(audit([], nothing)).toMatchObject({ ok: true, size: 0, root: emptyRoot, proven: 0 });
    const first = signCheckpoint({ origin, size: 0, root: emptyRoot }, signer);
    expect(audit([], { checkpoints: [first] })).toMatchObject({ ok: true, proven: 0 });
  });
  it('says how far it is signed for, which without checkpoints is nowhere', () => {
    expect(audit(rows, { checkpoints: [] })).toMatchObject({ ok: true, proven: 0, size: SIZE });
    expect(audit(rows, { checkpoints: [checkpoints[0]!] })).toMatchObject({ ok: true, proven: CHECKPOINT_EVERY });
  });
  it('takes checkpoints in any order and any number of copies', () => {
    const copies = [...checkpoints, ...[...checkpoints].reverse()];
    expect(audit(rows, { checkpoints: copies, head }).ok).toBe(true);
  });
  it('comes leaf by leaf too', () => {
    const verifier = openVerifier({ checkpoints, vkeys: [key.vkey], head });
    for (const row of rows) verifier.add(row);
    expect(verifier.finish()).toEqual(audit(rows, { head }));
  });
  it('I07 stays provable when every personal text is erased', () => {
    const erased = rows.map(({ text: _, salt: __, ...row }) => row);
    expect(audit(erased, { head })).toMatchObject({ ok: true, proven: SIZE, erased: SIZE / 2 });
  });
});

describe('J01 a row edited or deleted', () => {
  const anyIndex = fc.nat({ max: SIZE - 1 });
  const otherCharacter = (text: string, place: number, character: string): string => {
    const at = place % text.length;
    return text.slice(0, at) + (text[at] === character ? '~' : character) + text.slice(at + 1);
  };
  interface Mutation {
    readonly what: string;
    /** The mutated log. */
    readonly entries: readonly StoredLeaf[];
    readonly codes: readonly string[];
  }
  function mutate(kind: number, index: number, place: number, character: string): Mutation {
    const row = rows[index]!;
    const put = (change: Partial<StoredLeaf>): readonly StoredLeaf[] => rows.with(index, { ...row, ...change });
    switch (kind) {
      case 0:
        return {
          what: 'leaf',
          entries: put({ leaf: otherCharacter(row.leaf, place, character) }),
          codes: ['leaf_changed'],
        };
      case 1:
        return {
          what: 'hash',
          entries: put({ hash: otherCharacter(row.hash, place, character) }),
          codes: ['leaf_changed'],
        };
      case 2:
        return { what: 'time', entries: put({ at: row.at + 1 + place }), codes: ['columns_differ'] };
      case 3:
        return {
          what: 'type',
          entries: put({ type: otherCharacter(row.type, place, character) }),
          codes: ['columns_differ'],
        };
      case 4:
        return { what: 'text', entries: put({ text: { reason: character + place } }), codes: ['text_changed'] };
      case 5:
        return row.text === undefined
          ? { what: 'text added', entries: put({ text: {} }), codes: ['text_changed'] }
          : {
              what: 'salt',
              entries: put({ salt: otherCharacter(row.salt!, place, character) }),
              codes: ['text_changed'],
            };
      case 6:
        return { what: 'deleted', entries: rows.toSpliced(index, 1), codes: ['leaf_missing', 'checkpoint_beyond_log'] };
      case 7:
        return { what: 'number', entries: put({ seq: row.seq + 1 + (place % 5) }), codes: ['leaf_missing'] };
      default:
        return { what: 'doubled', entries: rows.toSpliced(index, 0, row), codes: ['leaf_out_of_order'] };
    }
  }

  it('is found at its index, in each of 10 000 random edits', { timeout: 60_000 }, () => {
    const last = { checkpoints: checkpoints.slice(-1) };
    const seen = new Map<string, number>();
    const anyCharacter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCXYZ0123456789{}[]",:_- ');
    fc.assert(
      fc.property(
        fc.nat({ max: 8 }),
        anyIndex,
        fc.nat({ max: 10_000 }),
        anyCharacter,
        (kind, index, place, character) => {
          const mutation = mutate(kind, index, place, character);
          const { ok, findings } = audit(mutation.entries, last);
          expect(ok, mutation.what).toBe(false);
          expect(findings[0]!.index, mutation.what).toBe(index);
          expect(mutation.codes, mutation.what).toContain(findings[0]!.code);
          seen.set(mutation.what, (seen.get(mutation.what) ?? 0) + 1);
        },
      ),
      { seed: 20_261_122, numRuns: 10_000 },
    );
    expect([...seen.values()].every((count) => count > 300)).toBe(true);
    expect(seen.size).toBe(10);
  });

  it('is found between two checkpoints when leaf, hash, columns and head were all made to fit', () => {
    for (const index of rows.keys()) {
      const entries = rows.with(index, rewritten(rows[index]!));
      const fitting = { size: SIZE, rootHex: rootOfRows(entries) };
      const { ok, findings, proven } = audit(entries, { head: fitting });
      const from = index - (index % CHECKPOINT_EVERY);
      expect(ok).toBe(false);
      expect(findings[0]).toMatchObject({ code: 'checkpoint_root_differs', index: from, end: from + CHECKPOINT_EVERY });
      expect(new Set(codes(findings))).toEqual(new Set(['checkpoint_root_differs']));
      expect(proven).toBe(from);
    }
  });
  it('is found when two leaves changed places, with or without their columns', () => {
    const [fifth, sixth] = [rows[5]!, rows[6]!];
    const swapped = rows.with(5, sixth).with(6, fifth);
    expect(audit(swapped).findings[0]).toEqual({ code: 'leaf_missing', index: 5, end: 6 });
    const renumbered = rows.with(5, { ...sixth, seq: 5 }).with(6, { ...fifth, seq: 6 });
    expect(audit(renumbered).findings[0]).toEqual({ code: 'columns_differ', index: 5, end: 6 });
  });
  it('is found when one was put in', () => {
    const forged = { ...rewritten(rows[5]!), seq: 6 };
    const later = rows.slice(6).map((row) => ({ ...row, seq: row.seq + 1 }));
    const { findings, proven } = audit([...rows.slice(0, 6), forged, ...later]);
    expect(findings[0]).toEqual({ code: 'columns_differ', index: 6, end: 7 });
    expect(codes(findings)).toContain('checkpoint_root_differs');
    expect(proven).toBe(0);
  });
  it('is found with a gap over a checkpoint', () => {
    const { findings, size, proven } = audit(rows.toSpliced(6, 4));
    expect(findings).toEqual([
      { code: 'leaf_missing', index: 6, end: 10 },
      { code: 'checkpoint_root_differs', index: 0, end: 16, checkpoint: 1 },
      { code: 'checkpoint_root_differs', index: 0, end: 24, checkpoint: 2 },
      { code: 'checkpoint_root_differs', index: 0, end: 8, checkpoint: 0 },
    ]);
    expect({ size, proven }).toEqual({ size: SIZE, proven: 0 });
  });
  it('is found with a number that is none', () => {
    for (const seq of [Number.NaN, -1, 0.5, Number.POSITIVE_INFINITY, 1e300]) {
      const { findings } = audit(rows.with(4, { ...rows[4]!, seq }));
      expect(findings[0], String(seq)).toEqual({ code: 'leaf_out_of_order', index: 4, end: 5 });
    }
  });
  it('is found in a leaf that is of no known form, though its hash fits', () => {
    const leaf = rows[9]!.leaf.replace('"v":1', '"v":2');
    const { findings } = audit(rows.with(9, { ...rows[9]!, leaf, hash: leafHash(Buffer.from(leaf)) }));
    expect(findings[0]).toEqual({ code: 'leaf_unreadable', index: 9, end: 10 });
  });
  it('is found in a salt that was lost while the text stayed', () => {
    const { salt: _, ...row } = rows[5]!;
    expect(audit(rows.with(5, row)).findings).toEqual([{ code: 'text_changed', index: 5, end: 6 }]);
  });
});

describe('J02 the tail cut', () => {
  test.each([1, 7, 8, 9, SIZE])(
    'by %i leaves is found by the checkpoint behind it, though the head was made to fit',
    (cut) => {
      const entries = rows.slice(0, SIZE - cut);
      const { ok, findings } = audit(entries, { head: { size: entries.length, rootHex: rootOfRows(entries) } });
      expect(ok).toBe(false);
      expect(findings.filter(({ code }) => code !== 'checkpoint_beyond_log')).toEqual([]);
      expect(findings.at(-1)).toMatchObject({
        code: 'checkpoint_beyond_log',
        index: SIZE - cut,
        end: SIZE,
        checkpoint: 2,
      });
    },
  );
  it('is found by the head when no checkpoint reaches that far', () => {
    const evidence = { checkpoints: checkpoints.slice(0, 2), head };
    const { findings, proven } = audit(rows.slice(0, 20), evidence);
    expect(findings).toEqual([{ code: 'head_differs', index: 16, end: SIZE }]);
    expect(proven).toBe(16);
  });
  it('is told from a head that was changed, in root or size', () => {
    for (const wrong of [
      { ...head, rootHex: emptyRoot },
      { ...head, size: SIZE - 1 },
      { ...head, size: SIZE + 1 },
    ]) {
      expect(codes(audit(rows, { head: wrong }).findings)).toEqual(['head_differs']);
    }
  });
});

describe('J03 the whole log rewritten with the stolen key', () => {
  it('is found by any checkpoint that was posted before', () => {
    const other = rows.map((row, seq) => (seq === 5 ? rewritten(row) : row));
    const resigned = sizes.map((size) => checkpointOf(other, size));
    expect(audit(other, { checkpoints: resigned, head: { size: SIZE, rootHex: rootOfRows(other) } }).ok).toBe(true);
    const { findings } = audit(other, { checkpoints: [...resigned, checkpoints[0]!] });
    expect(codes(findings)).toEqual(['checkpoint_fork', 'checkpoint_root_differs']);
  });
});

describe('J04 two logs shown', () => {
  it('is a fork: two roots signed for one size, whichever of them the log has', () => {
    const other = rows.map((row, seq) => (seq === 18 ? rewritten(row) : row));
    const shown = [...checkpoints, checkpointOf(other, SIZE)];
    const fork = { code: 'checkpoint_fork', index: 0, end: SIZE, checkpoint: 3 };
    const { ok, findings, proven } = audit(rows, { checkpoints: shown });
    expect(ok).toBe(false);
    expect(findings).toEqual([fork, { code: 'checkpoint_root_differs', index: 16, end: SIZE, checkpoint: 3 }]);
    expect(proven).toBe(SIZE);
    const seenFromThere = audit(other, { checkpoints: shown });
    expect(seenFromThere.findings).toEqual([
      fork,
      { code: 'checkpoint_root_differs', index: 16, end: SIZE, checkpoint: 2 },
    ]);
  });
});

describe('checkpoints that prove nothing', () => {
  const stranger = generateKey('hallpass/other');
  const elsewhere = { origin: 'hallpass/other', size: CHECKPOINT_EVERY, root: head.rootHex };
  const bad = [
    'not a note',
    checkpoints[0]!.replace(`\n${CHECKPOINT_EVERY}\n`, `\n${CHECKPOINT_EVERY + 1}\n`),
    signCheckpoint(elsewhere, parseSigner(stranger.secret, elsewhere.origin)),
  ];
  it('are told, each with its place, and do not count', () => {
    const { ok, findings, proven } = audit(rows, { checkpoints: bad });
    expect(ok).toBe(false);
    expect(findings).toEqual([
      { code: 'checkpoint_malformed', index: 0, end: 0, checkpoint: 0 },
      { code: 'checkpoint_bad_signature', index: 0, end: 0, checkpoint: 1 },
      { code: 'checkpoint_unknown_key', index: 0, end: 0, checkpoint: 2 },
    ]);
    expect(proven).toBe(0);
  });
  it("are told when they are another log's", () => {
    const { findings } = audit(rows, { checkpoints: bad.slice(2), vkeys: [key.vkey, stranger.vkey], origin });
    expect(codes(findings)).toEqual(['checkpoint_wrong_origin']);
  });
  it('do not take away what the good ones prove', () => {
    const { ok, proven } = audit(rows, { checkpoints: [...bad, ...checkpoints] });
    expect({ ok, proven }).toEqual({ ok: false, proven: SIZE });
  });
  it('need keys to go by', () => {
    expect(() => audit(rows, { vkeys: [] })).toThrow('needs the public key');
    expect(() => audit(rows, { vkeys: [key.vkey, stranger.vkey] })).toThrow(
      'several logs: hallpass/acme, hallpass/other',
    );
    expect(() => audit(rows, { vkeys: ['hallpass/acme'] })).toThrow('name+id+base64');
  });
});

it('counts findings beyond the first thousand without keeping them', () => {
  const many = Array.from({ length: 1_200 }, () => ({ ...rows[0]!, hash: emptyRoot }));
  const { findings, more, ok } = audit(many, { checkpoints: [] });
  expect(ok).toBe(false);
  expect(findings).toHaveLength(1_000);
  expect(more).toBe(200);
});
