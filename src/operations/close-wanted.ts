// Security states that the access of an overdue pass is gone: the first person's word is kept and told, a second, different
// person's closes the pass. Judged with fresh group facts like any click, and by person, however many accounts they have.
import type { GrantId, Person } from '../core/model.ts';
import type { Refusal } from '../core/refusal.ts';
import { attestedNote } from '../messages/answers.ts';
import type { Job } from '../ports/store.ts';
import { human } from './actors.ts';
import { change } from './change.ts';
import { tellPerson } from './jobs.ts';
import { groupsOf } from './membership.ts';
import { recordRefusal } from './refuse-click.ts';
import { besideOf, type StoredClick } from './stored-click.ts';
import type { Tools } from './tools.ts';

/** The click's value is the id of a pass, or of the request that led to it. */
export async function closeWanted(tools: Tools, wish: StoredClick, by: Person, job: Job): Promise<Refusal | 'done'> {
  const security = await groupsOf(tools, by, [tools.catalog.security]);
  if (!security) return { code: 'facts_unavailable', what: 'group' };
  if (security.length === 0) return { code: 'not_security', group: tools.catalog.security };
  const id = await passMeant(tools, wish.value);
  if (id === undefined) return { code: 'unknown_pass' };
  await change(
    tools,
    human(by.id, wish.account),
    async (draft) => {
      const refusal = await draft.decideGrant(id, { type: 'attest', by: by.id, evidence: wish.note ?? '' });
      if (refusal) return recordRefusal(tools, draft, wish, refusal);
      const isClosed = (await draft.grant(id))?.status === 'force_closed';
      const note = attestedNote(isClosed, id, tools.catalog);
      draft.job(tellPerson(tools.ids, wish.account, note, draft.now, besideOf(wish)));
    },
    { hold: job },
  );
  return 'done';
}

export async function passMeant(tools: Pick<Tools, 'store'>, id: string): Promise<GrantId | undefined> {
  const pass = await tools.store.grant(id);
  if (pass) return pass.row.id;
  const [only, ...more] = (await tools.store.request(id)) ? await tools.store.grantsOfRequest(id as never) : [];
  return more.length === 0 ? only?.row.id : undefined;
}
