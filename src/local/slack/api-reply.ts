// The answers of Web API methods: `{ok:true,…}` or `{ok:false,error}` with Slack's own error codes.
import type { Fields } from './fields.ts';
import type { State } from './state.ts';

export type Reply = Fields & { readonly ok: boolean };

/** One Web API method: plain arguments in, an answer out, effects in the state. */
export type Method = (state: State, args: Fields) => Reply;

export function accept(fields: Fields = {}): Reply {
  return { ok: true, ...fields };
}

export function refuse(error: string, extra: Fields = {}): Reply {
  return { ok: false, error, ...extra };
}

/** As Slack words what is wrong with arguments. */
export function invalidArguments(...problems: readonly string[]): Reply {
  return refuse('invalid_arguments', { response_metadata: { messages: problems.map((text) => `[ERROR] ${text}`) } });
}

export function missing(field: string): Reply {
  return invalidArguments(`missing required field: ${field}`);
}

/** `invalid_blocks` carries its reasons twice, as Slack sends them. */
export function invalidBlocks(problems: readonly string[]): Reply {
  const messages = problems.map((text) => `[ERROR] ${text}`);
  return refuse('invalid_blocks', { errors: problems, response_metadata: { messages } });
}

/** One page of a list: cursors are opaque offsets. `undefined` for a cursor that was never given out. */
export function page<Item>(
  items: readonly Item[],
  cursor: string | undefined,
  limit: number,
): { readonly items: readonly Item[]; readonly next: string } | undefined {
  const from = cursor === undefined ? 0 : offsetOf(cursor);
  if (from === undefined || from > items.length) return undefined;
  const to = from + limit;
  return {
    items: items.slice(from, to),
    next: to < items.length ? Buffer.from(`offset:${to}`).toString('base64') : '',
  };
}

function offsetOf(cursor: string): number | undefined {
  const digits = /^offset:(\d{1,9})$/.exec(Buffer.from(cursor, 'base64').toString('latin1'))?.[1];
  return digits === undefined ? undefined : Number(digits);
}
