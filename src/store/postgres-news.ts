// How replicas hear of one another's commits at once: LISTEN/NOTIFY on a connection of its own. A hint and no more: whoever
// misses one finds the work at its next look. Sent after the commit and not within it: a notification takes a lock of the
// whole server until its transaction is on disk, and commits would queue up behind one another.
import { Client, type ClientConfig } from 'pg';
import { backoffMs } from '../lib/backoff.ts';
import { systemClock } from '../lib/system-clock.ts';
import type { Log } from '../ports/log.ts';

const CHANNEL = 'hallpass';
const RETRY = { baseMs: 250, capMs: 15_000 };
/** News within this time are told as one. */
const GATHER_MS = 10;

export interface News {
  /** Calls this when another process has news; answers how to stop that. */
  onNews(listener: () => void): () => void;
  /** Tells the others, soon. Never throws. */
  announce(): void;
  close(): Promise<void>;
}

/** `self` is this process' name in what it tells, so that it does not hear itself. Never throws: a server that is away is tried again. */
export function openNews(config: ClientConfig, self: string, jitter: () => number, log: Log): News {
  const listeners = new Set<() => void>();
  const closing = new AbortController();
  let line: Client | undefined;
  let telling: Promise<void> | undefined;
  let isTelling = false;
  let untold = false;
  let failures = 0;

  function hear(): void {
    for (const listener of listeners) listener();
  }

  async function listenOnce(): Promise<void> {
    const client = new Client({ ...config, query_timeout: 0 });
    const gone = ended(client);
    try {
      await client.connect();
      client.on('notification', ({ payload }) => payload !== self && hear());
      await client.query(`listen ${CHANNEL}`);
      line = client;
      if (failures > 0) log.info('Other replicas are heard again');
      failures = 0;
      hear(); // whatever was told while nobody listened
      if (untold) announce();
      await Promise.race([gone, aborted(closing.signal)]);
    } finally {
      line = undefined;
      await client.end().catch(() => {});
    }
  }

  async function listen(): Promise<void> {
    while (!closing.signal.aborted) {
      const error: unknown = await listenOnce().catch((cause: unknown) => cause);
      if (closing.signal.aborted) return;
      failures += 1;
      if (failures === 1) log.warn('Other replicas are not heard, their work is found by looking', { error });
      await systemClock.sleep(backoffMs(failures, RETRY, jitter()), closing.signal);
    }
  }

  function announce(): void {
    untold = true;
    if (!isTelling) telling = tell();
  }

  async function tell(): Promise<void> {
    isTelling = true;
    while (untold && line !== undefined) {
      untold = false;
      await line.query({ name: 'tell', text: 'select pg_notify($1, $2)', values: [CHANNEL, self] }).catch(() => {
        untold = true; // told when the line is back
        line = undefined;
      });
      await systemClock.sleep(GATHER_MS, closing.signal);
    }
    isTelling = false;
  }

  const listening = listen();
  return {
    onNews(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    announce,
    async close() {
      closing.abort('closed');
      await Promise.all([listening, telling]);
    },
  };
}

function ended(client: Client): Promise<void> {
  return new Promise((resolve) => {
    client.on('error', () => resolve());
    client.on('end', () => resolve());
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
