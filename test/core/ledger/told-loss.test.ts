// F13, J02: a log that was put back tells of its own loss, and the heads of what was lost are no tampering. The same words in the
// hand of somebody who can write the store must excuse nothing else.
import { describe, expect, it, test } from 'vitest';
import { signCheckpoint } from '../../../src/core/ledger/checkpoint.ts';
import { sealLeaf } from '../../../src/core/ledger/leaf.ts';
import { leafHash, rootOfLeaves } from '../../../src/core/ledger/merkle.ts';
import { generateKey, parseSigner } from '../../../src/core/ledger/note-key.ts';
import { type StoredLeaf, type Verdict, verifyLedger } from '../../../src/core/ledger/verify.ts';

const origin = 'hallpass/acme';
const key = generateKey(origin);
const signer = parseSigner(key.secret, origin);

type Log = readonly StoredLeaf[];

/** `life` tells one history from another. */
function leafOf(seq: number, life: string, type = 'request.submitted', data: object = { life }): StoredLeaf {
  const actor = { person: 'hallpass', kind: 'system', via: 'store' };
  const event = { at: 1_795_305_600_000 + seq, type, actor, subject: {}, data };
  return { seq, at: event.at, type, ...sealLeaf(seq, event, 'salt-of-every-leaf-here') };
}
function grown(log: Log, life: string, size: number): Log {
  return [...log, ...Array.from({ length: size - log.length }, (_, more) => leafOf(log.length + more, life))];
}
function telling(log: Log, data: object): Log {
  return [...log, leafOf(log.length, '', 'log.rolled_back', { where: 'the file', ...data })];
}
function head(log: Log, size = log.length): string {
  const root = rootOfLeaves(log.slice(0, size).map(({ leaf }) => leafHash(Buffer.from(leaf))));
  return signCheckpoint({ origin, size, root }, signer);
}
function heads(log: Log, ...sizes: readonly number[]): readonly string[] {
  return sizes.map((size) => head(log, size));
}
function audit(entries: Log, kept: readonly (readonly string[])[], stored: readonly string[] = []): Verdict {
  return verifyLedger({ entries, kept, checkpoints: stored, vkeys: [key.vkey] });
}
const codes = ({ findings }: Verdict) => findings.map(({ code, end }) => `${code} ${end}`);

/** 20 entries, a backup of 10, which then goes on to 30; entry 10 tells it. */
const first = grown([], 'first', 20);
const backup = first.slice(0, 10);
const told = telling(backup, { size: 10, seen: 20 });
const now = grown(told, 'second', 30);
const before = heads(first, 5, 10, 12, 14, 20);
const since = heads(now, 11, 14, 30);

describe('a log that tells of what was lost', () => {
  it('is whole since; the heads of what was lost are counted, also where both histories signed one size', () => {
    const verdict = audit(now, [[...before, ...since]], since);
    expect(verdict).toMatchObject({ ok: true, findings: [], proven: 30, size: 30 });
    expect(verdict.lost).toEqual([{ index: 10, size: 10, seen: 20, heads: 3 }]);
  });

  it('is as whole while it is shorter than what was lost', () => {
    const short = now.slice(0, 12);
    const verdict = audit(short, [[...before, head(now, 11)]]);
    expect(verdict).toMatchObject({ ok: true, lost: [{ heads: 3 }], proven: 11 });
  });

  it('is told without a head of it as well', () => {
    expect(audit(now, [], since)).toMatchObject({ ok: true, lost: [{ index: 10, heads: 0 }] });
  });

  it('counts copies once, by the first of a place, and each place by itself', () => {
    expect(audit(now, [[...before, ...since, ...before]])).toMatchObject({ ok: true, lost: [{ heads: 3 }] });
    const elsewhere = [...before, head(first, 18)];
    expect(audit(now, [[...before, ...since], elsewhere])).toMatchObject({ ok: true, lost: [{ heads: 4 }] });
  });

  it('tells each of several losses, of one history within another too', () => {
    const again = grown(telling(now.slice(0, 25), { size: 25, seen: 30 }), 'third', 28);
    const seen = [...before, ...since, ...heads(again, 26, 28)];
    const verdict = audit(again, [seen]);
    expect(verdict).toMatchObject({ ok: true, proven: 28 });
    expect(verdict.lost).toMatchObject([
      { index: 10, heads: 3 },
      { index: 25, heads: 1 },
    ]);
  });

  it('may tell it later, of the size that it was found with: the chat had been away', () => {
    const later = telling(grown(backup, 'second', 13), { size: 10, seen: 20 });
    const seen = [...before, head(later, 12), head(later)];
    expect(audit(later, [seen])).toMatchObject({ ok: true, lost: [{ index: 13, size: 10, heads: 3 }] });
  });
});

describe('such an entry excuses no', () => {
  it('head up to the size that it states', () => {
    const other = grown(backup.slice(0, 8), 'other', 10);
    const forged = grown(telling(other, { size: 10, seen: 20 }), 'second', 30);
    const verdict = audit(forged, [[...before, ...heads(forged, 11, 30)]]);
    expect(codes(verdict)).toEqual(['checkpoint_root_differs 10']);
  });

  it('head beyond what it says was seen', () => {
    const beyond = grown(first, 'first', 40);
    const verdict = audit(now, [[...before, ...heads(beyond, 21, 40), ...since]]);
    expect(codes(verdict)).toEqual(['checkpoint_root_differs 21', 'checkpoint_beyond_log 40']);
  });

  it('head that was kept after one that proves the entry: what it signed was changed since', () => {
    const changed = now.with(15, leafOf(15, 'changed'));
    const seen = [...before, ...heads(now, 11, 14, 16, 18)];
    const verdict = audit(changed, [[...seen, head(changed, 30)]]);
    expect(codes(verdict)).toEqual(['checkpoint_root_differs 16', 'checkpoint_root_differs 18']);
    expect(verdict.lost).toMatchObject([{ heads: 3 }]);
  });

  it('… in any of the places where it was kept', () => {
    const changed = now.with(15, leafOf(15, 'changed'));
    const honest = [head(now, 11), head(now, 16)];
    const turned = [head(now, 16), head(now, 11)];
    expect(codes(audit(changed, [turned, honest]))).toEqual(['checkpoint_root_differs 16']);
  });

  it('head that the store itself keeps', () => {
    const verdict = audit(now, [[...before, ...since]], heads(first, 12));
    expect(codes(verdict)).toEqual(['checkpoint_root_differs 12']);
  });

  it('two heads of one size that are both of this history, or of none', () => {
    const forked = [...before, ...since, head(grown(told, 'fork', 20))];
    expect(codes(audit(now, [forked]))).toEqual(['checkpoint_root_differs 20']);
    const twice = [...before, ...since, head(grown(told, 'fork', 30))];
    expect(codes(audit(now, [twice]))).toEqual(['checkpoint_fork 30', 'checkpoint_root_differs 30']);
  });

  it('head at all before the entry itself is under a signed head that fits', () => {
    const verdict = audit(now, [before]);
    expect(codes(verdict)).toEqual([
      'checkpoint_root_differs 12',
      'checkpoint_root_differs 14',
      'checkpoint_root_differs 20',
    ]);
    expect(verdict.lost).toMatchObject([{ heads: 0 }]);
    expect(audit(now, [before], [head(now, 11)]).ok).toBe(true);
  });

  it('head when somebody made it say more: then nothing that proved it fits any more', () => {
    const wider = grown(telling(backup, { size: 4, seen: 99 }), 'second', 30);
    const verdict = audit(wider, [[...before, ...since]]);
    expect(verdict.ok).toBe(false);
    expect(verdict.lost).toMatchObject([{ heads: 0 }]);
  });

  test.each([
    ['more entries than stand before it', { size: 11, seen: 20 }],
    ['no size', { seen: 20 }],
    ['a size that is none', { size: '0', seen: 20 }],
    ['a negative size', { size: -1, seen: 20 }],
    ['a fraction', { size: 9.5, seen: 20 }],
    ['an end that is none', { size: 10, seen: 1e300 }],
  ])('head when it states %s', (_, data) => {
    const odd = grown(telling(backup, data), 'second', 30);
    const verdict = audit(odd, [[...before, ...heads(odd, 11, 30)]]);
    expect(verdict).toMatchObject({ ok: false, lost: [] });
  });

  it('head when only the column beside another entry says that it is one', () => {
    const data = { size: 10, seen: 20 };
    const plain = grown([...backup, leafOf(10, '', 'request.lapsed', data)], 'second', 30);
    const renamed = plain.with(10, { ...plain[10]!, type: 'log.rolled_back' });
    const verdict = audit(renamed, [[...before, ...heads(plain, 11, 30)]]);
    expect(verdict).toMatchObject({ ok: false, lost: [] });
    expect(codes(verdict)).toContain('columns_differ 11');
  });
});
