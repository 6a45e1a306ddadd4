// Ed25519 keys of signed notes, in the text forms of C2SP signed-note (https://c2sp.org/signed-note) and Go's sumdb/note:
// `name+id+base64` for the public half, `PRIVATE+KEY+name+id+base64` for the secret one; a PKCS8 PEM is read too.
// Must never put a secret key into an error.
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { hasControlCharacter, strictBase64 } from './note.ts';

/** Signature type byte of plain Ed25519 (C2SP signed-note §Signature types); it is part of the key id and of both forms. */
const ED25519_TYPE = Buffer.from([0x01]);
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
/** What stands before the 32 secret bytes in a PKCS8 Ed25519 key (RFC 8410 §7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

export interface VerifierKey {
  readonly name: string;
  /** 8 hex digits: which key of this name (rotation keeps the name). */
  readonly id: string;
  readonly key: KeyObject;
}

/** Signs note texts. An external signer (KMS, HSM) that speaks Ed25519 can stand here as well. */
export interface Signer {
  readonly name: string;
  readonly id: string;
  /** The public half, to be given to whoever verifies. */
  readonly vkey: string;
  sign(text: Uint8Array): Uint8Array;
}

/** Names are non-empty and hold neither Unicode spaces nor `+`, the separators of both forms. */
function isKeyName(name: string): boolean {
  return /^[^\p{White_Space}\p{Surrogate}+]+$/u.test(name) && !hasControlCharacter(name);
}

/** Reads `name+id+base64`. Throws an Error when the form, the type or the id is wrong. */
export function parseVerifierKey(vkey: string): VerifierKey {
  const { name, id, bytes } = parseKeyText(vkey);
  if (id !== keyId(name, bytes)) throw new Error(`The id in the verifier key of ${name} does not belong to it`);
  return { name, id, key: publicKey(bytes) };
}

/**
 * Reads a secret key, `PRIVATE+KEY+…` or PKCS8 PEM, for signing under `name` (a PEM has no name of its own).
 * Throws an Error when it is not an Ed25519 key or bears another name.
 */
export function parseSigner(secret: string, name: string): Signer {
  if (!isKeyName(name)) throw new Error(`Not a key name: ${JSON.stringify(name)}`);
  const text = secret.trim();
  return text.startsWith('-----BEGIN') ? signerOf(name, pemKey(text)) : noteFormSigner(text, name);
}

/** A new key pair from the system's randomness. The secret is for a file that only the log can read. */
export function generateKey(name: string): { readonly secret: string; readonly vkey: string } {
  const { privateKey } = generateKeyPairSync('ed25519');
  const signer = signerOf(name, privateKey);
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-KEY_BYTES);
  return { secret: `PRIVATE+KEY+${keyText(name, signer.id, seed)}`, vkey: signer.vkey };
}

export function isSignatureOf({ key }: VerifierKey, text: Uint8Array, signature: Uint8Array): boolean {
  return signature.length === SIGNATURE_BYTES && verify(null, text, key, signature);
}

function noteFormSigner(text: string, name: string): Signer {
  if (!text.startsWith('PRIVATE+KEY+')) throw new Error('A signing key is PRIVATE+KEY+… or a PKCS8 PEM');
  const key = parseKeyText(text.slice('PRIVATE+KEY+'.length));
  if (key.name !== name) throw new Error(`The signing key is for ${key.name}, not for ${name}`);
  const pkcs8 = Buffer.concat([PKCS8_PREFIX, key.bytes]);
  const signer = signerOf(name, createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }));
  if (signer.id !== key.id) throw new Error(`The id in the signing key of ${name} does not belong to it`);
  return signer;
}

function signerOf(name: string, key: KeyObject): Signer {
  if (!isKeyName(name)) throw new Error(`Not a key name: ${JSON.stringify(name)}`);
  const bytes = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-KEY_BYTES);
  const id = keyId(name, bytes);
  return { name, id, vkey: keyText(name, id, bytes), sign: (text) => sign(null, text, key) };
}

function pemKey(pem: string): KeyObject {
  const key = readPem(pem);
  if (key?.asymmetricKeyType !== 'ed25519')
    throw new Error('The signing key is not an unencrypted Ed25519 key in PKCS8 PEM');
  return key;
}
function readPem(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey({ key: pem, format: 'pem' });
  } catch {
    return undefined;
  }
}

function publicKey(bytes: Uint8Array): KeyObject {
  const x = Buffer.from(bytes).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

/** The part that both forms share: `name+id+base64(type byte, 32 bytes)`. */
function parseKeyText(text: string): { readonly name: string; readonly id: string; readonly bytes: Uint8Array } {
  const [, name = '', id = '', base64 = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? [];
  const bytes = strictBase64(base64);
  if (!isKeyName(name) || bytes?.length !== 1 + KEY_BYTES) throw new Error('A note key is name+id+base64 of 33 bytes');
  if (bytes[0] !== ED25519_TYPE[0]) throw new Error(`The note key of ${name} is not of type 1, Ed25519`);
  return { name, id, bytes: bytes.subarray(1) };
}
function keyText(name: string, id: string, bytes: Uint8Array): string {
  return `${name}+${id}+${Buffer.concat([ED25519_TYPE, bytes]).toString('base64')}`;
}
function keyId(name: string, bytes: Uint8Array): string {
  return hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), ED25519_TYPE, bytes]), 'hex').slice(0, 8);
}
