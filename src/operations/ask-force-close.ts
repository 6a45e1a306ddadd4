// An operator at the machine asks for an overdue pass to be closed by hand. Whoever can type there cannot prove who they are, so
// their word closes nothing: it is written down, told in the thread, the audit channel and on every pager, and two people of
// security are asked to look and to attest in chat, with the exact command.
import { REASON_MAX_CHARACTERS } from '../core/command-line.ts';
import type { Actor } from '../core/model.ts';
import type { Refusal } from '../core/refusal.ts';
import { change } from './change.ts';
import { passMeant } from './close-wanted.ts';
import type { Tools } from './tools.ts';

const OPERATOR: Actor = { person: 'hallpass', kind: 'system', via: 'cli' };

export type AskedForceClose =
  | {
      readonly kind: 'asked' /** What each of the two types in chat, with what they looked at behind it. */;
      readonly command: string;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** `passId`: pass_…, or the req_… that led to it. */
export async function askForceClose(tools: Tools, passId: string, evidence: string): Promise<AskedForceClose> {
  const id = await passMeant(tools, passId);
  if (id === undefined) return { kind: 'refused', refusal: { code: 'unknown_pass' } };
  const { length } = evidence;
  if (length > REASON_MAX_CHARACTERS)
    return { kind: 'refused', refusal: { code: 'reason_too_long', limit: REASON_MAX_CHARACTERS, length } };
  const asked = await change(tools, OPERATOR, (draft) => draft.decideGrant(id, { type: 'ask_close', evidence }));
  if (asked.kind === 'done' && asked.value === undefined)
    return { kind: 'asked', command: `${tools.catalog.command} force-close ${id}` };
  return { kind: 'refused', refusal: (asked.kind === 'done' && asked.value) || { code: 'unknown_pass' } };
}
