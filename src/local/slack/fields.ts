// Reading values whose type nobody vouches for: arguments of an API call, answers of the bot.
// Reads only; what is missing or of another type is `undefined`, never a guess.

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Form-encoded numbers arrive as text and JSON ones as numbers; Slack takes both. */
export function textOf(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function flagOf(fields: Fields, name: string): boolean {
  const value = fields[name];
  return value === true || value === 1 || value === 'true' || value === '1';
}

export function wholeOf(fields: Fields, name: string): number | undefined {
  const text = textOf(fields, name);
  return text !== undefined && /^[0-9]{1,15}$/.test(text) ? Number(text) : undefined;
}

export function fieldsOf(fields: Fields, name: string): Fields | undefined {
  const value = fields[name];
  return isFields(value) ? value : undefined;
}

export function listOf(fields: Fields, name: string): readonly unknown[] | undefined {
  const value = fields[name];
  return Array.isArray(value) ? value : undefined;
}
