// Decide a stored click with facts read now (≤ 60 s old): approve, deny, comment, and what security does. The click was
// stored before it was answered; here it counts, once, or is refused with a sentence to the person who pressed.
import { readButtonValue } from '../core/digest.ts';
import type { AccessRequest, Person } from '../core/model.ts';
import { backoffMs } from '../lib/backoff.ts';
import { whyNote } from '../messages/answers.ts';
import type { Job } from '../ports/store.ts';
import { human } from './actors.ts';
import { placeProblem } from './card-place.ts';
import { change } from './change.ts';
import { closeWanted } from './close-wanted.ts';
import { decideClick, type Weighed } from './decide-click.ts';
import { explain } from './explain.ts';
import { tellPerson } from './jobs.ts';
import { judgeFound } from './judge-found.ts';
import { identify } from './people.ts';
import { recordRefusal, refuseClick } from './refuse-click.ts';
import { revokeWanted } from './revoke-wanted.ts';
import { besideOf, type StoredClick } from './stored-click.ts';
import type { Tools } from './tools.ts';

/** Fresh facts that cannot be had for this long end in a refusal, not in a wait for ever. */
const FACTS_PATIENCE_MS = 60_000;

export async function judge(tools: Tools, job: Job): Promise<void> {
  const click = job.payload as unknown as StoredClick;
  const now = await tools.store.now();
  const verdict = await weigh(tools, click, job);
  if (verdict === 'done') return;
  const isPatient = verdict.code === 'facts_unavailable' && now - click.at < FACTS_PATIENCE_MS;
  if (!isPatient) return refuseClick(tools, job, click, verdict);
  const wait = backoffMs(job.attempts, { baseMs: 1_000, capMs: 15_000 }, tools.ids.jitter());
  await tools.store.defer(job, now + wait, 'fresh facts are not to be had');
}

async function weigh(tools: Tools, click: StoredClick, job: Job): Promise<Weighed> {
  const who = await identify(tools, click.account);
  if (who.kind === 'refused') return who.refusal;
  if (who.kind === 'unavailable') return { code: 'facts_unavailable', what: 'person' };
  if (click.action === 'revoke') return revokeWanted(tools, click, who.person, job);
  if (click.action === 'force_close') return closeWanted(tools, click, who.person, job);
  if (click.action === 'why') return tellWhy(tools, click, who.person, job);
  if (click.action === 'keep' || click.action === 'take_back') return judgeFound(tools, click, who.person, job);
  const target = readButtonValue(click.value);
  const request = target && (await tools.store.request(target.id))?.row;
  if (!target || !request) return { code: 'unknown_request' };
  const place = await placeProblem(tools, click, request);
  if (place) return place;
  if (click.action === 'comment') return say(tools, click, request, who.person, job);
  return decideClick(tools, click, { revision: target.revision, digest: target.digest }, request, who.person, job);
}

async function say(
  tools: Tools,
  click: StoredClick,
  request: AccessRequest,
  person: Person,
  job: Job,
): Promise<Weighed> {
  const command = { type: 'comment', by: person.id, comment: click.note ?? '' } as const;
  await change(
    tools,
    human(person.id, click.account),
    async (draft) => {
      const refusal = await draft.decideRequest(request.id, command);
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
  await change(
    tools,
    human(person.id, click.account),
    async (draft) => draft.job(tellPerson(tools.ids, click.account, note, draft.now, besideOf(click))),
    { hold: job },
  );
  return 'done';
}
