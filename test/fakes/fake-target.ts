// The truth inside the fake target: who holds which role and since whose order, what takes effect later, what a look sees
// while read-backs are stale, live sessions. Runs on the clock it is given; nothing happens by itself, only when looked at.

import type { Principal } from '../../src/core/model.ts';
import type { Clock, Instant } from '../../src/ports/clock.ts';

/** One reason why a principal has a role: by hand, or by an order of ours. Two reasons are two holdings. */
export interface Holding {
  readonly principal: Principal;
  readonly role: string;
  /** Undefined: an administrator gave it, it bears no mark. */
  readonly grantId: string | undefined;
  /** Which deployment of ours gave it. */
  readonly deployment?: string;
  readonly endsAt: Instant | undefined;
  /** 'half': a grant of several steps that broke in between. It bears our mark and gives no access. */
  readonly state: 'whole' | 'half';
}
interface FakeSession {
  readonly principalId: string;
  readonly role: string;
  alive(): boolean;
}

export interface FakeTarget {
  holdings(): readonly Holding[];
  /** Does the principal have the role right now, whoever gave it? This is the truth that invariants are checked against. */
  has(principalId: string, role: string): boolean;
  /** What a look from outside shows: the truth, or an older one while `staleFor` lasts. A half grant counts as there. */
  seen(principalId: string, role: string): boolean;
  put(holding: Holding): boolean;
  remove(where: (holding: Holding) => boolean): number;
  /** From now, for so long, looks at this principal and role show what they show now. */
  freeze(principalId: string, role: string, ms: number): void;
  later(ms: number, effect: () => void): void;
  openSession(principalId: string, role: string): FakeSession;
  /** Ends the principal's sessions but for `spare` of them. */
  endSessions(principalId: string, spare: number): { readonly ended: number; readonly left: number };
}

export function fakeTarget(clock: Clock): FakeTarget {
  let all: Holding[] = [];
  let waiting: { readonly at: Instant; readonly effect: () => void }[] = [];
  const frozen = new Map<string, { readonly shows: boolean; readonly until: Instant }>();
  const sessions = new Set<FakeSession>();

  /** Brings the truth up to the clock: late effects in their order, then ends by themselves. */
  function catchUp(): void {
    const now = clock.now();
    const due = waiting.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
    waiting = waiting.filter(({ at }) => at > now);
    for (const { effect } of due) effect();
    all = all.filter(({ endsAt }) => endsAt === undefined || endsAt > now);
  }
  function isThere(principalId: string, role: string, halfCounts: boolean): boolean {
    catchUp();
    return all.some((h) => h.principal.id === principalId && h.role === role && (halfCounts || h.state === 'whole'));
  }

  return {
    holdings: () => {
      catchUp();
      return all;
    },
    has: (principalId, role) => isThere(principalId, role, false),
    seen(principalId, role) {
      const old = frozen.get(keyOf(principalId, role));
      return old !== undefined && clock.now() < old.until ? old.shows : isThere(principalId, role, true);
    },
    put(holding) {
      catchUp();
      const same = all.find((h) => isSame(h, holding));
      all = [...all.filter((h) => h !== same), holding];
      return same?.state !== 'whole' && holding.state === 'whole';
    },
    remove(where) {
      catchUp();
      const before = all.length;
      all = all.filter((holding) => !where(holding));
      return before - all.length;
    },
    freeze(principalId, role, ms) {
      const shows = isThere(principalId, role, true);
      frozen.set(keyOf(principalId, role), { shows, until: clock.now() + ms });
    },
    later: (ms, effect) => {
      waiting.push({ at: clock.now() + ms, effect });
    },
    openSession(principalId, role) {
      const session: FakeSession = { principalId, role, alive: () => sessions.has(session) };
      sessions.add(session);
      return session;
    },
    endSessions(principalId, spare) {
      const theirs = [...sessions].filter((session) => session.principalId === principalId);
      const ending = theirs.slice(0, Math.max(0, theirs.length - spare));
      for (const session of ending) sessions.delete(session);
      return { ended: ending.length, left: theirs.length - ending.length };
    },
  };
}

function isSame(a: Holding, b: Holding): boolean {
  return a.principal.id === b.principal.id && a.role === b.role && a.grantId === b.grantId;
}

function keyOf(principalId: string, role: string): string {
  return JSON.stringify([principalId, role]);
}
