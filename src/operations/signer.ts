// The key that signs heads of the log, as operations use it: it signs, it knows its own signatures, and it never leaves here.
import { signCheckpoint, verifyCheckpoint } from '../core/ledger/checkpoint.ts';
import { parseSigner } from '../core/ledger/note-key.ts';
import { reveal, type Secret } from '../lib/secret.ts';
import type { LedgerSigner } from './tools.ts';

export function signerOf(secret: Secret): { readonly signer: LedgerSigner; readonly vkey: string } {
  const text = reveal(secret);
  const origin = /^PRIVATE\+KEY\+([^+]+)\+/.exec(text)?.[1] ?? 'hallpass';
  const key = parseSigner(text, origin);
  return {
    vkey: key.vkey,
    signer: {
      sign: ({ size, rootHex }) => signCheckpoint({ origin, size, root: rootHex }, key),
      read(note) {
        const verdict = verifyCheckpoint(note, key.vkey, origin);
        return verdict.kind === 'good'
          ? { size: verdict.checkpoint.size, rootHex: verdict.checkpoint.root }
          : undefined;
      },
    },
  };
}
