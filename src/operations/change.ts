// Load, decide, commit; again from the top when somebody else was faster. Every change of state goes through here,
// and each commit carries what must follow from its events: jobs, cards, replies, audit lines.
import type { Decision, Effect, Moment } from '../core/decision.ts';
import type { DomainEvent, EventType } from '../core/events.ts';
import { decideGrant } from '../core/grant.ts';
import type { GrantCommand } from '../core/grant-command.ts';
import { evolveGrant } from '../core/grant-evolve.ts';
import type { AccessRequest, Actor, Grant, GrantId, Instant, RequestId, Surface } from '../core/model.ts';
import type { Refusal } from '../core/refusal.ts';
import { decideRequest } from '../core/request.ts';
import type { RequestCommand } from '../core/request-command.ts';
import { evolveRequest } from '../core/request-evolve.ts';
import type { Claim, Commit, Hold, NewJob, Store, Write } from '../ports/store.ts';
import { namesOfRows } from './claims.ts';
import { type DraftRow, type DraftRows, draftRows } from './draft-rows.ts';
import { followUps } from './follow-ups.ts';
import { evaluateJob, grantJob } from './jobs.ts';
import type { Tools } from './tools.ts';

/** The lease was lost: another process holds the job now. Stop quietly; whatever was not committed never happened. */
export class Fenced extends Error {
  override readonly name = 'Fenced';
}

export interface Draft {
  readonly now: Instant;
  readonly actor: Actor;
  /** Rows that are read here must still be as they were when the change is written. */
  request(id: string): Promise<AccessRequest | undefined>;
  grant(id: string): Promise<Grant | undefined>;
  surface(id: string): Promise<Surface | undefined>;
  decideRequest(id: RequestId, command: RequestCommand): Promise<Refusal | undefined>;
  decideGrant(id: GrantId, command: GrantCommand): Promise<Refusal | undefined>;
  /** A fact about neither a request nor a grant, or one that changes no state. */
  record(event: DomainEvent): void;
  write(write: Extract<Write, { kind: 'person' }>): void;
  keepSurface(row: Surface): Promise<void>;
  claim(claim: Claim): void;
  release(key: string, owner: string): void;
  /** From here on nobody may forbid new access before this change is written, or it is decided again. */
  guardFreeze(): Promise<void>;
  /** Whatever was guarded and is not written yet is decided again. */
  raiseFreeze(): void;
  job(job: NewJob): void;
  readonly events: readonly DomainEvent[];
}

export type Changed<Value> =
  | { readonly kind: 'done'; readonly value: Value; readonly numbers: readonly number[] }
  | { readonly kind: 'taken'; readonly key: string; readonly owner: string };

export interface ChangeOptions {
  /** The job this change belongs to; a lost lease throws Fenced and writes nothing. */
  readonly hold?: Hold;
  /** The job goes on after this commit. */
  readonly keepHold?: boolean;
}

/** Each time somebody else got on; whoever is overtaken this often goes in circles, which is a bug to be seen. */
const OVERTAKEN_MAX = 100;

/** Runs `body` on a fresh draft and commits all of it or nothing; on a conflict, the whole again. */
export async function change<Value>(
  tools: Tools,
  actor: Actor,
  body: (draft: Draft) => Promise<Value>,
  options: ChangeOptions = {},
): Promise<Changed<Value>> {
  for (let tries = 0; tries < OVERTAKEN_MAX; tries += 1) {
    const open = await openDraft(tools, actor);
    const value = await body(open.draft);
    const result = await tools.store.commit(await open.commit(options));
    switch (result.kind) {
      case 'done':
        tools.poke();
        return { kind: 'done', value, numbers: result.numbers };
      case 'taken':
        // Somebody else wrote this account's person first: with that person, decide again.
        if (result.key.startsWith('account:')) break;
        return result;
      case 'fenced':
        throw new Fenced();
      case 'conflict':
        break;
    }
    tools.log.debug('a change was overtaken and is decided again');
  }
  throw new Error(`a change was overtaken ${OVERTAKEN_MAX} times`);
}

/** Work that a decision ordered, and what it is about. */
interface Ordered {
  readonly effect: Effect;
  readonly request?: RequestId;
  readonly grant?: GrantId;
}

/** All that a draft has gathered. */
interface Gathered {
  readonly now: Instant;
  readonly requests: DraftRows<AccessRequest>;
  readonly grants: DraftRows<Grant>;
  readonly surfaces: DraftRows<Surface>;
  readonly events: DomainEvent[];
  readonly ordered: Ordered[];
  readonly persons: Write[];
  readonly claims: Claim[];
  readonly releases: { readonly key: string; readonly owner: string }[];
  readonly jobs: NewJob[];
  /** The freeze counter as it was seen first. */
  freezeEpoch: number | undefined;
  raisesFreeze: boolean;
}

async function openDraft(tools: Tools, actor: Actor) {
  const { store } = tools;
  const gathered: Gathered = {
    now: await store.now(),
    requests: draftRows('request', store.request),
    grants: draftRows('grant', store.grant),
    surfaces: draftRows('surface', store.surface),
    events: [],
    ordered: [],
    persons: [],
    claims: [],
    releases: [],
    jobs: [],
    freezeEpoch: undefined,
    raisesFreeze: false,
  };
  return {
    draft: draftOver(store, gathered, { now: gathered.now, actor }),
    commit: (options: ChangeOptions) => commitOf(tools, gathered, options),
  };
}

function draftOver(store: Store, gathered: Gathered, moment: Moment): Draft {
  const { requests, grants, surfaces, events, persons, claims, releases, jobs } = gathered;
  return {
    ...moment,
    events,
    request: async (id) => (await requests.read(id)).row,
    grant: async (id) => (await grants.read(id)).row,
    surface: async (id) => (await surfaces.read(id)).row,
    async decideRequest(id, command) {
      const row = await requests.read(id);
      return take(gathered, decideRequest(row.row, command, moment), row, evolveRequest, { request: id });
    },
    async decideGrant(id, command) {
      const row = await grants.read(id);
      return take(gathered, decideGrant(row.row, command, moment), row, evolveGrant, { grant: id });
    },
    record: (event) => void events.push(event),
    write: (write) => void persons.push(write),
    async keepSurface(row) {
      const known = await surfaces.read(row.id);
      Object.assign(known, { row, touched: true });
    },
    claim: (claim) => void claims.push(claim),
    release: (key, owner) => void releases.push({ key, owner }),
    async guardFreeze() {
      gathered.freezeEpoch ??= await store.freezeEpoch();
    },
    raiseFreeze() {
      gathered.raisesFreeze = true;
    },
    job: (job) => void jobs.push(job),
  };
}

function take<T>(
  gathered: Gathered,
  decision: Decision,
  row: DraftRow<T>,
  evolve: (state: T | undefined, event: DomainEvent) => T | undefined,
  about: Omit<Ordered, 'effect'>,
): Refusal | undefined {
  if (!decision.ok) return decision.refusal;
  row.row = decision.events.reduce(evolve, row.row);
  row.touched ||= decision.events.length > 0;
  gathered.events.push(...decision.events);
  gathered.ordered.push(...decision.effects.map((effect) => ({ effect, ...about })));
  return undefined;
}

async function commitOf(tools: Tools, gathered: Gathered, options: ChangeOptions): Promise<Commit> {
  const { now, requests, grants, surfaces, events, persons, claims, releases, jobs, freezeEpoch } = gathered;
  if (freezeEpoch === undefined && events.some(({ type }) => GIVES.has(type)))
    throw new Error('access would be given without a look at what forbids it');
  const names = namesOfRows(present(requests), present(grants));
  const more = await followUps(tools, now, {
    events,
    requests: present(requests),
    grants: present(grants),
    newSurfaces: surfaces.changed().flatMap(({ row, version }) => (row && version === 0 ? [row] : [])),
    extensionsOver: extensionsOver(grants),
  });
  return {
    unchanged: [...requests.guards(), ...grants.guards(), ...surfaces.guards()],
    writes: [...requests.writes(), ...grants.writes(), ...surfaces.writes(), ...persons],
    claims: [...claims, ...names.claims],
    releases: [...releases, ...names.releases],
    events: events.map((event) => ({ event, salt: tools.ids.secret(24) })),
    jobs: [...(await effectJobs(tools, gathered)), ...jobs, ...more],
    ...(freezeEpoch === undefined ? {} : { freezeEpoch }),
    ...(gathered.raisesFreeze ? { raiseFreezeEpoch: true as const } : {}),
    ...(options.hold ? { hold: options.hold } : {}),
    ...(options.hold && !options.keepHold ? { finish: true as const } : {}),
  };
}

/** After these a target is called to give: none may be written while that is forbidden (see hold.ts). */
const GIVES: ReadonlySet<EventType> = new Set(['grant.ordered', 'grant.started', 'grant.attempted', 'grant.extending']);

function present<T>(rows: DraftRows<T>): readonly T[] {
  return rows.changed().flatMap(({ row }) => (row ? [row] : []));
}

/** Extensions that were under way before this change and are not after it: their cards said so. */
function extensionsOver(grants: DraftRows<Grant>): readonly RequestId[] {
  return grants
    .changed()
    .flatMap(({ before, row }) =>
      before?.status === 'extending' && row?.status !== 'extending' ? [before.extension] : [],
    );
}

async function effectJobs({ ids }: Tools, { ordered, grants }: Gathered): Promise<readonly NewJob[]> {
  const made: NewJob[] = [];
  for (const { effect, request, grant } of ordered) {
    if (effect.kind === 'evaluate' && request) made.push(evaluateJob(ids, request, effect.at));
    const row = grant && (await grants.read(grant)).row;
    if (row && effect.kind !== 'evaluate' && effect.kind !== 'alarm')
      made.push(grantJob(ids, effect.kind, row, effect.at));
  }
  return made;
}
