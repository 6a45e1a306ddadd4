// RFC 6962 hashing and proofs: the Certificate Transparency reference tree by name, and an independent recomputation.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  appendLeaf,
  emptyFrontier,
  emptyRoot,
  type Frontier,
  type Hash,
  leafHash,
  nodeHash,
  rootOf,
  rootOfLeaves,
} from '../../../src/core/ledger/merkle.ts';
import { consistencyProof, inclusionProof, rootAt, treeOf } from '../../../src/core/ledger/proof.ts';
import { verifyConsistency, verifyInclusion } from '../../../src/core/ledger/proof-check.ts';
import { consistencies, emptyTreeRoot, inputs, paths, roots } from './vectors/certificate-transparency.ts';

const reference = inputs.map((hex) => leafHash(Buffer.from(hex, 'hex')));

function numberedLeaves(count: number): readonly Hash[] {
  return Array.from({ length: count }, (_, at) => leafHash(Buffer.from(`leaf ${at}`)));
}
function frontierOf(leaves: readonly Hash[]): Frontier {
  return leaves.reduce(appendLeaf, emptyFrontier);
}
/** RFC 6962 §2.1 word for word, sharing nothing with the code under test. */
function definition(leaves: readonly Hash[]): Hash {
  if (leaves.length === 0) return createHash('sha256').digest('hex');
  if (leaves.length === 1) return leaves[0]!;
  const k = 2 ** Math.floor(Math.log2(leaves.length - 1));
  const node = createHash('sha256').update(Uint8Array.of(1));
  for (const half of [leaves.slice(0, k), leaves.slice(k)]) node.update(Buffer.from(definition(half), 'hex'));
  return node.digest('hex');
}
/** Every hash with one of its 256 bits turned. */
function turned(hash: Hash, bit: number): Hash {
  const bytes = Buffer.from(hash, 'hex');
  bytes[bit >> 3]! ^= 1 << (bit & 7);
  return bytes.toString('hex');
}

describe('Certificate Transparency reference tree', () => {
  test('root of the empty tree', () => {
    expect(emptyRoot).toBe(emptyTreeRoot);
    expect(rootOf(emptyFrontier)).toBe(emptyTreeRoot);
    expect(rootOfLeaves([])).toBe(emptyTreeRoot);
    expect(rootAt(treeOf([]), 0)).toBe(emptyTreeRoot);
  });
  test.each(roots.map((root, at) => ({ size: at + 1, root })))('root of $size leaves', ({ size, root }) => {
    expect(rootOf(frontierOf(reference.slice(0, size)))).toBe(root);
    expect(rootOfLeaves(reference.slice(0, size))).toBe(root);
    expect(rootAt(treeOf(reference), size)).toBe(root);
    expect(definition(reference.slice(0, size))).toBe(root);
  });
  test.each(paths)('inclusion of leaf $index among $size', ({ index, size, proof }) => {
    expect(inclusionProof(treeOf(reference), index, size)).toEqual(proof);
    const claim = { index, size, leaf: reference[index]!, root: roots[size - 1]!, proof };
    expect(verifyInclusion(claim)).toBe(true);
  });
  test.each(consistencies)('consistency of $older with $newer', ({ older, newer, proof }) => {
    expect(consistencyProof(treeOf(reference), older, newer)).toEqual(proof);
    const heads = { older: { size: older, root: roots[older - 1]! }, newer: { size: newer, root: roots[newer - 1]! } };
    expect(verifyConsistency({ ...heads, proof })).toBe(true);
  });
});

describe('frontier', () => {
  it('gives the root of the definition at every size to 130, and survives JSON', () => {
    let frontier = emptyFrontier;
    const leaves = numberedLeaves(130);
    leaves.forEach((leaf, at) => {
      frontier = JSON.parse(JSON.stringify(appendLeaf(frontier, leaf))) as Frontier;
      expect(frontier.size).toBe(at + 1);
      expect(rootOf(frontier)).toBe(definition(leaves.slice(0, at + 1)));
    });
  });
  it('gives the root of the definition for any leaves', () => {
    const anyLeaves = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 130 });
    fc.assert(
      fc.property(anyLeaves, (contents) => {
        const leaves = contents.map(leafHash);
        expect(rootOf(frontierOf(leaves))).toBe(definition(leaves));
      }),
      { seed: 6962 },
    );
  });
  it('goes on beyond 2^32 leaves, where bit operators would not', () => {
    const size = 2 ** 33 + 1;
    const [large, last, next] = numberedLeaves(3);
    const frontier = appendLeaf({ size, hashes: [large!, last!] }, next!);
    expect(frontier).toEqual({ size: size + 1, hashes: [large, nodeHash(last!, next!)] });
  });
  test.each<[string, Frontier]>([
    ['a hash is lost', { size: 3, hashes: [emptyRoot] }],
    ['a hash is added', { size: 4, hashes: [emptyRoot, emptyRoot] }],
    ['the size is negative', { size: -1, hashes: [] }],
    ['the size is no integer', { size: 1.5, hashes: [emptyRoot] }],
  ])('is refused when %s', (_, frontier) => {
    expect(() => appendLeaf(frontier, emptyRoot)).toThrow('frontier');
    expect(() => rootOf(frontier)).toThrow('frontier');
  });
  it('hashes nothing but hashes', () => {
    expect(() => nodeHash('', emptyRoot)).toThrow('Not two SHA-256');
    expect(() => nodeHash(emptyRoot, emptyRoot.slice(2))).toThrow('Not two SHA-256');
    expect(() => nodeHash(`${emptyRoot}00`, emptyRoot.slice(2))).toThrow('Not two SHA-256');
    expect(() => nodeHash(`g${emptyRoot.slice(1)}`, emptyRoot)).toThrow('Not two SHA-256');
  });
});

describe('proofs', () => {
  const leaves = numberedLeaves(130);
  const tree = treeOf(leaves);
  const rootsBySize = leaves.map((_, at) => definition(leaves.slice(0, at + 1)));

  it('of inclusion hold for every leaf of every log to 130', () => {
    for (let size = 1; size <= 130; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const proof = inclusionProof(tree, index, size);
        const claim = { index, size, leaf: leaves[index]!, root: rootsBySize[size - 1]!, proof };
        expect(verifyInclusion(claim), `${index} of ${size}`).toBe(true);
      }
    }
  });
  it('of consistency hold for every pair of logs to 130', () => {
    for (let newer = 0; newer <= 130; newer += 1) {
      for (let older = 0; older <= newer; older += 1) {
        const claim = { older: headOf(older), newer: headOf(newer), proof: consistencyProof(tree, older, newer) };
        expect(verifyConsistency(claim), `${older} to ${newer}`).toBe(true);
      }
    }
  });
  function headOf(size: number): { readonly size: number; readonly root: Hash } {
    return { size, root: rootAt(tree, size) };
  }

  const sizes = fc.integer({ min: 1, max: 130 });
  const bits = fc.integer({ min: 0, max: 255 });

  it('of inclusion fail with any bit turned, any hash added or dropped, and for any other leaf', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), fc.nat(), bits, (size, indexSeed, placeSeed, bit) => {
        const index = indexSeed % size;
        const proof = inclusionProof(tree, index, size);
        const good = { index, size, leaf: leaves[index]!, root: rootsBySize[size - 1]!, proof };
        const place = placeSeed % (proof.length + 1);
        const changed = proof.map((hash, at) => (at === place ? turned(hash, bit) : hash));
        expect(verifyInclusion({ ...good, leaf: turned(good.leaf, bit) })).toBe(false);
        expect(verifyInclusion({ ...good, root: turned(good.root, bit) })).toBe(false);
        if (place < proof.length) expect(verifyInclusion({ ...good, proof: changed })).toBe(false);
        expect(verifyInclusion({ ...good, proof: proof.toSpliced(place, 0, good.root) })).toBe(false);
        if (place < proof.length) expect(verifyInclusion({ ...good, proof: proof.toSpliced(place, 1) })).toBe(false);
        if (size > 1) expect(verifyInclusion({ ...good, index: (index + 1) % size })).toBe(false);
        expect(verifyInclusion({ ...good, index: size })).toBe(false);
        // A proof too short, and one too long, for the size that is claimed.
        expect(verifyInclusion({ ...good, size: 2 * size })).toBe(false);
        if (size > 1) expect(verifyInclusion({ ...good, index: index >> 1, size: size >> 1 })).toBe(false);
      }),
      { seed: 9162, numRuns: 2_000 },
    );
  });
  it('of consistency fail with any bit turned, any hash added or dropped, and for any other root', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), fc.nat(), bits, (newer, olderSeed, placeSeed, bit) => {
        const older = 1 + (olderSeed % newer);
        const proof = consistencyProof(tree, older, newer);
        const good = { older: headOf(older), newer: headOf(newer), proof };
        const place = placeSeed % (proof.length + 1);
        const changed = proof.map((hash, at) => (at === place ? turned(hash, bit) : hash));
        const oldTurned = { size: older, root: turned(good.older.root, bit) };
        const newTurned = { size: newer, root: turned(good.newer.root, bit) };
        expect(verifyConsistency({ ...good, older: oldTurned })).toBe(false);
        expect(verifyConsistency({ ...good, newer: newTurned })).toBe(false);
        if (place < proof.length) expect(verifyConsistency({ ...good, proof: changed })).toBe(false);
        expect(verifyConsistency({ ...good, proof: proof.toSpliced(place, 0, good.newer.root) })).toBe(false);
        if (place < proof.length) expect(verifyConsistency({ ...good, proof: proof.toSpliced(place, 1) })).toBe(false);
        if (older < newer) expect(verifyConsistency({ older: good.newer, newer: good.older, proof })).toBe(false);
      }),
      { seed: 9162, numRuns: 2_000 },
    );
  });

  it('have the length that the sizes ask for', () => {
    const pair = { index: 1, size: 2, leaf: leaves[1]!, root: rootsBySize[1]!, proof: [leaves[0]!] };
    expect(verifyInclusion(pair)).toBe(true);
    expect(verifyInclusion({ ...pair, index: 0, size: 1 })).toBe(false);
    // From 7 to 8 leaves the tree grows as it does from 3 to 4, one level higher: only the length tells them apart.
    const small = { older: headOf(3), newer: headOf(4), proof: consistencyProof(tree, 3, 4) };
    const large = { older: headOf(7), newer: headOf(8), proof: consistencyProof(tree, 7, 8) };
    const resized = (head: { readonly root: Hash }, size: number) => ({ ...head, size });
    expect([small, large].map(verifyConsistency)).toEqual([true, true]);
    const largeAsSmall = { older: resized(large.older, 3), newer: resized(large.newer, 4), proof: large.proof };
    const smallAsLarge = { older: resized(small.older, 7), newer: resized(small.newer, 8), proof: small.proof };
    expect([largeAsSmall, smallAsLarge].map(verifyConsistency)).toEqual([false, false]);
  });

  test('J03 a log rewritten with the stolen key cannot be proven consistent with what was posted', () => {
    const rewritten = treeOf(leaves.with(7, leafHash(Buffer.from('another story'))));
    for (const older of [8, 64, 100, 129]) {
      const newer = { size: 130, root: rootAt(rewritten, 130) };
      const proof = consistencyProof(rewritten, older, 130);
      expect(verifyConsistency({ older: { size: older, root: rootAt(rewritten, older) }, newer, proof })).toBe(true);
      expect(verifyConsistency({ older: headOf(older), newer, proof })).toBe(false);
    }
  });

  it('are refused outside the log', () => {
    expect(() => inclusionProof(tree, 130)).toThrow(RangeError);
    expect(() => inclusionProof(tree, -1)).toThrow(RangeError);
    expect(() => inclusionProof(tree, 0, 0)).toThrow(RangeError);
    expect(() => inclusionProof(tree, 0, 131)).toThrow(RangeError);
    expect(() => consistencyProof(tree, 3, 2)).toThrow(RangeError);
    expect(() => rootAt(tree, 1.5)).toThrow(RangeError);
  });
  it('with what is no hash, no size or no index are false', () => {
    const head = headOf(4);
    const proof = inclusionProof(tree, 1, 4);
    const good = { index: 1, size: 4, leaf: leaves[1]!, root: head.root, proof };
    expect(verifyInclusion(good)).toBe(true);
    expect(verifyInclusion({ ...good, leaf: good.leaf.toUpperCase() })).toBe(false);
    expect(verifyInclusion({ ...good, proof: [proof[0]!, 'nothing'] })).toBe(false);
    expect(verifyInclusion({ ...good, index: Number.NaN })).toBe(false);
    expect(verifyInclusion({ ...good, size: 4.5 })).toBe(false);
    expect(verifyConsistency({ older: head, newer: head, proof: [] })).toBe(true);
    expect(verifyConsistency({ older: head, newer: head, proof: [head.root] })).toBe(false);
    expect(verifyConsistency({ older: { size: 0, root: head.root }, newer: head, proof: [] })).toBe(false);
    expect(verifyConsistency({ older: { size: -1, root: emptyRoot }, newer: head, proof: [] })).toBe(false);
    expect(verifyConsistency({ older: headOf(3), newer: head, proof: [] })).toBe(false);
  });
});
