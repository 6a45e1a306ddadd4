// Secrets come from the environment or from mounted files, never from the configuration file, which ends up in version
// control, in tickets and on screens. `$NAME` in a target stands for the value. No sentence here quotes a value.
import { scrub } from '../lib/scrub.ts';
import { type Secret, secretOf } from '../lib/secret.ts';
import { entriesOf, type Finding, itemsOf, mapOf, type Path, wrong } from './finding.ts';

/** Where values come from. `readFile` throws for a file that cannot be read, as `node:fs` does. */
export interface Surroundings {
  readonly env: { readonly [name: string]: string | undefined };
  readonly readFile: (path: string) => string;
}

/** A value of the environment, or why there is none. */
export type Looked = { readonly value: string } | { readonly says: string; readonly remedy: string };

/** `$NAME`, as a whole value. */
export const REFERENCE = /^\$([A-Z_][A-Z0-9_]*)$/;
/** Forms that other tools take, and that are not taken here. */
const NEAR_REFERENCE = /^\$\{[^}]*\}$|^\$\([^)]*\)$|^\$[a-z]\w*$|^%[A-Z_]\w*%$/;
const CREDENTIAL_KEY =
  /(?:^|[_.-])(?:password|passwd|passphrase|secret|token|api_?key|access_?key|private_?key|signing_?key|credentials?)$/i;
const FROM_ENVIRONMENT: { readonly [path: string]: string } = {
  'chat.slack.bot_token': 'SLACK_BOT_TOKEN',
  'chat.slack.app_token': 'SLACK_APP_TOKEN',
  'chat.slack.signing_secret': 'SLACK_SIGNING_SECRET',
  signing_key: 'HALLPASS_SIGNING_KEY',
  store: 'HALLPASS_STORE',
};
const BY_REFERENCE = ['store'];

/** `NAME`, or what the file named by `NAME_FILE` holds; white space around it is taken off. */
export function lookUp(name: string, { env, readFile }: Surroundings): Looked {
  const direct = own(env, name);
  const file = own(env, `${name}_FILE`);
  const either = `Set ${name} in the environment, or ${name}_FILE to the path of a file that holds it.`;
  if (direct !== undefined && file !== undefined)
    return {
      says: `both ${name} and ${name}_FILE are set`,
      remedy: 'Set one of them only, so that it is clear which counts.',
    };
  if (direct === undefined && file === undefined) return { says: `${name} is not set`, remedy: either };
  const read = file === undefined ? { text: direct ?? '' } : readSafely(file, readFile);
  if ('code' in read)
    return {
      says: `the file of ${name}_FILE cannot be read (${read.code})`,
      remedy: 'Check the path and who may read it.',
    };
  const value = read.text.trim();
  return value === '' ? { says: `${name} is blank`, remedy: either } : { value };
}

function own(env: Surroundings['env'], name: string): string | undefined {
  return Object.hasOwn(env, name) ? env[name] : undefined;
}

function readSafely(
  path: string,
  readFile: Surroundings['readFile'],
): { readonly text: string } | { readonly code: string } {
  try {
    return { text: readFile(path) };
  } catch (cause) {
    const code = (cause as { readonly code?: unknown } | null | undefined)?.code;
    return { code: typeof code === 'string' ? code : 'unknown reason' };
  }
}

/** The name in `$NAME`, when the whole value is one. */
function referenceIn(value: unknown): string | undefined {
  return typeof value === 'string' ? REFERENCE.exec(value)?.[1] : undefined;
}

/** A value with every `$NAME` replaced. What is missing is a finding at its place, and stays as it is. */
export interface Filled {
  readonly value: unknown;
  readonly findings: readonly Finding[];
  /** What was put in, so that it is hidden wherever somebody else's message repeats it. */
  readonly secrets: readonly Secret[];
}

export function fill(value: unknown, at: Path, from: Surroundings): Filled {
  const name = referenceIn(value);
  if (name !== undefined) return fillOne(value, name, at, from);
  if (typeof value !== 'object' || value === null) return { value, findings: [], secrets: [] };
  const parts = Object.entries(value).map(([key, item]) => {
    const index = Array.isArray(value) ? Number(key) : key;
    return { key, ...fill(item, [...at, index], from) };
  });
  return {
    value: Array.isArray(value) ? parts.map((part) => part.value) : mapOf(parts.map((part) => [part.key, part.value])),
    findings: parts.flatMap((part) => part.findings),
    secrets: parts.flatMap((part) => part.secrets),
  };
}

function fillOne(value: unknown, name: string, at: Path, from: Surroundings): Filled {
  const looked = lookUp(name, from);
  if ('says' in looked) return { value, findings: [wrong(at, looked.says, looked.remedy)], secrets: [] };
  return { value: looked.value, findings: [], secrets: [secretOf(looked.value)] };
}

/** Secrets written into the file, and references where none are taken. */
export function checkSecrets(value: unknown, path: Path = []): readonly Finding[] {
  if (typeof value === 'string') return checkText(value, path);
  const parts = Array.isArray(value) ? itemsOf(value).map((item, index) => [index, item] as const) : entriesOf(value);
  return parts.flatMap(([key, item]) => checkSecrets(item, [...path, key]));
}

function checkText(text: string, path: Path): readonly Finding[] {
  const inTarget = takesReferences(path);
  const isTaken = inTarget || (path.length === 1 && path[0] === 'store');
  const reference = referenceIn(text);
  if (reference !== undefined && isTaken) return [];
  if (reference !== undefined)
    return [
      wrong(
        path,
        'references such as $NAME are taken in targets, in alarms and for the store',
        'Write the value itself.',
      ),
    ];
  if (isTaken && NEAR_REFERENCE.test(text))
    return [wrong(path, 'this form of reference is not known', 'Write $NAME, in capitals and without braces.')];
  const key = String(path.findLast((part) => typeof part === 'string') ?? '');
  const isSecret = CREDENTIAL_KEY.test(key.replace(/([a-z])([A-Z])/g, '$1_$2')) || scrub(text) !== text;
  return isSecret
    ? [{ ...wrong(path, 'a secret stands in the file itself', remedyFor(path, key)), conceal: true }]
    : [];
}

/** Whoever understands a block may want a secret in it; what is ours there is none. */
function takesReferences([section, , key]: Path): boolean {
  if (section === 'targets') return key !== undefined && key !== 'adapter' && key !== 'owner';
  return section === 'alarms' && key !== undefined && key !== 'pager' && key !== 'name';
}

function remedyFor(path: Path, key: string): string {
  const replace = 'Then replace the secret: whoever saw this file knows it.';
  const fixedAt = path.join('.');
  const fixed = FROM_ENVIRONMENT[fixedAt];
  if (fixed === undefined && !takesReferences(path)) return `Remove it: no secret belongs here. ${replace}`;
  const name =
    fixed ??
    (path[0] === 'targets' ? path.slice(1) : path)
      .join('_')
      .replace(/[^A-Za-z0-9]+/g, '_')
      .toUpperCase();
  const use = fixed === undefined || BY_REFERENCE.includes(fixedAt) ? `write ${key}: $${name}` : 'remove this line';
  return `Set ${name} in the environment (or ${name}_FILE to a file that holds it) and ${use}. ${replace}`;
}
