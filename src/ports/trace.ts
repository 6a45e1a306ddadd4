// Spans of work for whoever follows one story over processes. Facts are ids, kinds and outcomes: nothing personal, no secret,
// no text that anybody typed.

export type SpanFacts = Readonly<Record<string, string | number | boolean>>;

export interface Trace {
  /**
   * Runs `work` within a span and gives back what it gives back; an error passes through, and only its class is noted.
   * `note` adds what is known only later. Tracing never fails what is traced.
   */
  span<T>(name: string, facts: SpanFacts, work: (note: (facts: SpanFacts) => void) => Promise<T>): Promise<T>;
}

/** Follows nothing. */
export const noTrace: Trace = { span: (_name, _facts, work) => work(() => undefined) };
