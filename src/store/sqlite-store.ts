// Puts together a store on SQLite: file, driver, and the deployment's id, which is given once and for ever.
import type { Store } from '../ports/store.ts';
import { deploymentId, givenId, knownId } from './deployment.ts';
import type { OpenOptions } from './open-store.ts';
import { type SqliteTools, sqliteDriver } from './sqlite.ts';
import { openFile, openFileToRead } from './sqlite-file.ts';
import { makeStore } from './store.ts';

export async function openSqliteStore(file: string, tools: SqliteTools, options: OpenOptions): Promise<Store> {
  const { readonly = false, forWork = false } = options;
  const { db, unlock } = readonly ? openFileToRead(file, forWork) : openFile(file, tools.log);
  const driver = sqliteDriver(db, file, tools, unlock);
  try {
    const { statements } = driver;
    const id = readonly
      ? await driver.read(() => (forWork ? knownId(statements) : deploymentId(statements)))
      : await driver.write((now) => givenId(statements, tools.ids.next('dep'), now));
    return makeStore(driver, id);
  } catch (error) {
    await driver.close();
    throw error;
  }
}
