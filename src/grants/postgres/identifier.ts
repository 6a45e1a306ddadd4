// Role names as SQL identifiers. PostgreSQL takes no parameters in GRANT and REVOKE, so the name has to be written into the
// statement: this is the only place where that happens (threat G01).
import { AdapterError } from '../../ports/grant-adapter.ts';

/**
 * PostgreSQL cuts names after 63 bytes without an error, which makes one role of two (threat G02).
 * https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS
 */
const NAME_MAX_BYTES = 63;

/** Why the name cannot be a role's name, or undefined when it can. */
export function problemOfName(name: string): string | undefined {
  if (name === '') return 'the name is empty';
  if (Buffer.byteLength(name, 'utf8') > NAME_MAX_BYTES) return `the name is longer than ${NAME_MAX_BYTES} bytes`;
  // NUL ends a string inside PostgreSQL, half a surrogate pair becomes another character on the wire; the others are legal
  // there and have no business in a role's name.
  if (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(name)) return 'the name holds control characters';
  // Even quoted, these two are not names of roles to GRANT: "public" is everybody.
  if (name === 'public' || name === 'none') return `"${name}" is a reserved word`;
  return undefined;
}

/** `name` between double quotes, for a statement. Throws AdapterError 'refused' for what is no role name, wherever it came from. */
export function quoteName(name: string): string {
  const problem = problemOfName(name);
  if (problem !== undefined)
    throw new AdapterError('refused', `Not a role name that is written into SQL: ${problem}.`, 'no');
  return `"${name.replaceAll('"', '""')}"`;
}
