// Judge a new request with fresh facts and open it for approval, or refuse it with a reason. A job: may wait, repeats safely.
import type { AccessRequest, AccountRef, RequestId, Surface } from '../core/model.ts';
import { backoffMs } from '../lib/backoff.ts';
import { refusalNote } from '../messages/refusals.ts';
import type { Job } from '../ports/store.ts';
import { POLICY } from './actors.ts';
import { change, type Draft } from './change.ts';
import { tellPerson } from './jobs.ts';
import { sameAccount } from './membership.ts';
import { prepare } from './prepare.ts';
import type { Tools } from './tools.ts';

/** More private cards than this would be noise; the reviewer channel has the card anyway (peers suffer from mass pings). */
const PRIVATE_CARDS_MAX = 10;

export async function evaluate(tools: Tools, job: Job): Promise<void> {
  const id = String(job.payload['request']) as RequestId;
  const stored = await tools.store.request(id);
  if (stored?.row.status !== 'evaluating') return finish(tools, job);
  const now = await tools.store.now();
  const prepared = await prepare(tools, stored.row, now);
  if (prepared.kind === 'later' && now < stored.row.dueAt) {
    const wait = backoffMs(job.attempts, { baseMs: 2_000, capMs: 60_000 }, tools.ids.jitter());
    await tools.store.defer(job, Math.min(now + wait, stored.row.dueAt), prepared.refusal.code);
    return;
  }
  await change(
    tools,
    POLICY,
    async (draft) => {
      if (prepared.kind !== 'ready') {
        const late = await draft.decideRequest(id, { type: 'refuse', refusal: prepared.refusal });
        // Withdrawn meanwhile: there is nothing left to refuse.
        if (late) return;
        // A refused request has no card: the requester hears it privately, with the next step.
        const note = refusalNote(prepared.refusal, tools.catalog, { what: 'ask', role: stored.row.role });
        draft.job(tellPerson(tools.ids, stored.row.account, note, draft.now));
        return;
      }
      const refusal = await draft.decideRequest(id, { type: 'open', ...prepared.opening });
      const request = await draft.request(id);
      if (!refusal && request) await openSurfaces(tools, draft, request, prepared.approvers);
    },
    { hold: job },
  );
}

async function finish(tools: Tools, job: Job): Promise<void> {
  await change(tools, POLICY, async () => undefined, { hold: job });
}

/** The cards of a request: reviewer channel, the requester's own, and a private one for each of a few approvers. */
async function openSurfaces(
  tools: Tools,
  draft: Draft,
  request: AccessRequest,
  approvers: readonly AccountRef[],
): Promise<void> {
  const role = tools.catalog.roles[request.role];
  const places: { audience: Surface['audience']; place: Surface['place'] }[] = [];
  if (role?.reviewers) places.push({ audience: 'reviewers', place: { channel: role.reviewers } });
  if (request.purpose.kind === 'access') places.push({ audience: 'requester', place: { account: request.account } });
  const few = unique(approvers);
  const told = few.length <= PRIVATE_CARDS_MAX || !role?.reviewers ? few.slice(0, PRIVATE_CARDS_MAX) : [];
  places.push(...told.map((account) => ({ audience: 'approver' as const, place: { account } })));
  const thread = await threadOfExtended(tools, request);
  for (const { audience, place } of places) {
    const under = thread && audience === 'reviewers' ? { thread } : {};
    const row: Surface = { id: tools.ids.next('card'), request: request.id, audience, place, ...under, told: -1 };
    await draft.keepSurface(row);
  }
}

function unique(accounts: readonly AccountRef[]): readonly AccountRef[] {
  return accounts.filter((account, at) => accounts.findIndex((other) => sameAccount(account, other)) === at);
}

async function threadOfExtended(tools: Tools, request: AccessRequest) {
  if (request.purpose.kind !== 'extension') return undefined;
  const grant = await tools.store.grant(request.purpose.grant);
  if (!grant) return undefined;
  const surfaces = await tools.store.surfacesOf(grant.row.request);
  return surfaces.find((surface) => surface.row.audience === 'reviewers')?.row.message;
}
