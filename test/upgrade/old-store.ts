// A store as an older version left it, and the world around it: what its passes are in the targets, and what time it is.
import { readFileSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import type { Role } from '../../src/core/catalog.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Holding } from '../fakes/fake-target.ts';
import { ROLES } from '../fixtures/upgrade/roles.mjs';
import { catalogOf, OTHER_ROLE, openWorld, quietLog, ROLE, type World } from '../world.ts';
import { countingIds } from '../world-ports.ts';

export interface OldStore {
  readonly version: string;
  readonly now: number;
  /** What the targets held for us at that moment. */
  readonly holdings: readonly (Holding & { readonly target: 'prod-db' | 'billing' })[];
  readonly sql: string;
}

export function oldStore(version: string): OldStore {
  const sql = readFileSync(new URL(`../fixtures/upgrade/${version}.sql`, import.meta.url), 'utf8');
  return { sql, ...JSON.parse(sql.slice('-- '.length, sql.indexOf('\n'))) };
}

/** Writes it as the file it was. `more` is done to it before anybody opens it. */
export function writeOldFile({ sql }: OldStore, file: string, more = ''): void {
  const db = new Sqlite(file);
  db.exec(sql);
  db.exec(more);
  db.close();
}

/** Opened once by the program of today, at the time of then: its tables are up to date. */
export async function bringUpToDate({ now }: OldStore, file: string): Promise<void> {
  const clock: Clock = { now: () => now, sleep: async () => undefined };
  await (await openStore(`sqlite:${file}`, { clock, ids: countingIds(), log: quietLog })).close();
}

const templates: { readonly [target: string]: Role } = { 'prod-db': ROLE, billing: OTHER_ROLE };

/** The program of today on that store, at the time of then; the targets hold what they held. */
export async function worldOn(old: OldStore, url: string): Promise<World> {
  let world: World | undefined;
  const clock: Clock = {
    now: () => world?.clock.now() ?? old.now,
    sleep: (ms, signal) => world?.clock.sleep(ms, signal) ?? Promise.resolve(),
  };
  const store = await openStore(url, { clock, ids: countingIds(), log: quietLog }, { time: () => clock.now() });
  const catalog = catalogOf(ROLES.map((role) => ({ ...(templates[role.target] as Role), ...role })));
  const fresh = await openWorld({ store, catalog });
  await fresh.clock.advance(old.now - fresh.clock.now());
  world = fresh;
  const targets = { 'prod-db': fresh.fake, billing: fresh.billing };
  for (const { target, ...holding } of old.holdings) targets[target].target.put({ ...holding, endsAt: undefined });
  return fresh;
}
