// What the page needs of the demo target: who has which role now, live sessions, and a query as a person.
// Interfaces only; the embedded target is put behind them by the composition root.

/** One demo role and who is in it at this moment, as the target itself says. */
export interface TargetRole {
  /** The role's name in the target, `shop_readonly`. */
  readonly name: string;
  /** One line on what it lets one do. */
  readonly about: string;
  /** Empty: nobody has it. */
  readonly holders: readonly TargetHolder[];
}

export interface TargetHolder {
  /** The login in the target. */
  readonly login: string;
  /** The person's user id in the workspace, when the login belongs to one. */
  readonly person?: string;
  /** When the access ends, milliseconds since 1970 (UTC), when that is known. */
  readonly endsAt?: number;
}

export interface TargetSession {
  readonly id: string;
  readonly login: string;
  readonly person?: string;
  /** Milliseconds since 1970 (UTC). */
  readonly since: number;
  /** What it does: `idle`, `active`, … */
  readonly state: string;
  /** From where, for people: `this page`, `psql`. */
  readonly client: string;
}

export interface TargetState {
  /** How people call the target, `prod-db`. */
  readonly name: string;
  /** What it is, `PostgreSQL 18`. */
  readonly product: string;
  readonly roles: readonly TargetRole[];
  readonly sessions: readonly TargetSession[];
}

/** `rows` are cut at what a page can show; `rowCount` says how many there were. */
export type QueryReply =
  | {
      readonly ok: true;
      /** `SELECT 5`, `SET`, … */
      readonly command: string;
      readonly columns: readonly string[];
      readonly rows: readonly (readonly (string | null)[])[];
      readonly rowCount: number;
      readonly ms: number;
    }
  | {
      readonly ok: false;
      /** The server's words, `permission denied for table customers`. */
      readonly message: string;
      /** SQLSTATE, when the server gave one. */
      readonly code?: string;
      readonly ms: number;
    };

export interface TargetPort {
  state(): Promise<TargetState>;
  /** As that person's login, in a session that stays open for the person's next query. `role`: SET ROLE first. */
  query(person: string, sql: string, role?: string): Promise<QueryReply>;
  /** The command that connects from a terminal as that person; undefined for people who have no login. */
  psqlCommand(person: string): string | undefined;
}

/** What `GET /target?as=<person>` answers. */
export type TargetReply =
  | { readonly available: false }
  | ({ readonly available: true; readonly psql?: string } & TargetState);
