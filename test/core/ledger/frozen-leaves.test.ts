// The form in which each type of event is hashed, frozen to the byte in frozen-leaves.json. Add lines there, never change
// one: what is red here would make every log that exists look forged (law 14).
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commit, readLeaf, sealLeaf } from '../../../src/core/ledger/leaf.ts';
import { SALT, SAMPLES, SEQ } from './samples.ts';

interface Frozen {
  readonly leaf: string;
  readonly hash: string;
}
const frozen = JSON.parse(readFileSync(new URL('frozen-leaves.json', import.meta.url), 'utf8')) as {
  readonly [type: string]: Frozen;
};
const samples = Object.values(SAMPLES);

describe('the leaf of each type of event', () => {
  it('is written down for all of them, and for none that is gone', () => {
    expect(Object.keys(frozen).sort()).toEqual(Object.keys(SAMPLES).sort());
    expect(Object.entries(SAMPLES).filter(([type, event]) => event.type !== type)).toEqual([]);
  });

  it.each(samples)('$type is what it was', (event) => {
    expect(sealLeaf(SEQ, event, SALT)).toEqual(frozen[event.type]);
  });

  it.each(samples)('$type is read back, without the personal words', (event) => {
    const { text, ...rest } = event as typeof event & { readonly text?: object };
    const read = readLeaf(frozen[event.type]?.leaf ?? '');
    expect(read).toEqual({ v: 1, seq: SEQ, ...rest, ...(text ? { commitment: commit(SALT, text) } : {}) });
    for (const words of Object.values(text ?? {})) expect(frozen[event.type]?.leaf).not.toContain(words);
  });
});
