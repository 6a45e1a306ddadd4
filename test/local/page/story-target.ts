// A target that is only a few variables, so that the page can be seen in every state of it. It answers as PostgreSQL does.
import type { QueryReply, TargetPort, TargetState } from '../../../src/local/target-port.ts';

export interface StoryTarget extends TargetPort {
  /** What a permitted query finds. */
  answer: { columns: readonly string[]; rows: readonly (readonly (string | null)[])[] };
  grant(person: string, endsAt?: number): void;
  /** Takes the role back and ends the sessions, as a revocation does. */
  revoke(person: string): void;
}

const CUSTOMERS = [
  ['1', 'Ada Lovelace', 'ada@customers.test', null],
  ['2', 'Grace Hopper', 'grace@customers.test', 'gold'],
  ['3', 'Mary Shelley', 'mary@customers.test', null],
] as const;

export function storyTarget(now: () => number): StoryTarget {
  const holders = new Map<string, number | undefined>();
  const sessions = new Map<string, number>();
  const ended = new Set<string>();
  const login = (person: string) => person.slice(2).toLowerCase();
  const target: StoryTarget = {
    answer: { columns: ['id', 'name', 'email', 'plan'], rows: CUSTOMERS },
    grant: (person, endsAt) => void holders.set(person, endsAt),
    revoke(person) {
      holders.delete(person);
      if (sessions.delete(person)) ended.add(person);
    },
    psqlCommand: (person) => `psql 'postgres://${login(person)}@127.0.0.1:5499/shop'`,
    async state(): Promise<TargetState> {
      return {
        name: 'prod-db',
        product: 'PostgreSQL 18',
        roles: [
          {
            name: 'shop_readonly',
            about: 'Reads everything, changes nothing',
            holders: [...holders].map(([person, endsAt]) => ({
              login: login(person),
              person,
              ...(endsAt === undefined ? {} : { endsAt }),
            })),
          },
          { name: 'shop_admin', about: 'May change everything', holders: [] },
        ],
        sessions: [...sessions].map(([person, since]) => ({
          id: person,
          login: login(person),
          person,
          since,
          state: 'idle',
          client: 'this page',
        })),
      };
    },
    async query(person, sql): Promise<QueryReply> {
      if (ended.delete(person)) return { ok: false, message: 'session was ended by the server', code: '57P01', ms: 1 };
      sessions.set(person, sessions.get(person) ?? now());
      const may = holders.has(person);
      if (sql.startsWith('set role'))
        return may
          ? { ok: true, command: 'SET', columns: [], rows: [], rowCount: 0, ms: 1 }
          : { ok: false, message: 'permission denied to set role "shop_readonly"', code: '42501', ms: 1 };
      if (!may) return { ok: false, message: 'permission denied for table customers', code: '42501', ms: 1 };
      const { columns, rows } = target.answer;
      return { ok: true, command: `SELECT ${rows.length}`, columns, rows, rowCount: rows.length, ms: 2 };
    },
  };
  return target;
}
