// Puts together a store on SQLite: file, driver, and the deployment's id, which is given once and for ever.
import type { Store } from '../ports/store.ts';
import { ask, askOne, keep, type Operation, type Outcome } from './ask.ts';
import { type SqliteTools, sqliteDriver } from './sqlite.ts';
import { openFile, openFileToRead } from './sqlite-file.ts';
import type { Statements } from './statements.ts';
import { makeStore } from './store.ts';

export async function openSqliteStore(file: string, tools: SqliteTools, readonly: boolean): Promise<Store> {
  const { db, unlock } = readonly ? openFileToRead(file) : openFile(file, tools.log);
  const driver = sqliteDriver(db, file, tools, unlock);
  try {
    const { statements } = driver;
    const id = readonly
      ? await driver.read(() => deploymentId(statements))
      : await driver.write((now) => givenId(statements, tools.ids.next('dep'), now));
    return makeStore(driver, id);
  } catch (error) {
    driver.close();
    throw error;
  }
}

function* deploymentId(s: Statements): Operation<string> {
  return (yield* askOne(s.deployment))?.id ?? '';
}

/** It stands in every mark that is left in a target, so it must never be another one for the same store. */
function* givenId(s: Statements, fresh: string, now: number): Operation<Outcome<string>> {
  const known = yield* deploymentId(s);
  if (known !== '') return keep(known);
  yield* ask(s.beginDeployment, { id: fresh, now });
  return keep(fresh);
}
