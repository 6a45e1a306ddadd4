// Security ends passes now: one pass, all of a person, or all of a role. Judged with fresh group facts like any click.
import type { Grant, Person } from '../core/model.ts';
import type { Refusal } from '../core/refusal.ts';
import { revokedNote } from '../messages/answers.ts';
import type { Job } from '../ports/store.ts';
import { human } from './actors.ts';
import { change, type Draft } from './change.ts';
import { askKey } from './claims.ts';
import { tellPerson } from './jobs.ts';
import { groupsOf } from './membership.ts';
import { evidenceOf, type StoredClick } from './stored-click.ts';
import type { Tools } from './tools.ts';

const MOST_PASSES_AT_ONCE = 1000;
const ENDED = 'The pass was ended.';

/** The click's value is `id:pass_…`, `person:U123` or `role:prod-db`. */
export async function revokeWanted(tools: Tools, wish: StoredClick, by: Person, job: Job): Promise<Refusal | 'done'> {
  const security = await groupsOf(tools, by, [tools.catalog.security]);
  if (!security) return { code: 'facts_unavailable', what: 'group' };
  if (security.length === 0) return { code: 'not_security', group: tools.catalog.security };
  const wanted = await passesOf(tools, wish);
  if (wanted.length === 0) return { code: 'unknown_pass' };
  await change(
    tools,
    human(by.id, wish.account),
    async (draft) => {
      let ended = 0;
      for (const grant of wanted) {
        const refusal = await draft.decideGrant(grant.id, {
          type: 'end',
          because: 'revoked',
          by: by.id,
          why: wish.note ?? '',
        });
        if (refusal) continue;
        ended += 1;
        await denyExtension(tools, draft, grant, by, wish);
      }
      draft.job(tellPerson(tools.ids, wish.account, revokedNote(ended, wanted.length), draft.now));
    },
    { hold: job },
  );
  return 'done';
}

/** Nobody shall be asked any longer for more time on a pass that security ended. */
async function denyExtension(tools: Tools, draft: Draft, grant: Grant, by: Person, wish: StoredClick): Promise<void> {
  const open = await tools.store.ownerOf(askKey(grant.person, grant.id));
  const request = open === undefined ? undefined : await draft.request(open);
  if (request?.status !== 'pending') return;
  const { id, revision, digest } = request;
  const seen = { by: by.id, revision, digest, evidence: evidenceOf(wish) };
  await draft.decideRequest(id, { type: 'deny', ...seen, standings: {}, note: ENDED, security: true });
}

async function passesOf(tools: Tools, wish: StoredClick): Promise<readonly Grant[]> {
  const [kind, name = ''] = split(wish.value);
  switch (kind) {
    case 'id':
      return byId(tools, name);
    case 'role':
      return rows(await tools.store.liveGrants({ role: name }, MOST_PASSES_AT_ONCE));
    case 'person': {
      const person = await tools.store.personAt({ ...wish.account, user: name });
      return person ? rows(await tools.store.liveGrants({ person: person.row.id }, MOST_PASSES_AT_ONCE)) : [];
    }
  }
  return [];
}

async function byId(tools: Tools, id: string): Promise<readonly Grant[]> {
  const grant = await tools.store.grant(id);
  if (grant) return [grant.row];
  const request = await tools.store.request(id);
  return request ? rows(await tools.store.grantsOfRequest(request.row.id)) : [];
}

function rows(stored: readonly { readonly row: Grant }[]): readonly Grant[] {
  return stored.map(({ row }) => row);
}

function split(value: string): readonly [string, string] {
  const at = value.indexOf(':');
  return [value.slice(0, at), value.slice(at + 1)];
}
