// Load, decide, commit; again from the top when somebody else was faster. Every change of state goes through here,
// and each commit carries what must follow from its events: jobs, cards, replies, audit lines.
import type { Decision, Effect, Moment } from '../core/decision.ts';
import type { DomainEvent } from '../core/events.ts';
import { decideGrant, type GrantCommand } from '../core/grant.ts';
import { evolveGrant } from '../core/grant-evolve.ts';
import type { AccessRequest, Actor, Grant, GrantId, Instant, RequestId } from '../core/model.ts';
import type { Refusal } from '../core/refusal.ts';
import { decideRequest, type RequestCommand } from '../core/request.ts';
import { evolveRequest } from '../core/request-evolve.ts';
import type { Claim, Hold, NewJob, Write } from '../ports/store.ts';
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
  request(id: string): Promise<AccessRequest | undefined>;
  grant(id: string): Promise<Grant | undefined>;
  decideRequest(id: RequestId, command: RequestCommand): Promise<Refusal | undefined>;
  decideGrant(id: GrantId, command: GrantCommand): Promise<Refusal | undefined>;
  /** A fact about neither a request nor a grant, or one that changes no state. */
  record(event: DomainEvent): void;
  write(write: Extract<Write, { kind: 'person' | 'surface' }>): void;
  claim(claim: Claim): void;
  release(key: string, owner: string): void;
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

/** Runs `body` on a fresh draft and commits all of it or nothing; on a conflict, the whole again. */
export async function change<Value>(
  tools: Tools,
  actor: Actor,
  body: (draft: Draft) => Promise<Value>,
  options: ChangeOptions = {},
): Promise<Changed<Value>> {
  for (;;) {
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
}

interface Row<T> {
  row: T | undefined;
  readonly version: number;
  touched: boolean;
}

async function openDraft(tools: Tools, actor: Actor) {
  const { store, ids } = tools;
  const now = await store.now();
  const moment: Moment = { now, actor };
  const requests = new Map<string, Row<AccessRequest>>();
  const grants = new Map<string, Row<Grant>>();
  const events: DomainEvent[] = [];
  const effects: { readonly effect: Effect; readonly request?: RequestId; readonly grant?: GrantId }[] = [];
  const writes: Write[] = [];
  const claims: Claim[] = [];
  const releases: { key: string; owner: string }[] = [];
  const jobs: NewJob[] = [];

  async function requestRow(id: string): Promise<Row<AccessRequest>> {
    return requests.get(id) ?? remember(requests, id, await store.request(id));
  }
  async function grantRow(id: string): Promise<Row<Grant>> {
    return grants.get(id) ?? remember(grants, id, await store.grant(id));
  }

  const draft: Draft = {
    now,
    actor,
    events,
    request: async (id) => (await requestRow(id)).row,
    grant: async (id) => (await grantRow(id)).row,
    async decideRequest(id, command) {
      const row = await requestRow(id);
      return take(decideRequest(row.row, command, moment), row, evolveRequest, { request: id });
    },
    async decideGrant(id, command) {
      const row = await grantRow(id);
      return take(decideGrant(row.row, command, moment), row, evolveGrant, { grant: id });
    },
    record: (event) => void events.push(event),
    write: (write) => void writes.push(write),
    claim: (claim) => void claims.push(claim),
    release: (key, owner) => void releases.push({ key, owner }),
    job: (job) => void jobs.push(job),
  };

  function take<T>(
    decision: Decision,
    row: Row<T>,
    evolve: (state: T | undefined, event: DomainEvent) => T | undefined,
    about: { readonly request?: RequestId; readonly grant?: GrantId },
  ): Refusal | undefined {
    if (!decision.ok) return decision.refusal;
    row.row = decision.events.reduce(evolve, row.row);
    row.touched ||= decision.events.length > 0;
    events.push(...decision.events);
    effects.push(...decision.effects.map((effect) => ({ effect, ...about })));
    return undefined;
  }

  async function effectJobs(): Promise<NewJob[]> {
    const made: NewJob[] = [];
    for (const { effect, request, grant } of effects) {
      if (effect.kind === 'evaluate' && request) made.push(evaluateJob(ids, request, effect.at));
      const row = grant && (await grantRow(grant)).row;
      if (row && effect.kind !== 'evaluate' && effect.kind !== 'alarm')
        made.push(grantJob(ids, effect.kind, row, effect.at));
    }
    return made;
  }

  async function commit(options: ChangeOptions) {
    const live = liveClaims(changed(grants));
    const asking = askClaims(changed(requests));
    const after = await followUps(tools, now, { events, requests: changed(requests), grants: changed(grants), writes });
    return {
      writes: [...rowWrites('request', requests), ...rowWrites('grant', grants), ...writes, ...after.writes],
      claims: [...claims, ...live.claims, ...asking.claims],
      releases: [...releases, ...live.releases, ...asking.releases],
      events: events.map((event) => ({ event, salt: ids.secret(24) })),
      jobs: [...(await effectJobs()), ...jobs, ...after.jobs],
      ...(options.hold ? { hold: options.hold } : {}),
      ...(options.hold && !options.keepHold ? { finish: true as const } : {}),
    };
  }

  return { draft, commit };
}

function remember<T>(rows: Map<string, Row<T>>, id: string, stored: { row: T; version: number } | undefined): Row<T> {
  const row: Row<T> = { row: stored?.row, version: stored?.version ?? 0, touched: false };
  rows.set(id, row);
  return row;
}

function changed<T>(rows: Map<string, Row<T>>): readonly T[] {
  return [...rows.values()].flatMap((row) => (row.touched && row.row ? [row.row] : []));
}

function rowWrites<K extends 'request' | 'grant'>(
  kind: K,
  rows: Map<string, Row<Extract<Write, { kind: K }>['row']>>,
): Write[] {
  return [...rows.values()].flatMap(({ row, version, touched }) =>
    touched && row ? [{ kind, row, version } as Write] : [],
  );
}

interface Names {
  readonly claims: Claim[];
  readonly releases: { readonly key: string; readonly owner: string }[];
}

/** No two live grants share a membership (law 10): the name is taken at the order and falls free at the end. */
function liveClaims(grants: readonly Grant[]): Names {
  const names: Names = { claims: [], releases: [] };
  for (const row of grants) {
    const name = { key: liveKey(row.offer.principal.id, row.offer.targetKey), owner: row.id };
    const over = row.status === 'failed' || row.status === 'revoked' || row.status === 'force_closed';
    names[over ? 'releases' : 'claims'].push(name);
  }
  return names;
}

/** One open request per person and role (or per pass, for more time): two cards for one wish would only confuse. */
function askClaims(requests: readonly AccessRequest[]): Names {
  const names: Names = { claims: [], releases: [] };
  for (const row of requests) {
    const about = row.purpose.kind === 'extension' ? row.purpose.grant : row.role;
    const name = { key: `asking:${JSON.stringify([row.requester, about])}`, owner: row.id };
    names[row.status === 'evaluating' || row.status === 'pending' ? 'claims' : 'releases'].push(name);
  }
  return names;
}

export function liveKey(principal: string, targetKey: string): string {
  return `live:${JSON.stringify([targetKey, principal])}`;
}
