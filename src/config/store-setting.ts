// Where the store is: a file of SQLite, or a PostgreSQL server, whose URL comes from the environment as soon as a password
// stands in it. No sentence here quotes the URL.
import { dirname } from 'node:path';
import { readDoor } from '../lib/postgres-address.ts';
import { reveal, type Secret, secretOf } from '../lib/secret.ts';
import { type Finding, wrong } from './finding.ts';
import { fill, REFERENCE, type Surroundings } from './secrets.ts';

export type StoreSetting =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'postgres'; readonly url: Secret };

/** What may stand in the file. */
export const STORE_RULE = /^(?:sqlite:\S.*|\$[A-Z_][A-Z0-9_]*|postgres(?:ql)?:\/\/\S+)$/;
/** Of a store that is no file: what this process keeps beside it goes here. */
const LOCAL_FOLDER = './data';
const PATH = ['store'];

interface ReadStore {
  readonly store?: StoreSetting;
  readonly findings: readonly Finding[];
  /** To be hidden in the log: the URL, and the password alone. */
  readonly secrets: readonly Secret[];
}

/** `value` is what stands in the file, whatever it is; what is no text was found wrong before. */
export function readStoreSetting(value: unknown, from: Surroundings): ReadStore {
  if (typeof value !== 'string' || !STORE_RULE.test(value)) return { findings: [], secrets: [] };
  const filled = fill(value, PATH, from);
  if (filled.findings.length > 0) return { findings: filled.findings, secrets: [] };
  const text = String(filled.value);
  if (text.startsWith('sqlite:') && text !== 'sqlite:') {
    return { store: { kind: 'sqlite', file: text.slice('sqlite:'.length) }, findings: [], secrets: filled.secrets };
  }
  return readServer(text, REFERENCE.test(value), filled.secrets);
}

function readServer(text: string, isHidden: boolean, secrets: readonly Secret[]): ReadStore {
  const door = readDoor(text);
  if ('problem' in door) {
    const remedy = 'A PostgreSQL store is postgres://user:password@host:5432/database, percent-encoded.';
    return { findings: [wrong(PATH, `the address of the store is wrong: ${door.problem}`, remedy)], secrets: [] };
  }
  if (door.password !== undefined && !isHidden) {
    const remedy =
      'Set HALLPASS_STORE in the environment (or HALLPASS_STORE_FILE to a file that holds it) and write store: $HALLPASS_STORE. Then replace the secret: whoever saw this file knows it.';
    return { findings: [{ ...wrong(PATH, 'a secret stands in the file itself', remedy), conceal: true }], secrets: [] };
  }
  const password = door.password === undefined ? [] : [door.password];
  return {
    store: { kind: 'postgres', url: secretOf(text) },
    findings: [],
    secrets: [...secrets, ...password],
  };
}

/** As openStore takes it. Holds the password: to be handed on, never to be shown. */
export function storeUrl(store: StoreSetting): string {
  return store.kind === 'sqlite' ? `sqlite:${store.file}` : reveal(store.url);
}

/** Where this process keeps what belongs to the store and is not in it: signed heads, outcomes that could not be entered. */
export function localFolder(store: StoreSetting): string {
  return store.kind === 'sqlite' ? dirname(store.file) : LOCAL_FOLDER;
}
