// F12, the other way: an older program meets tables that a newer one changed. It does not start, says what helps, and changes
// nothing; in both databases.
import Sqlite from 'better-sqlite3';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { systemClock, systemIds } from '../../src/lib/system-clock.ts';
import { openStore } from '../../src/store/open-store.ts';
import { usePostgres } from '../postgres-server.ts';
import { scratchFolder } from '../store/scratch.ts';
import { quietLog } from '../world.ts';

/** Servers, files and hours, on a machine that may be busy. */
vi.setConfig({ testTimeout: 90_000 });

const folder = scratchFolder();
afterAll(folder.remove);
const server = usePostgres();
const tools = { clock: systemClock, ids: systemIds, log: quietLog };

/** A migration that this program does not have; between those it has, as a branch of its own would leave, or after them. */
const LATER = 9_999_999_999_999;
const BETWEEN = 1;

const STORES = {
  async SQLite() {
    const file = folder.fresh();
    const enter = async (sql: string) => void new Sqlite(file).exec(sql).close();
    return { url: `sqlite:${file}`, enter };
  },
  async PostgreSQL() {
    const url = await server().newDatabase();
    const enter = async (sql: string) => void (await server().query(sql, undefined, new URL(url).pathname.slice(1)));
    return { url, enter };
  },
};

describe.each(Object.entries(STORES))('%s with tables of a newer version', (_name, make) => {
  it.each([LATER, BETWEEN])('is not opened for work, is opened for a look, and is as it was (%d)', async (when) => {
    const { url, enter } = await make();
    const before = await openStore(url, tools);
    const { deploymentId } = before;
    await before.close();
    await enter(`insert into __drizzle_migrations (hash, created_at) values ('x', ${when})`);
    await expect(openStore(url, tools)).rejects.toMatchObject({
      code: 'newer',
      message: expect.stringMatching(/Start the newer version again: .*hallpass store restore <file>/),
    });
    const looking = await openStore(url, tools, { readonly: true });
    expect(looking.deploymentId).toBe(deploymentId);
    await looking.close();
    await enter(`delete from __drizzle_migrations where created_at = ${when}`);
    const again = await openStore(url, tools);
    expect(again.deploymentId).toBe(deploymentId);
    await again.close();
  });
});
