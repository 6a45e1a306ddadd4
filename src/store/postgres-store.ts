// Puts together a store on PostgreSQL: server looked at, tables up to date, connections, news, and the deployment's id.
import { type Door, readDoor } from '../lib/postgres-address.ts';
import type { Store } from '../ports/store.ts';
import { deploymentId, givenId, knownId } from './deployment.ts';
import type { OpenOptions, StoreTools } from './open-store.ts';
import { postgresDriver } from './postgres.ts';
import { serverName } from './postgres-check.ts';
import { assertMigrated, migrate } from './postgres-migrate.ts';
import { openNews } from './postgres-news.ts';
import { clientConfig, openLines } from './postgres-pool.ts';
import { makeStore } from './store.ts';
import { StoreError } from './store-error.ts';

export async function openPostgresStore(url: string, tools: StoreTools, options: OpenOptions): Promise<Store> {
  const door = readDoor(url);
  if ('problem' in door) throw new StoreError('bad_url', `The URL of the store is wrong: ${door.problem}.`);
  const { readonly = false, forWork = false, time } = options;
  const { ids, log } = tools;
  const server = serverName(door);
  const config = await configOf(door, readonly);
  await (readonly ? assertMigrated(config, server, forWork) : migrate(config, server, log));
  const news = readonly ? undefined : openNews(config, ids.next('replica'), ids.jitter, log);
  const driver = postgresDriver(openLines(config), news, { ...tools, ...(time && { time }), server });
  try {
    const { statements } = driver;
    const id = readonly
      ? await driver.read(() => (forWork ? knownId(statements) : deploymentId(statements)))
      : await driver.write((now) => givenId(statements, ids.next('dep'), now));
    return makeStore(driver, id);
  } catch (error) {
    await driver.close();
    throw error;
  }
}

async function configOf(door: Door, readonly: boolean) {
  try {
    return await clientConfig(door, readonly);
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : '';
    throw new StoreError('io', `The certificates of sslrootcert cannot be read: ${words}`, { cause });
  }
}
