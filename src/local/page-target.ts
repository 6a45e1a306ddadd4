// The demo target as the page shows it: the target's own words, with people for logins and the ends that Hallpass knows.
import type { Clock, Instant } from '../ports/clock.ts';
import { PEOPLE } from './people.ts';
import type { LocalTarget, QueryOutcome, TargetSnapshot } from './target.ts';
import type { QueryReply, TargetPort, TargetState } from './target-port.ts';

/** A live pass, as far as the page needs it. */
export interface KnownEnd {
  readonly login: string;
  readonly role: string;
  readonly endsAt: Instant;
}

export function demoTarget(
  target: LocalTarget,
  name: string,
  clock: Clock,
  ends: () => Promise<readonly KnownEnd[]>,
): TargetPort {
  return {
    state: async () => shown(name, target.product, await target.state(), await ends()),
    async query(person, sql, role) {
      const login = loginOf(person);
      if (login === undefined) return { ok: false, message: 'This person has no login in the database.', ms: 0 };
      const started = clock.now();
      const outcome = await target.runQuery(login, sql, role === undefined ? {} : { asRole: role });
      return replyOf(outcome, clock.now() - started);
    },
    psqlCommand(person) {
      const login = loginOf(person);
      return login === undefined ? undefined : target.psqlCommand(login);
    },
  };
}

function loginOf(person: string): string | undefined {
  return PEOPLE.find((candidate) => candidate.id === person)?.login;
}

function personOf(login: string): { person?: string } {
  const person = PEOPLE.find((candidate) => candidate.login === login)?.id;
  return person === undefined ? {} : { person };
}

function shown(name: string, product: string, snapshot: TargetSnapshot, ends: readonly KnownEnd[]): TargetState {
  const holdersOf = (role: string) =>
    snapshot.memberships
      .filter((membership) => membership.role === role)
      .map(({ login }) => {
        const end = ends.find((known) => known.login === login && known.role === role);
        return { login, ...personOf(login), ...(end ? { endsAt: end.endsAt } : {}) };
      });
  return {
    name,
    product,
    roles: snapshot.roles.map((role) => ({ name: role.name, about: role.about, holders: holdersOf(role.name) })),
    sessions: snapshot.sessions.map(({ pid, login, since, state, client }) => ({
      id: String(pid),
      login,
      ...personOf(login),
      since,
      state,
      client,
    })),
  };
}

function replyOf(outcome: QueryOutcome, ms: number): QueryReply {
  if (outcome.error) return { ok: false, message: outcome.error.message, code: outcome.error.code, ms };
  const { command, columns, rows, rowCount } = outcome;
  return { ok: true, command, columns, rows, rowCount, ms };
}
