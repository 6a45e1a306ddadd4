// F12, the other way: a newer version wrote rows and log entries that this one does not know, and this one runs again. It leaves
// them, says so once, and goes on with everything else.
import Sqlite from 'better-sqlite3';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { DomainEvent } from '../../src/core/events.ts';
import type { Grant } from '../../src/core/model.ts';
import { verifyLog } from '../../src/operations/verify-log.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { openStore } from '../../src/store/open-store.ts';
import { auditLines } from '../operations/stories.ts';
import { scratchFolder } from '../store/scratch.ts';
import { catalogOf, OTHER_ROLE, openWorld, ROLE, VKEY, type World } from '../world.ts';
import { countingIds, quietLog } from '../world-ports.ts';

/** Servers, files and hours, on a machine that may be busy. */
vi.setConfig({ testTimeout: 90_000 });

const folder = scratchFolder();
afterAll(folder.remove);

/** A world whose store is a file that something else can write to. */
async function worldIn(file: string): Promise<World> {
  let world: World | undefined;
  const clock: Clock = {
    now: () => world?.clock.now() ?? 1_767_225_600_000,
    sleep: (ms, signal) => world?.clock.sleep(ms, signal) ?? Promise.resolve(),
  };
  const store = await openStore(`sqlite:${file}`, { clock, ids: countingIds(), log: quietLog });
  onTestFinished(() => store.close());
  world = await openWorld({ store, catalog: catalogOf([ROLE, OTHER_ROLE]) });
  return world;
}

interface NewerWorld {
  readonly world: World;
  readonly paused: Grant;
  readonly other: Grant;
  readonly file: string;
}

/** Two live passes: one that the newer version has put into a status of its own, and an ordinary one. */
async function newerWorld(): Promise<NewerWorld> {
  const file = folder.fresh();
  const world = await worldIn(file);
  await world.livePass();
  await world.livePass('billing-support 1h fix INC-42');
  const [other, paused] = (await world.store.liveGrants({}, 2)).map(({ row }) => row) as [Grant, Grant];
  const body = "body = json_set(body, '$.status', 'paused')";
  rewrite(file, `update grants set status = 'paused', ${body} where id = '${paused.id}'`);
  await record(world, paused);
  return { world, paused, other, file };
}

async function rowOf(file: string, id: string): Promise<object> {
  const db = new Sqlite(file, { readonly: true });
  try {
    return db.prepare<[string], object>('select * from grants where id = ?').get(id) ?? {};
  } finally {
    db.close();
  }
}

function rewrite(file: string, sql: string): void {
  const db = new Sqlite(file);
  db.exec(sql);
  db.close();
}

/** Its entry in the log, of a type that this version does not know. */
async function record(world: World, { id, request }: Grant): Promise<void> {
  const event = {
    ...{ type: 'grant.paused', at: world.clock.now(), actor: { person: 'hallpass', kind: 'system', via: 'runner' } },
    ...{ subject: { request, grant: id }, data: { until: 42 } },
  } as unknown as DomainEvent;
  await world.store.commit({ events: [{ event, salt: 'x'.repeat(22) }] });
}

async function alarms(world: World): Promise<readonly DomainEvent[]> {
  const leaves = await world.store.leaves(0, 10_000);
  const events = await Promise.all(leaves.map(({ seq }) => world.store.event(seq)));
  return events.flatMap((stored) => (stored?.event.type === 'alarm.raised' ? [stored.event] : []));
}

describe('a pass in a status that this version does not know', () => {
  it('is left as it is, whatever jobs are there for it; the others end on time', async () => {
    const { world, paused, other } = await newerWorld();
    const calls = { ...world.fake.calls };
    for (const kind of ['grant', 'revoke', 'warn', 'extend'] as const) {
      const job = { id: `job-${kind}`, kind, subject: `grant:${paused.id}`, queue: 'target:prod-db', lane: 1 } as const;
      await world.store.commit({ jobs: [{ ...job, dueAt: 0, payload: { grant: paused.id } }] });
    }
    await world.pass(2 * 3600, 30);
    expect((await world.store.grant(paused.id))?.row).toMatchObject({ status: 'paused' });
    expect((await world.store.grant(other.id))?.row).toMatchObject({ status: 'revoked' });
    expect(world.fake.calls).toEqual(calls);
    expect((await world.store.counts())['jobs']).toBe(0);
  });

  it('is told of once, by name, over restarts too', async () => {
    const { world, paused } = await newerWorld();
    await world.pass(3 * 3600, 60);
    world.restart();
    await world.pass(3600, 60);
    const raised = await alarms(world);
    expect(raised).toMatchObject([
      { subject: { grant: paused.id }, data: { code: 'unknown_status', facts: { status: 'paused' } } },
    ]);
    const loud = world.chat.sent.filter(({ message }) => message.kind === 'note' && message.tone === 'alarm');
    expect(JSON.stringify(loud.map(({ message }) => message))).toContain(paused.id);
  });

  it('1,200 of them, all due, keep no other from its end', async () => {
    const { world, paused, other, file } = await newerWorld();
    const columns = Object.keys(await rowOf(file, paused.id)).filter((name) => name !== 'id' && name !== 'due_at');
    rewrite(
      file,
      `with recursive more(n) as (select 1 union all select n + 1 from more where n < 1200)
       insert into grants (id, due_at, ${columns}) select 'pass_newer_' || n, 1, ${columns} from grants, more where id = '${paused.id}';
       insert into claims (key, owner)
         select 'unknown:' || json_array(id, 'paused'), 'told' from grants where status = 'paused'`,
    );
    await world.clock.advance(other.expiresAt - world.clock.now());
    await world.pass(60, 5);
    expect((await world.store.grant(other.id))?.row).toMatchObject({ status: 'revoked' });
    expect(await alarms(world)).toEqual([]);
    expect((await world.store.due(9)).grants).toHaveLength(9);
  });

  it('is shown as what it is, and can neither be ended nor extended from here', async () => {
    const { world, paused } = await newerWorld();
    expect(await world.say('mia', 'list')).toContain('in a status that this version of Hallpass does not know');
    expect(await world.say('mia', `return ${paused.id}`)).not.toContain('Thank you');
    await world.say('sam', `revoke ${paused.id} an incident`);
    await world.pass(30);
    expect((await world.store.grant(paused.id))?.row).toMatchObject({ status: 'paused' });
    expect(world.errors.filter((error) => !error.includes('does not know'))).toEqual([]);
  });
});

describe('a request in a status that this version does not know', () => {
  it('is told of once and lapses nobody else’s', async () => {
    const file = folder.fresh();
    const world = await worldIn(file);
    await world.say('mia', 'prod-db-readonly 1h fix INC-42');
    await world.pass(5);
    rewrite(file, "update requests set status = 'parked', due_at = 1, body = json_set(body, '$.status', 'parked')");
    await world.say('kim', 'prod-db-readonly 1h fix INC-43');
    await world.pass(60);
    expect(await alarms(world)).toHaveLength(1);
    expect(await world.store.requestsIn('pending', 9)).toHaveLength(1);
  });
});

describe('a log entry that this version does not know', () => {
  it('is proven like any other; the row it is about is not compared, and the verdict says so', async () => {
    const { world, paused } = await newerWorld();
    await world.pass(1200, 30);
    const verdict = await verifyLog(world.store, { vkeys: [VKEY], checkpoints: world.checkpoints });
    expect(verdict).toMatchObject({ ok: true, rows: [], unknown: { entries: 1, rows: 2 } });
    expect(verdict.ledger.proven).toBeGreaterThan(0);
    expect((await world.store.grant(paused.id))?.row).toMatchObject({ status: 'paused' });
  });

  it('is told in the audit channel as one that is not known', async () => {
    const { world, paused } = await newerWorld();
    await world.pass(3700, 60);
    const lines = auditLines(world);
    expect(lines).toContain('grant.paused');
    expect(lines).toContain(paused.id);
    expect(lines).toContain('an event that this version does not know');
    expect(world.errors.filter((error) => !error.includes('does not know'))).toEqual([]);
  });
});
