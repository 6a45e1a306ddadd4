// One conversation on one connection, from `begin` to its end. Statements that only change something are sent and not waited
// for; what becomes of them is known at the latest with the answer to `commit`.
import type { PoolClient, QueryArrayResult } from 'pg';
import type { Ask, Operation } from './ask.ts';
import { isLoss, unknownOutcome } from './postgres-fault.ts';
import { TIME } from './postgres-time.ts';

export interface Talk {
  /** Sends `how`, which begins a transaction, and answers what TIME says within it. */
  begin(how: string): Promise<readonly unknown[]>;
  run<Result>(operation: Operation<Result>): Promise<Result>;
  /** For an operation outside of a transaction, which asks one statement. */
  runOne<Result>(operation: Operation<Result>): Promise<Result>;
  /** Throws StoreError `unknown_outcome` when the connection went before the answer came. */
  commit(): Promise<void>;
  /** Ends the transaction without keeping anything; nobody has to wait for that. */
  leave(): void;
}

/** `isLost` says of the connection that it is gone; `server` is for messages. */
export function talkOn(client: PoolClient, isLost: () => boolean, server: string): Talk {
  const sent: Promise<unknown>[] = [];
  let first: { readonly error: unknown } | undefined;

  /** The first error is the true one: later ones only say that the transaction has failed. */
  function send(name: string | undefined, text: string, values: unknown[] = []): Promise<QueryArrayResult> {
    const answer = client.query({ ...(name !== undefined && { name }), text, values, rowMode: 'array' as const });
    sent.push(
      answer.catch((error: unknown) => {
        first ??= { error };
      }),
    );
    return answer;
  }

  async function answered<Value>(answer: Promise<Value>): Promise<Value> {
    try {
      return await answer;
    } catch (error) {
      throw first === undefined ? error : first.error;
    }
  }

  async function answer({ statement, values }: Ask): Promise<readonly unknown[]> {
    const { name, sql, answers, inputs, read } = statement;
    const coming = send(name, sql, inputs(values));
    if (!answers) return [];
    const { rows } = await answered(coming);
    return rows.map(read);
  }

  return {
    async begin(how) {
      send(undefined, how);
      const { rows } = await answered(send(TIME.name, TIME.text));
      return rows[0] ?? [];
    },
    async run(operation) {
      let step = operation.next([]);
      while (!step.done) step = operation.next(await answer(step.value));
      return step.value;
    },
    async runOne(operation) {
      const asked = operation.next([]);
      const end = asked.done ? asked : operation.next(await answer(asked.value));
      if (!end.done)
        throw new Error(`${end.value.statement.name} is a second statement, on another view than the first`);
      return end.value;
    },
    async commit() {
      // On a connection that is known to be gone nothing is sent any more, so nothing can have been kept.
      if (isLost()) throw new Error('Connection terminated before the commit');
      const committed = send(undefined, 'commit');
      await Promise.all(sent);
      if (first !== undefined) throw isLoss(first.error) ? unknownOutcome(first.error, server) : first.error;
      const { command } = await committed;
      if (command !== 'COMMIT') throw new Error(`A commit was answered with ${command}`);
    },
    leave() {
      if (!isLost()) send(undefined, 'rollback');
    },
  };
}
