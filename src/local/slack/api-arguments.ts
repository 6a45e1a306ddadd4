// From the bytes of a Web API call to plain arguments: form-encoded as @slack/web-api sends them (objects as JSON
// text inside a field) or JSON. Slack's own error codes for what cannot be read.
import { type Fields, isFields } from './fields.ts';

export type Parsed = { readonly args: Fields } | { readonly error: string };

/** Fields that hold JSON text in a form. Broken JSON there is the field's own error. */
const JSON_FIELDS: Readonly<Record<string, string>> = {
  blocks: 'invalid_blocks_format',
  view: 'invalid_arguments',
  metadata: 'invalid_metadata_format',
  files: 'invalid_arguments',
};

export function parseArguments(contentType: string | undefined, body: Buffer): Parsed {
  const kind = contentType?.split(';')[0]?.trim().toLowerCase();
  if (kind === 'application/json') return parseJson(body.toString('utf8'));
  if (kind === 'application/x-www-form-urlencoded') return parseForm(body.toString('utf8'));
  return body.length === 0 ? { args: {} } : { error: 'invalid_post_type' };
}

function parseJson(text: string): Parsed {
  const value = json(text);
  if (value === undefined) return { error: 'invalid_json' };
  return isFields(value) ? { args: value } : { error: 'json_not_object' };
}

function parseForm(text: string): Parsed {
  const args: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const code = Object.hasOwn(JSON_FIELDS, name) ? JSON_FIELDS[name] : undefined;
    const read = code === undefined ? value : json(value);
    if (read === undefined && code !== undefined) return { error: code };
    args[name] = read;
  }
  return { args };
}

export function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
