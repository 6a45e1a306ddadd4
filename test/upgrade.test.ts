// F12: what a version left in the middle of its work, the next one brings to its end: nothing is forgotten, nothing is given
// twice, and the log still verifies.
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Grant, Principal } from '../src/core/model.ts';
import { systemClock } from '../src/lib/system-clock.ts';
import { verifyLog } from '../src/operations/verify-log.ts';
import { copyStore } from '../src/store/copy-store.ts';
import { usePostgres } from './postgres-server.ts';
import { scratchFolder } from './store/scratch.ts';
import { bringUpToDate, type OldStore, oldStore, worldOn, writeOldFile } from './upgrade/old-store.ts';
import { quietLog, VKEY, type World } from './world.ts';

const folder = scratchFolder();
afterAll(folder.remove);

/** Ten hours of a busy store, on a machine that may be busy too. */
vi.setConfig({ testTimeout: 90_000 });

const VERSIONS = ['0.1.0'];
const HOUR_SECONDS = 3600;

/** How each pass ends that was not over yet, by the role it was given under. */
const ENDINGS = {
  active: 'revoked',
  'active-warned': 'revoked',
  'asked-for-more': 'revoked',
  extending: 'revoked',
  revoking: 'revoked',
  'revoking-failed': 'revoked',
  'revoking-seen-absent': 'revoked',
  'revoking-overdue': 'revoked',
  'granting-ordered': 'revoked',
  'granting-cleared': 'revoked',
  'granting-in-flight-absent': 'revoked',
  'granting-in-flight': 'revoked',
  'granting-doubt': 'revoked',
  'granting-accepted': 'revoked',
  'pending-half': 'revoked',
  scheduled: 'revoked',
  'failed-already': 'failed',
  'failed-refused': 'failed',
  'failed-changed': 'failed',
  'failed-timed-out': 'failed',
  'failed-withdrawn': 'failed',
  'revoked-returned': 'revoked',
  'revoked-deadline': 'revoked',
  'force-closed': 'force_closed',
} as const;

/** What was approved and not there yet. Everything else that was to be given was given by the older version. */
const GIVEN_ONCE = {
  'r-ordered': 1,
  'r-cleared': 1,
  'r-unsent': 1,
  'r-doubt': 1,
  'r-half': 1,
  'r-active of kim@acme.test': 1,
};

/** How often each access turned from absent to given in its target, from now on. */
function countGifts(world: World): ReadonlyMap<string, number> {
  const gifts = new Map<string, number>();
  world.hook = async (call, proceed) => {
    if (call.port !== 'target' || call.method !== 'grant') return proceed();
    const [order] = call.args as [{ grantId: string; principal: Principal; target: { role: string } }];
    const isThere = () =>
      [world.fake, world.billing].some(({ target }) => target.has(order.principal.id, order.target.role));
    const before = isThere();
    const answer = await proceed();
    const { name } = order.principal;
    const what = name.startsWith('mia') ? order.target.role : `${order.target.role} of ${name}`;
    if (!before && isThere()) gifts.set(what, (gifts.get(what) ?? 0) + 1);
    return answer;
  };
  return gifts;
}

/** How each pass stands, by the role it was given under; the one that begins later is another person's. */
async function statuses(world: World): Promise<Readonly<Record<string, Grant['status']>>> {
  const mia = (await world.store.personAt(world.chat.ref('U-mia')))?.row;
  const requests = mia ? await world.store.requestsOf(mia.id, 500) : [];
  const grants = await Promise.all(requests.map(({ row }) => world.store.grantsOfRequest(row.id)));
  const named = grants.flat().map(({ row: { offer, status } }) => {
    const isLater = offer.principal.name.startsWith('kim');
    return [isLater ? 'scheduled' : offer.role, status] as const;
  });
  return Object.fromEntries(named);
}

/** Past the last deadline, the last request that waits for somebody, and the look on the day after a doubtful end. */
async function untilQuiet(world: World): Promise<void> {
  await world.pass(600, 5);
  await world.pass(9 * HOUR_SECONDS, 60);
  await world.pass(26 * HOUR_SECONDS, 600);
}

const server = usePostgres();
const STORES = {
  SQLite: async (_old: OldStore, file: string) => `sqlite:${file}`,
  'PostgreSQL, copied there first': async (old: OldStore, file: string) => {
    await bringUpToDate(old, file);
    const url = await server().newDatabase();
    const accept = async () => true;
    await copyStore(`sqlite:${file}`, url, { log: quietLog, clock: systemClock, onProgress: () => undefined, accept });
    return url;
  },
};

describe.each(VERSIONS)('a store that version %s left', (version) => {
  it.each(Object.entries(STORES))('runs to its end on %s', async (_name, urlOf) => {
    const old = oldStore(version);
    const file = folder.fresh();
    writeOldFile(old, file);
    const world = await worldOn(old, await urlOf(old, file));
    onTestFinished(() => world.close());
    const gifts = countGifts(world);
    await untilQuiet(world);

    expect(await statuses(world)).toEqual(ENDINGS);
    expect(world.fake.target.holdings()).toEqual([]);
    expect(world.billing.target.holdings()).toEqual([]);
    expect(Object.fromEntries(gifts)).toEqual(GIVEN_ONCE);
    expect(await world.store.liveGrants({}, 10)).toEqual([]);
    for (const status of ['evaluating', 'pending'] as const)
      expect(await world.store.requestsIn(status, 10)).toEqual([]);
    expect(world.errors).toEqual([]);
    const verdict = await verifyLog(world.store, { vkeys: [VKEY], checkpoints: world.checkpoints });
    expect(verdict).toMatchObject({ ok: true, rows: [], ledger: { findings: [], erased: 1 } });
    const { jobs, leases } = await world.store.counts();
    expect({ jobs, leases }).toEqual({ jobs: 0, leases: 0 });
  });
});
