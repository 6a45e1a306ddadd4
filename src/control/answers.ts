// What the command line is told of its orders, in sentences; the same whether a running Hallpass answers or the store alone.
import { refusalText } from '../messages/refusals.ts';
import { askForceClose } from '../operations/ask-force-close.ts';
import { confirmPerson } from '../operations/confirm-person.ts';
import { revokeFromHere } from '../operations/revoke-from-here.ts';
import type { Tools } from '../operations/tools.ts';

/** Nothing in an answer is a secret; what is said is for the person at the command line. */
export interface ControlAnswer {
  readonly done: boolean;
  readonly says: string;
}

export async function confirmed(tools: Tools, id: string): Promise<ControlAnswer> {
  switch (await confirmPerson(tools, id)) {
    case 'confirmed':
      return done(`${id} is confirmed. The address in the chat profile is pinned when they next ask or decide.`);
    case 'unknown':
      return { done: false, says: `There is no person ${id}. The id is in the alarm: person_ and 26 characters.` };
    case 'not_suspended':
      return { done: false, says: `${id} is not suspended; nothing was changed.` };
  }
}

export async function revoked(tools: Tools, id: string, why: string): Promise<ControlAnswer> {
  const outcome = await revokeFromHere(tools, id, why);
  if (outcome.kind === 'refused') return { done: false, says: refusalText(outcome.refusal, tools.catalog) };
  return done(`The end of ${outcome.passes.join(', ')} is ordered. The thread says when it is gone.`);
}

export async function closeAsked(tools: Tools, id: string, evidence: string): Promise<ControlAnswer> {
  const outcome = await askForceClose(tools, id, evidence);
  if (outcome.kind === 'refused') return { done: false, says: refusalText(outcome.refusal, tools.catalog) };
  return done(
    `Security is asked to look. Two of them close it in chat, each with what they saw: ${outcome.command} <evidence>`,
  );
}

function done(says: string): ControlAnswer {
  return { done: true, says };
}
