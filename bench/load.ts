// What the load generator is told and what it answers.
import { startHelper } from './child.ts';
import type { Cards, What } from './slack-requests.ts';

export interface Load {
  readonly what: What;
  /** Where Slack's deliveries go. */
  readonly url: string;
  readonly signingSecret: string;
  /** Origin of the `response_url` in each request. */
  readonly callbackUrl: string;
  readonly cards: Cards;
  /** Number of the first request: no number is ever used twice for one server. */
  readonly first: number;
  readonly connections: number;
  /** Requests before the measurement. */
  readonly warm: number;
  readonly seconds: number;
}

export interface Loaded {
  /** The first number that was not used. */
  readonly next: number;
  readonly answered: number;
  readonly refused: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Throws an Error when a single answer was not 200. */
export async function runLoad(load: Load): Promise<Loaded> {
  const child = await startHelper<Loaded>('load-process.ts', load);
  await child.stop();
  if (child.said.refused > 0)
    throw new Error(`${child.said.refused} requests (${load.what}) were not answered with 200`);
  return child.said;
}
