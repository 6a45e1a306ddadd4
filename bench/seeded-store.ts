// A store as it is in use: people have asked, their cards lie in the reviewer channel and wait for a decision. Made once by
// the program itself; every measurement begins with a copy of it.
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock, systemIds } from '../src/lib/system-clock.ts';
import { freePort } from '../src/local/postgres-server.ts';
import type { Snapshot } from '../src/local/slack/control-api.ts';
import type { Store } from '../src/ports/store.ts';
import { openStore } from '../src/store/open-store.ts';
import { startProgram } from './deployment.ts';
import { runLoad } from './load.ts';
import { type Cards, EARLY_ASKERS, EARLY_ROLES } from './slack-requests.ts';
import { APPROVERS, type Deployment, REVIEW, TOKENS, type World, writeConfig } from './world.ts';

/** Requests that are in the store from the beginning, numbered from 0. */
export const SEEDED = EARLY_ASKERS * EARLY_ROLES;
const GIVE_UP_SECONDS = 30;

export interface SeededStore {
  readonly cards: Cards;
  /** A new deployment in `folder` that goes on from there. */
  deploy(folder: string, mode?: 'socket' | 'http'): Promise<Deployment>;
}

export async function seedStore(world: World, folder: string): Promise<SeededStore> {
  const seed = await deploymentIn(world, folder, 'http');
  const program = await startProgram(seed);
  await runLoad({
    ...{ what: 'ask', first: 0, connections: 5, warm: SEEDED, seconds: 0 },
    ...{ url: `http://127.0.0.1:${seed.port}/slack/events`, callbackUrl: world.url },
    ...{ signingSecret: TOKENS.signingSecret, cards: { message: {}, values: [] } },
  });
  const values = await until('all cards wait for a decision', () => pendingValues(seed));
  const message = await until('a card is in the channel', () => cardInChannel(world));
  await program.stop();
  return {
    cards: { message, values },
    async deploy(target, mode = 'http') {
      const deployment = await deploymentIn(world, target, mode);
      cpSync(join(folder, 'data'), join(target, 'data'), { recursive: true });
      return deployment;
    },
  };
}

async function deploymentIn(world: World, folder: string, mode: 'socket' | 'http'): Promise<Deployment> {
  mkdirSync(folder, { recursive: true });
  return writeConfig(world, folder, { port: await freePort(), internalPort: await freePort() }, mode);
}

/** A look at the store from outside, whether or not the program runs. */
export async function lookInto<Seen>({ folder }: Deployment, look: (store: Store) => Promise<Seen>): Promise<Seen> {
  const tools = { clock: systemClock, ids: systemIds, log: { debug() {}, info() {}, warn() {}, error() {} } };
  const store = await openStore(`sqlite:${join(folder, 'data', 'hallpass.db')}`, tools, { readonly: true });
  try {
    return await look(store);
  } finally {
    await store.close();
  }
}

async function pendingValues(seed: Deployment): Promise<readonly string[] | undefined> {
  const pending = await lookInto(seed, (store) => store.requestsIn('pending', SEEDED));
  const values = pending.flatMap(({ row }) =>
    row.status === 'pending' ? [`${row.id}.${row.revision}.${row.digest}`] : [],
  );
  return values.length === SEEDED ? values : undefined;
}

async function cardInChannel(world: World): Promise<Cards['message'] | undefined> {
  const answer = await fetch(`${world.url}/local/state?as=${APPROVERS[0]}`);
  const { channels } = (await answer.json()) as Snapshot;
  const card = channels.find(({ id }) => id === REVIEW)?.messages[0];
  return card && { ...card };
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const late = performance.now() + GIVE_UP_SECONDS * 1000;
  while (performance.now() < late) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`this never came: ${what}`);
}
