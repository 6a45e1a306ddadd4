// After a rollback, in a target that has no room for our mark: everybody who was ever met is looked for in each role of that
// target. What is there and no live pass accounts for is put before people. Goes in small steps, each a run of its own, so that
// whoever gives and takes there waits for nothing; when all were looked for twice, the target is given in again.
import type { Role } from '../core/catalog.ts';
import type { Person, PersonId, Principal } from '../core/model.ts';
import { backoffMs } from '../lib/backoff.ts';
import { AdapterError, type Presence } from '../ports/grant-adapter.ts';
import type { Job } from '../ports/store.ts';
import type { LiveTarget } from '../ports/targets.ts';
import { RUNNER } from './actors.ts';
import { change, type Draft } from './change.ts';
import { liveKey } from './claims.ts';
import { findId, keepFind, recallFind } from './found.ts';
import { releaseHold } from './hold.ts';
import { chooseJob, targetJob } from './jobs.ts';
import { callUnderLease } from './lease.ts';
import { asked, settleMs } from './reconcile-round.ts';
import { recall, remember } from './remembered.ts';
import { over } from './run-grant.ts';
import type { Tools } from './tools.ts';

const PEOPLE_AT_ONCE = 20;
/** In one step; what ends access there must not wait for looks. */
const LOOKS_MS = 15_000;
/** Between two steps: a target with many people is not flooded. */
const STEP_MS = 1_000;
const FAILED_GAP = { baseMs: 5_000, capMs: 300_000 };

interface CensusState {
  /** Goes on after this person. */
  readonly after?: PersonId;
  /** The second look at everybody. */
  readonly isSecond?: true;
}
interface Sighting {
  readonly role: Role;
  readonly person: Person;
  readonly principal: Principal;
}

export async function runCensus(tools: Tools, job: Job): Promise<void> {
  const name = String(job.payload['target']);
  const target = tools.targets.of(name);
  if (!target) return over(tools, job);
  const from = (await recall<CensusState>(tools, stateKey(name))).value?.after;
  const people = await tools.store.people(from, PEOPLE_AT_ONCE);
  try {
    const seen: Sighting[] = [];
    const looked: Person[] = [];
    const until = tools.clock.now() + LOOKS_MS;
    for (const person of people) {
      if (looked.length > 0 && tools.clock.now() >= until) break;
      seen.push(...(await lookFor(tools, job, target, person)));
      looked.push(person);
    }
    const isLast = people.length < PEOPLE_AT_ONCE && looked.length === people.length;
    await stepDone(tools, job, target, isLast ? undefined : looked.at(-1)?.id, seen);
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    tools.log.warn('people could not be looked for in a target and will be again', { target: name, error });
    const wait = backoffMs(job.attempts, FAILED_GAP, tools.ids.jitter());
    await tools.store.defer(job, (await tools.store.now()) + wait, error.message);
  }
}

/** Throws AdapterError when the target is not there at all. */
async function lookFor(tools: Tools, job: Job, target: LiveTarget, person: Person): Promise<readonly Sighting[]> {
  const { connection } = target;
  const facts = { id: person.id, name: person.name, email: person.email };
  const about = { person: person.id, target: target.name };
  const find = (signal: AbortSignal) => connection.resolve(facts, signal);
  const principal = await asked(tools, about, () => callUnderLease(tools, job, find));
  if (!principal) return [];
  const seen: Sighting[] = [];
  for (const role of rolesIn(tools, target)) {
    if (await isKnown(tools, target, role, principal)) continue;
    const order = { grantId: job.id, principal, target: role.entitlement as unknown, expiresAt: 0 };
    const look = (signal: AbortSignal) => connection.inspect(order, signal);
    const presence: Presence | undefined = await asked(tools, about, () => callUnderLease(tools, job, look));
    // "Unknown" is not "absent": people look where we could not.
    if (presence === 'present' || presence === 'unknown') seen.push({ role, person, principal });
  }
  return seen;
}

/** Two roles that give the same are one access. */
function rolesIn({ catalog }: Tools, target: LiveTarget): readonly Role[] {
  const roles = Object.values(catalog.roles).filter((role) => role.target === target.name);
  return [...new Map(roles.map((role) => [target.keyOf(role.entitlement), role])).values()];
}

/** A live pass accounts for it, people chose that it stays, or they are being asked. */
async function isKnown(tools: Tools, target: LiveTarget, role: Role, principal: Principal): Promise<boolean> {
  const targetKey = target.keyOf(role.entitlement);
  if ((await tools.store.ownerOf(liveKey(principal.id, targetKey))) !== undefined) return true;
  const { value } = await recallFind(tools, findId(targetKey, principal));
  return value !== undefined && value.state !== 'revoked';
}

async function stepDone(
  tools: Tools,
  job: Job,
  target: LiveTarget,
  /** The step ended with this person, and there may be more. */
  last: PersonId | undefined,
  seen: readonly Sighting[],
): Promise<void> {
  const { name } = target;
  const outcome = await change(
    tools,
    RUNNER,
    async (draft) => {
      for (const sighting of seen) await putBeforePeople(tools, draft, target, sighting);
      const before = await recall<CensusState>(tools, stateKey(name));
      const next = nextStep(last, before.value?.isSecond ?? false);
      remember(draft, stateKey(name), before, next);
      // What the first look did not show may have been given so shortly before that a read-back was older (law 4).
      const waitMs = last ? STEP_MS : settleMs(target);
      if (next) draft.job(targetJob(tools.ids, 'census', name, draft.now + waitMs));
      else await releaseHold(tools, draft, name, 'rolled_back');
    },
    { hold: job },
  );
  if (outcome.kind === 'taken') throw new Error(`somebody else keeps ${outcome.key}`);
}

/** `undefined`: everybody was looked for, twice. */
function nextStep(last: PersonId | undefined, isSecond: boolean): CensusState | undefined {
  if (last) return { after: last, ...(isSecond && { isSecond }) };
  return isSecond ? undefined : { isSecond: true };
}

async function putBeforePeople(tools: Tools, draft: Draft, target: LiveTarget, sighting: Sighting): Promise<void> {
  const { role, person, principal } = sighting;
  const id = findId(target.keyOf(role.entitlement), principal);
  const before = await recallFind(tools, id);
  if (before.value && before.value.state !== 'revoked') return;
  const found = {
    target: target.name,
    role: role.name,
    principal,
    person: person.id,
    state: 'open',
    asked: 0,
  } as const;
  keepFind(draft, id, before, found);
  draft.job(chooseJob(tools.ids, tools.catalog.auditChannel, id, draft.now));
}

function stateKey(target: string): string {
  return `census:${target}`;
}
