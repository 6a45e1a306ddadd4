// Bytes of a signed body → fields, where two readers could never read two different things (threats A10, A11):
// invalid UTF-8, a byte order mark, a key that is there twice, `__proto__` and deep nesting are refused, not repaired.

export type Fields = Readonly<Record<string, unknown>>;

/** Slack's own payloads nest less than 20 deep; a parser must not be driven into the ground by brackets. */
const DEPTH_MAX = 64;

export class BodyError extends Error {
  override readonly name = 'BodyError';
}

export function readForm(body: Buffer): Fields {
  const fields: [string, string][] = [];
  const seen = new Set<string>();
  for (const pair of textOf(body).split('&')) {
    const [name = '', value = ''] = halves(pair);
    const key = decoded(name);
    if (seen.has(key)) throw new BodyError('a form field is there twice');
    seen.add(key);
    fields.push([key, decoded(value)]);
  }
  return Object.fromEntries(fields);
}

export function readJson(text: string): Fields {
  const value = parsed(text);
  if (!isFields(value)) throw new BodyError('not a JSON object');
  refuseTwins(text);
  return value;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(body: Buffer): string {
  try {
    // `ignoreBOM: true` leaves a byte order mark in the text, where no parser accepts it.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw new BodyError('not UTF-8');
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part.replaceAll('+', ' '));
  } catch {
    throw new BodyError('not UTF-8 behind the percent signs');
  }
}

function halves(pair: string): readonly string[] {
  const at = pair.indexOf('=');
  return at < 0 ? [pair] : [pair.slice(0, at), pair.slice(at + 1)];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BodyError('not JSON');
  }
}

/**
 * JSON.parse keeps the last of two equal keys and other parsers the first: what is checked must be what is done.
 * The text is known to be valid JSON here, so strings and brackets are all there is to look at.
 */
function refuseTwins(text: string): void {
  const open: (Set<string> | undefined)[] = [];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[{}[\]]/gs)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (token.endsWith(':')) takeKey(open.at(-1), token);
    if (open.length > DEPTH_MAX) throw new BodyError('nested too deep');
  }
}

function takeKey(keys: Set<string> | undefined, token: string): void {
  const key: unknown = JSON.parse(token.slice(0, token.lastIndexOf('"') + 1));
  if (typeof key !== 'string' || key === '__proto__') throw new BodyError('a key that is no name');
  if (keys?.has(key)) throw new BodyError('a JSON key is there twice');
  keys?.add(key);
}
