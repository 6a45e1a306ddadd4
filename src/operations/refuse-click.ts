// No silent no (law 7): a click that does not count is logged as evidence, and whoever pressed is told, beside the card.
import { readButtonValue } from '../core/digest.ts';
import type { RequestId } from '../core/model.ts';
import type { Refusal } from '../core/refusal.ts';
import { refusalNote } from '../messages/refusals.ts';
import type { Job } from '../ports/store.ts';
import { human } from './actors.ts';
import { change, type Draft } from './change.ts';
import { tellPerson } from './jobs.ts';
import { besideOf, evidenceOf, type StoredClick } from './stored-click.ts';
import type { Tools } from './tools.ts';

/** Somebody without a person of ours: the account says who pressed. */
const STRANGER = { person: 'hallpass', kind: 'system', via: 'stranger' } as const;

export function recordRefusal(tools: Tools, draft: Draft, click: StoredClick, refusal: Refusal): void {
  const target = readButtonValue(click.value);
  const subject = target ? { request: target.id as RequestId } : {};
  const { account, action } = click;
  const data = { action, code: refusal.code, account, evidence: evidenceOf(click) };
  draft.record({ type: 'decision.refused', at: draft.now, actor: draft.actor, subject, data });
  const note = refusalNote(refusal, tools.catalog, { what: action });
  draft.job(tellPerson(tools.ids, account, note, draft.now, besideOf(click)));
}

/** The end of the click's job. */
export async function refuseClick(tools: Tools, job: Job, click: StoredClick, refusal: Refusal): Promise<void> {
  const person = await tools.store.personAt(click.account);
  const actor = person ? human(person.row.id, click.account) : { ...STRANGER, account: click.account };
  await change(tools, actor, async (draft) => recordRefusal(tools, draft, click, refusal), { hold: job });
}
