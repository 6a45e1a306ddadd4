// The passwords of the demo database and the port it had: kept beside it in a file that only its owner may read, so that a
// restart leaves connections and commands that people copied as they were.
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Ids } from '../ports/clock.ts';

const PASSWORD_BYTES = 18;

const Keys = z.strictObject({
  superuser: z.string(),
  bot: z.string(),
  people: z.record(z.string(), z.string()),
  port: z.number().int().optional(),
});
export type Keys = z.output<typeof Keys>;

/** What was kept, or undefined when there is nothing whole: the database behind it cannot be entered then. */
export function readKeys(folder: string): Keys | undefined {
  const file = fileIn(folder);
  if (!existsSync(file)) return undefined;
  try {
    return Keys.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** `old` with a password for each login; new ones where there is none. */
export function completeKeys(old: Keys | undefined, logins: readonly string[], ids: Pick<Ids, 'secret'>): Keys {
  const fresh = (): string => ids.secret(PASSWORD_BYTES);
  return {
    superuser: old?.superuser ?? fresh(),
    bot: old?.bot ?? fresh(),
    people: Object.fromEntries(logins.map((login) => [login, old?.people[login] ?? fresh()])),
    ...(old?.port === undefined ? {} : { port: old.port }),
  };
}

export async function keepKeys(folder: string, keys: Keys): Promise<void> {
  await writeFile(fileIn(folder), JSON.stringify(keys, null, 2), { mode: 0o600 });
}

function fileIn(folder: string): string {
  return join(folder, 'passwords.json');
}
