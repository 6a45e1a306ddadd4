// Decide a stored click with facts read now (≤ 60 s old): approve, deny, comment, and what security does. The click was
// stored before it was answered; here it counts, once, or is refused with a sentence to the person who pressed.
import { readButtonValue } from '../core/digest.ts';
import type { AccessRequest, AccountRef, Evidence, GrantId, MessageRef, Person, RequestId } from '../core/model.ts';
import type { Refusal } from '../core/refusal.ts';
import { backoffMs } from '../lib/backoff.ts';
import { whyNote } from '../messages/answers.ts';
import { refusalNote } from '../messages/refusals.ts';
import { ChatError } from '../ports/chat-platform.ts';
import type { Job } from '../ports/store.ts';
import { human } from './actors.ts';
import { change, type Draft } from './change.ts';
import { explain } from './explain.ts';
import { tellPerson } from './jobs.ts';
import { groupsOf, standingsOf } from './membership.ts';
import { identify } from './people.ts';
import { prepare } from './prepare.ts';
import { revokeWanted } from './revoke-wanted.ts';
import type { Tools } from './tools.ts';

/** A click as it waits to be judged. Plain JSON in the job's payload. */
export interface StoredClick {
  readonly action: 'approve' | 'deny' | 'comment' | 'revoke' | 'why';
  /** `<id>.<revision>.<digest>` for decisions; what to revoke for `revoke`; a role's name for `why`. */
  readonly value: string;
  readonly account: AccountRef;
  readonly delivery: string;
  readonly at: number;
  readonly message?: MessageRef;
  readonly channel?: string;
  readonly note?: string;
}

/** Fresh facts that cannot be had for this long end in a refusal, not in a wait for ever. */
const FACTS_PATIENCE_MS = 60_000;

export async function judge(tools: Tools, job: Job): Promise<void> {
  const click = job.payload as unknown as StoredClick;
  const now = await tools.store.now();
  const verdict = await weigh(tools, click, job, now - click.at < FACTS_PATIENCE_MS);
  if (verdict === 'done') return;
  if (verdict !== 'later') return refuseClick(tools, job, click, verdict);
  const wait = backoffMs(job.attempts, { baseMs: 1_000, capMs: 15_000 }, tools.ids.jitter());
  await tools.store.defer(job, now + wait, 'fresh facts are not to be had');
}

type Weighed = Refusal | 'done' | 'later';

async function weigh(tools: Tools, click: StoredClick, job: Job, patient: boolean): Promise<Weighed> {
  const who = await identify(tools, click.account);
  if (who.kind === 'refused') return who.refusal;
  if (who.kind === 'unavailable') return patient ? 'later' : { code: 'facts_unavailable', what: 'person' };
  if (click.action === 'revoke') return revokeWanted(tools, click, who.person, job);
  if (click.action === 'why') return tellWhy(tools, click, who.person, job);
  const target = readButtonValue(click.value);
  const stored = target && (await tools.store.request(target.id));
  if (!target || !stored) return { code: 'unknown_request' };
  const place = await placeProblem(tools, click, stored.row);
  if (place) return place === 'later' ? (patient ? 'later' : { code: 'facts_unavailable', what: 'group' }) : place;
  if (click.action === 'comment') return say(tools, click, stored.row, who.person, job);
  return decide(tools, { click, ...target }, stored.row, who.person, job, patient);
}

async function decide(
  tools: Tools,
  seen: { readonly click: StoredClick; readonly revision: number; readonly digest: string },
  request: AccessRequest,
  person: Person,
  job: Job,
  patient: boolean,
): Promise<Weighed> {
  if (request.status !== 'pending') return { code: 'wrong_status', status: request.status };
  if (request.offer.policyVersion !== tools.catalog.policyVersion && request.purpose.kind === 'access') {
    return voidForPolicy(tools, request, job, patient);
  }
  const people = [person.id, ...request.approvals.map((given) => given.by)];
  const standings = await standingsOf(tools, people, request.stages);
  const security = await groupsOf(tools, person, [tools.catalog.security]);
  if (!standings || !security) return patient ? 'later' : { code: 'facts_unavailable', what: 'group' };
  const { click, revision, digest } = seen;
  const evidence = evidenceOf(click);
  const outcome = await change(
    tools,
    human(person.id, click.account),
    async (draft) => {
      const common = { by: person.id, revision, digest, evidence, standings };
      const refusal =
        click.action === 'deny'
          ? await draft.decideRequest(request.id, {
              type: 'deny',
              ...common,
              note: click.note ?? '',
              security: security.length > 0,
            })
          : await approve(tools, draft, request.id, common);
      if (refusal) recordRefusal(tools, draft, click, refusal);
    },
    { hold: job },
  );
  return outcome.kind === 'taken' ? liveElsewhere(tools, outcome.owner) : 'done';
}

type Approving = Omit<Extract<Parameters<Draft['decideRequest']>[1], { type: 'approve' }>, 'type' | 'grants'>;

/** The approval that fills the quorum orders the grant (or the extension) in the very same commit. */
async function approve(tools: Tools, draft: Draft, id: RequestId, approving: Approving): Promise<Refusal | undefined> {
  const before = await draft.request(id);
  const purpose = before?.purpose;
  const live = purpose?.kind === 'extension' ? await draft.grant(purpose.grant) : undefined;
  // Looked at before anything is decided: an extension of a pass that just ended must not end up approved without effect.
  if (purpose?.kind === 'extension' && (live?.status !== 'active' || draft.now >= live.expiresAt)) {
    return live ? { code: 'not_live', status: live.status } : { code: 'unknown_pass' };
  }
  const grant = tools.ids.next('pass') as GrantId;
  const refusal = await draft.decideRequest(id, { type: 'approve', ...approving, grants: live ? [] : [grant] });
  const request = await draft.request(id);
  if (refusal || request?.status !== 'approved') return refusal;
  const { requester: person, digest, offer } = request;
  if (!live) return draft.decideGrant(grant, { type: 'order', id: grant, request: id, person, digest, offer });
  const until = live.expiresAt + offer.durationSeconds * 1000;
  return draft.decideGrant(live.id, { type: 'extend', until, extension: id });
}

/** The policy changed under the card: what was seen is not what would be granted (threat C04). Approvals are void. */
async function voidForPolicy(tools: Tools, request: AccessRequest, job: Job, patient: boolean): Promise<Weighed> {
  const prepared = await prepare(tools, request, await tools.store.now());
  if (prepared.kind === 'later' && patient) return 'later';
  if (prepared.kind !== 'ready') return prepared.refusal;
  await change(
    tools,
    { person: 'hallpass', kind: 'system', via: 'policy' },
    async (draft) =>
      void (await draft.decideRequest(request.id, { type: 'revise', why: 'policy_changed', ...prepared.opening })),
    { hold: job, keepHold: true },
  );
  return { code: 'outdated' };
}

async function say(
  tools: Tools,
  click: StoredClick,
  request: AccessRequest,
  person: Person,
  job: Job,
): Promise<Weighed> {
  await change(
    tools,
    human(person.id, click.account),
    async (draft) => {
      const refusal = await draft.decideRequest(request.id, {
        type: 'comment',
        by: person.id,
        comment: click.note ?? '',
      });
      if (refusal) recordRefusal(tools, draft, click, refusal);
    },
    { hold: job },
  );
  return 'done';
}

async function tellWhy(tools: Tools, click: StoredClick, person: Person, job: Job): Promise<Weighed> {
  const role = tools.catalog.roles[click.value];
  if (!role) return { code: 'unknown_role', role: click.value };
  const note = whyNote(await explain(tools, role, person), tools.catalog);
  const beside = click.channel ? { platform: click.account.platform, channel: click.channel } : undefined;
  await change(
    tools,
    human(person.id, click.account),
    async (draft) => draft.job(tellPerson(tools.ids, click.account, note, draft.now, beside)),
    { hold: job },
  );
  return 'done';
}

/** A card counts only where we put it, and not where another company can press it by now (threats C03, B02). */
async function placeProblem(
  tools: Tools,
  click: StoredClick,
  request: AccessRequest,
): Promise<Refusal | 'later' | undefined> {
  if (!click.message) return undefined;
  const surface = (await tools.store.surfaceAt(click.message))?.row ?? (await adopt(tools, click, request));
  const known = surface?.request === request.id || (surface && request.purpose.kind === 'extension');
  if (!surface || !known) return { code: 'outdated' };
  if (!('channel' in surface.place)) return undefined;
  try {
    const facts = await tools.chats[surface.place.channel.platform]?.channel(surface.place.channel);
    return facts?.shared === false ? undefined : { code: 'channel_shared', channel: surface.place.channel.channel };
  } catch (error) {
    if (error instanceof ChatError) return 'later';
    throw error;
  }
}

/** A card whose place was never learnt (the answer to our post was lost) is adopted from the first press on it. */
async function adopt(tools: Tools, click: StoredClick, request: AccessRequest) {
  const message = click.message;
  const surfaces = await tools.store.surfacesOf(request.id);
  const lost = surfaces.find(({ row }) => !row.message && message && isPlaceOf(row.place, message, click));
  if (!lost || !message) return undefined;
  const row = { ...lost.row, message };
  await change(tools, ADOPTS, async (draft) => draft.write({ kind: 'surface', row, version: lost.version }));
  return row;
}

const ADOPTS = { person: 'hallpass', kind: 'system', via: 'chat' } as const;
/** Somebody without a person of ours: the account says who pressed. */
const STRANGER = { person: 'hallpass', kind: 'system', via: 'stranger' } as const;

function isPlaceOf(
  place: { channel: { channel: string } } | { account: AccountRef },
  message: MessageRef,
  click: StoredClick,
): boolean {
  if ('channel' in place) return place.channel.channel === message.channel;
  return place.account.user === click.account.user && place.account.platform === message.platform;
}

async function liveElsewhere(tools: Tools, owner: string): Promise<Refusal> {
  const live = (await tools.store.grant(owner))?.row;
  if (!live) return { code: 'outdated' };
  return { code: 'already_live', grant: live.id, role: live.offer.role, expiresAt: live.expiresAt };
}

function evidenceOf(click: StoredClick): Evidence {
  const { account, delivery, at, message } = click;
  return { account, delivery, at, ...(message ? { message } : {}) };
}

/** No silent no (law 7): logged as evidence, told to the person who pressed, beside the card. */
function recordRefusal(tools: Tools, draft: Draft, click: StoredClick, refusal: Refusal): void {
  const target = readButtonValue(click.value);
  const subject = target ? { request: target.id as RequestId } : {};
  const { account, action } = click;
  const data = { action, code: refusal.code, account, evidence: evidenceOf(click) };
  draft.record({ type: 'decision.refused', at: draft.now, actor: draft.actor, subject, data });
  const note = refusalNote(refusal, tools.catalog, { what: action });
  const beside = click.channel ? { platform: account.platform, channel: click.channel } : undefined;
  draft.job(tellPerson(tools.ids, account, note, draft.now, beside));
}

async function refuseClick(tools: Tools, job: Job, click: StoredClick, refusal: Refusal): Promise<void> {
  const person = await tools.store.personAt(click.account);
  const actor = person ? human(person.row.id, click.account) : { ...STRANGER, account: click.account };
  await change(tools, actor, async (draft) => recordRefusal(tools, draft, click, refusal), { hold: job });
}
