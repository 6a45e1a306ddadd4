// What an HTTP route is, and the proof that a request was checked before anything acts on it.
// A handler takes `Verified<…>`, only a verifier can make one, and every route has a verifier (threats A01, A02, B17).

/** A request as it came in, before anybody believed it. */
export interface RawRequest {
  readonly method: string;
  /** Exactly as sent: not decoded, not normalised. */
  readonly path: string;
  /** What follows the first `?`; empty without one. */
  readonly query: string;
  /** Lower-case names; a header that was sent twice has two values. */
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
  readonly body: Buffer;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Why something was not let in: the status goes out with an empty body, the code goes to the log. */
export interface Refused {
  readonly refused: string;
  readonly status: number;
}

declare const proof: unique symbol;
/** A payload whose sender was checked. No other code can build one: the brand is not exported, and casts are found out. */
export interface Verified<Payload> {
  readonly [proof]: true;
  readonly payload: Payload;
}

export interface Verifier<Input, Payload> {
  readonly name: string;
  check(input: Input): Promise<Verified<Payload> | Refused>;
}

export interface Route<Payload = unknown> {
  readonly method: 'GET' | 'POST';
  /** Compared letter by letter with what was sent: `/slack//events`, `/slack/events/` and `/Slack/events` are other paths. */
  readonly path: string;
  readonly verify: Verifier<RawRequest, Payload>;
  handle(request: Verified<Payload>): Promise<Reply>;
}

const verified = new WeakSet<object>();
const verifiers = new WeakSet<object>();

/** `judge` answers `{ admitted }` or a refusal; it must never throw for bad input, but if it does, nothing is admitted. */
export function verifier<Input, Payload>(
  name: string,
  judge: (input: Input) => Promise<{ readonly admitted: Payload } | Refused> | { readonly admitted: Payload } | Refused,
): Verifier<Input, Payload> {
  const made: Verifier<Input, Payload> = Object.freeze({
    name,
    async check(input: Input) {
      const verdict = await judge(input);
      return 'refused' in verdict ? verdict : seal(verdict.admitted);
    },
  });
  verifiers.add(made);
  return made;
}

/** For what anybody may ask, such as a health check. `reason` is for the reader of the route table. */
export function open(reason: string): Verifier<RawRequest, RawRequest> {
  return verifier(`open: ${reason}`, (request) => ({ admitted: request }));
}

/** True only for what a verifier of this process admitted. */
export function isVerified<Payload>(value: Verified<Payload> | Refused): value is Verified<Payload> {
  return verified.has(value);
}

export function isVerifier(value: unknown): boolean {
  return typeof value === 'object' && value !== null && verifiers.has(value);
}

function seal<Payload>(payload: Payload): Verified<Payload> {
  const sealed = Object.freeze({ payload });
  verified.add(sealed);
  return sealed as Verified<Payload>;
}
