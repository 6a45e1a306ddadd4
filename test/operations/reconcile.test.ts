// What is in a target against what should be (threats F01, F19, F20; §3.5): found access of ours is taken back, missing access
// ends its pass, changed entitlements are told; nobody else's access is touched, and nothing is judged by an old list.
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Grant, GrantId } from '../../src/core/model.ts';
import { begin } from '../../src/operations/begin.ts';
import { startJobs } from '../../src/operations/run-jobs.ts';
import { verifyLog } from '../../src/operations/verify-log.ts';
import { textOf } from '../fakes/fake-chat.ts';
import { VKEY, type World, type WorldOptions } from '../world.ts';
import { auditLines, eventsOf, HOLDER, passOf, typesOf, worldWith } from './stories.ts';

const FIVE_MINUTES = 300;
const KIM = 'acct:kim@acme.test';

async function begun(options: WorldOptions = {}): Promise<World> {
  const world = await worldWith(options);
  await begin(world.tools);
  await world.pass(5);
  return world;
}

/** Access with our mark that no row knows. */
function leave(world: World, grantId: string, principalId = KIM): void {
  world.fake.target.put({
    ...{ principal: { id: principalId, name: principalId.slice(5) }, role: 'readonly', grantId },
    ...{ deployment: world.store.deploymentId, endsAt: undefined, state: 'whole' },
  });
}

async function orphans(world: World): Promise<readonly Grant[]> {
  const requests = await world.store.requestsIn('adopted', 9);
  const grants = await Promise.all(requests.map(({ row }) => world.store.grantsOfRequest(row.id)));
  return grants.flat().map(({ row }) => row);
}

async function isSound(world: World): Promise<boolean> {
  return (await verifyLog(world.store, { vkeys: [VKEY], checkpoints: world.checkpoints })).ok;
}

const count = (world: World, words: RegExp) => (auditLines(world).match(words) ?? []).length;
const alarms = (world: World) => count(world, /ALARM: /g);

describe('F19: access that somebody took away by hand', () => {
  it.each(['ids', 'giver', 'none'] as const)('ends its pass within 5 minutes, loudly (marks: %s)', async (marks) => {
    const world = await begun({ marks });
    const card = await world.livePass();
    await world.pass(20, 5);
    world.fake.takeByHand(HOLDER, 'readonly');
    const takenAt = world.clock.now();
    await world.pass(FIVE_MINUTES, 5);
    const ordered = (await eventsOf(world)).find(({ type }) => type === 'revoke.ordered');
    expect(ordered).toMatchObject({ data: { because: 'drift', by: 'hallpass' } });
    expect((ordered?.at ?? 0) - takenAt).toBeLessThanOrEqual(FIVE_MINUTES * 1000);
    await world.pass(20, 5);
    expect((await passOf(world)).status).toBe('revoked');
    expect(count(world, /ALARM: access is gone before its pass ended/g)).toBe(1);
    expect(world.chat.threadOf(card.ref).join('\n')).toContain('the target no longer matches the log');
    expect(await isSound(world)).toBe(true);
  });

  it('one look proves nothing: what is there at the second goes on', async () => {
    const world = await begun();
    await world.livePass();
    await world.pass(20, 5);
    let [lies, looks] = [1, 0];
    world.hook = async (call, proceed) => {
      if (call.method === 'owned') return (async function* nothing() {})();
      if (call.method !== 'inspect') return proceed();
      looks += 1;
      lies -= 1;
      return lies >= 0 ? 'absent' : proceed();
    };
    await world.pass(FIVE_MINUTES, 5);
    expect(looks).toBeGreaterThanOrEqual(2);
    expect((await passOf(world)).status).toBe('active');
    expect(alarms(world)).toBe(0);
  });

  it('“cannot tell” is not “absent”, and neither is an error', async () => {
    const world = await begun();
    await world.livePass();
    world.fake.takeByHand(HOLDER, 'readonly');
    world.fake.script.always({ kind: 'unknown' }, 'inspect');
    await world.pass(FIVE_MINUTES, 5);
    world.fake.script.always({ kind: 'refused' }, 'inspect');
    await world.pass(FIVE_MINUTES, 5);
    expect((await passOf(world)).status).toBe('active');
    world.fake.script.always({ kind: 'ok' }, 'inspect');
    await world.pass(FIVE_MINUTES, 5);
    expect((await passOf(world)).status).toBe('revoked');
  });

  it('is not looked for so shortly before the end that the target may have ended it itself', async () => {
    const world = await begun({ expiresItself: true });
    await world.livePass('prod-db-readonly 10m fix INC-42');
    const { expiresAt } = await passOf(world);
    await world.pass((expiresAt - world.clock.now()) / 1000 - 55, 5);
    world.fake.takeByHand(HOLDER, 'readonly');
    await world.pass(FIVE_MINUTES, 5);
    expect((await eventsOf(world)).find(({ type }) => type === 'revoke.ordered')).toMatchObject({
      data: { because: 'deadline' },
    });
  });
});

describe('a target without marks', () => {
  it('has its passes looked at in turn, a hundred in a round, none left out', async () => {
    const world = await begun({ marks: 'none' });
    await world.livePass('prod-db-readonly 4h fix INC-42');
    const pass = await passOf(world);
    const others = Array.from({ length: 150 }, (_, at) => {
      const principal = { id: `acct:p${at}@acme.test`, name: `p${at}` };
      world.fake.giveByHand(principal.id, 'readonly');
      return { ...pass, id: `pass_${at}` as GrantId, offer: { ...pass.offer, principal } };
    });
    await world.store.commit({ writes: others.map((row) => ({ kind: 'grant', row, version: 0 })) });
    const looks = new Map<string, number>();
    world.hook = (call, proceed) => {
      const [order] = call.args as [{ readonly principal: { readonly id: string } }];
      if (call.method === 'inspect') looks.set(order.principal.id, (looks.get(order.principal.id) ?? 0) + 1);
      return proceed();
    };
    await world.pass(2 * 240 + 20, 5);
    expect([...looks.values()].reduce((sum, count) => sum + count, 0)).toBe(200);
    expect(looks.size).toBe(151);
    await world.pass(240, 5);
    expect(Math.max(...looks.values())).toBe(2);
  });
});

describe('F01, F19: access with our mark that no pass accounts for', () => {
  it.each(['ids', 'giver'] as const)('is adopted and taken back, and people are told (marks: %s)', async (marks) => {
    const world = await begun({ marks });
    leave(world, 'pass_00000000000000000000LOST01');
    const leftAt = world.clock.now();
    await world.pass(FIVE_MINUTES, 5);
    expect(world.fake.target.has(KIM, 'readonly')).toBe(false);
    const [orphan] = await orphans(world);
    expect(orphan).toMatchObject({
      ...{ status: 'revoked', person: 'nobody', ending: { because: 'orphan', by: 'hallpass' } },
      offer: { role: 'prod-db-readonly', target: 'prod-db', principal: { id: KIM }, fingerprint: '' },
    });
    expect(orphan?.id === 'pass_00000000000000000000LOST01').toBe(marks === 'ids');
    expect((orphan?.orderedAt ?? 0) - leftAt).toBeLessThanOrEqual(FIVE_MINUTES * 1000);
    expect(count(world, /ALARM: access was found that Hallpass gave/g)).toBe(1);
    const card = world.chat.sent.find(({ message }) => message.kind === 'card');
    expect(card?.ref.channel).toBe('C-AUDIT');
    expect(textOf((card as NonNullable<typeof card>).message)).toContain('Ended');
    const thread = world.chat.threadOf((card as NonNullable<typeof card>).ref);
    expect(thread.map((text) => text.split(' ')[0])).toEqual(['Found', 'Access']);
    expect(world.chat.homes.size).toBe(0);
    expect(world.errors).toEqual([]);
    expect(await isSound(world)).toBe(true);
  });

  it('of a role that nobody can ask for is taken back as well', async () => {
    const world = await begun();
    world.fake.target.put({
      ...{ principal: { id: KIM, name: 'kim' }, role: 'admin', grantId: 'pass_00000000000000000000LOST02' },
      ...{ deployment: world.store.deploymentId, endsAt: undefined, state: 'half' },
    });
    await world.pass(FIVE_MINUTES, 5);
    expect(world.fake.target.holdings()).toEqual([]);
    expect((await orphans(world))[0]?.offer.role).toBe('role admin in the fake target');
  });

  it('of a pass that is over: that pass is reopened, and its thread tells it', async () => {
    const world = await begun();
    const card = await world.livePass();
    await world.say('mia', 'return');
    await world.pass(30, 5);
    const { id } = await passOf(world);
    await world.pass(3600, 60);
    leave(world, id, HOLDER);
    await world.pass(FIVE_MINUTES, 5);
    expect((await typesOf(world)).filter((type) => type === 'grant.reappeared')).toHaveLength(1);
    expect((await passOf(world)).status).toBe('revoked');
    expect(world.fake.target.has(HOLDER, 'readonly')).toBe(false);
    expect(world.chat.threadOf(card.ref).join('\n')).toContain('The access is back');
    expect(await orphans(world)).toEqual([]);
  });

  it.each(['ids', 'giver'] as const)('beside a newer pass: it does not outlive that one (marks: %s)', async (marks) => {
    const world = await begun({ marks });
    await world.livePass();
    leave(world, 'pass_00000000000000000000LOST03', HOLDER);
    await world.pass(FIVE_MINUTES, 5);
    expect((await passOf(world)).status).toBe('active');
    await world.say('mia', 'return');
    await world.pass(2 * FIVE_MINUTES, 5);
    expect(world.fake.target.holdings()).toEqual([]);
    expect((await passOf(world)).status).toBe('revoked');
  });

  it('nobody else’s access is touched: of an administrator, or of another deployment', async () => {
    const world = await begun();
    world.fake.giveByHand(KIM, 'readonly');
    world.fake.target.put({
      ...{ principal: { id: KIM, name: 'kim' }, role: 'support', grantId: 'pass_x', deployment: 'another' },
      ...{ endsAt: undefined, state: 'whole' },
    });
    await world.pass(2 * FIVE_MINUTES, 5);
    expect(world.fake.target.holdings()).toHaveLength(2);
    expect(alarms(world)).toBe(0);
  });
});

describe('a list that is old by the time it is judged', () => {
  it.each(['ids', 'giver'] as const)('a pass that ended meanwhile has not come back (marks: %s)', async (marks) => {
    const world = await begun({ marks });
    await world.livePass();
    const { id } = await passOf(world);
    let isOld = true;
    world.hook = async (call, proceed) => {
      if (call.method !== 'owned' || !isOld) return proceed();
      isOld = false;
      const list = (await proceed()) as AsyncIterable<unknown>;
      const items: unknown[] = [];
      for await (const item of list) items.push(item);
      return (async function* late() {
        // While the list is on its way the holder returns the pass, and it ends.
        world.hook = undefined;
        await world.say('mia', 'return');
        await workElsewhere(world);
        await world.clock.advance(5_000);
        await workElsewhere(world);
        expect((await world.store.grant(id))?.row.status).toBe('revoked');
        yield* items;
      })();
    };
    await world.pass(FIVE_MINUTES, 5);
    expect(isOld).toBe(false);
    expect(await typesOf(world)).not.toContain('grant.reappeared');
    expect(await orphans(world)).toEqual([]);
    expect(alarms(world)).toBe(0);
  });
});

/** Another replica runs what is due. */
async function workElsewhere(world: World): Promise<void> {
  const started = await startJobs({ ...world.tools, owner: 'another' }, 50);
  await Promise.all(started.map(({ ended }) => ended));
}

describe('C04, F19: what an entitlement gives', () => {
  it('changed: told once for each pass, with an alarm; and once more when it is as approved again', async () => {
    const world = await begun();
    const card = await world.livePass();
    world.fake.setPower('readonly', 'everything');
    await world.pass(FIVE_MINUTES, 5);
    expect((await passOf(world)).drifted).toBeDefined();
    expect(count(world, /ALARM: a role gives something else/g)).toBe(1);
    await world.pass(1200, 10);
    expect(count(world, /ALARM: a role gives something else/g)).toBe(1);
    world.fake.setPower('readonly', 'what it always gave');
    await world.pass(FIVE_MINUTES, 5);
    expect((await passOf(world)).drifted).toBeUndefined();
    expect((await typesOf(world)).filter((type) => type === 'grant.drifted')).toHaveLength(2);
    expect(count(world, /ALARM: a role gives something else/g)).toBe(1);
    expect(world.chat.threadOf(card.ref).filter((text) => text.includes('approved'))).toHaveLength(3);
    expect(await isSound(world)).toBe(true);
  });

  it('each is asked about once in a round, however many hold it', async () => {
    const world = await begun();
    await world.livePass();
    await world.say('kim', 'prod-db-readonly 1h me too');
    await world.settle();
    await world.press('ben', 'approve', world.card().message, world.card().ref);
    await world.pass(30);
    const before = world.fake.calls.fingerprint;
    await world.pass(FIVE_MINUTES, 5);
    expect(world.fake.calls.fingerprint - before).toBe(1);
  });
});

describe('a target that does not answer', () => {
  it('is tried again and told of after 30 minutes, once an hour, only while passes live there', async () => {
    const world = await begun();
    world.billing.script.always({ kind: 'unreachable' });
    await world.livePass('prod-db-readonly 4h fix INC-42');
    world.fake.script.always({ kind: 'unreachable' });
    const calls = world.fake.calls.owned;
    await world.pass(1700, 10);
    expect(world.fake.calls.owned - calls).toBeGreaterThanOrEqual(7);
    expect(world.fake.calls.owned - calls).toBeLessThanOrEqual(16);
    expect(alarms(world)).toBe(0);
    await world.pass(400, 10);
    expect(count(world, /ALARM: reconcile failing/g)).toBe(1);
    await world.pass(3600, 20);
    expect(count(world, /ALARM: reconcile failing/g)).toBe(2);
    world.fake.script.always({ kind: 'ok' });
    world.fake.takeByHand(HOLDER, 'readonly');
    await world.pass(FIVE_MINUTES, 5);
    expect((await passOf(world)).status).toBe('revoked');
    expect(auditLines(world)).not.toContain('billing');
  });

  it('one that lists for ever is let go after 20 s, and looked at again', async () => {
    const world = await begun();
    world.fake.script.next('owned', { kind: 'hangs' });
    await world.clock.advance(240_000);
    const started = await startJobs(world.tools, 50);
    let isOver = false;
    void Promise.all(started.map(({ ended }) => ended)).then(() => {
      isOver = true;
    });
    const begunAt = world.clock.now();
    while (!isOver && world.clock.now() < begunAt + 60_000) {
      await setImmediate();
      await world.clock.advance(1_000);
    }
    expect(world.clock.now() - begunAt).toBeLessThanOrEqual(25_000);
    const before = world.fake.calls.owned;
    await world.pass(60, 5);
    expect(world.fake.calls.owned).toBe(before + 1);
    expect(world.errors).toEqual([]);
  });
});

describe('the next look', () => {
  it('comes by itself, each 4 minutes, one at a time', async () => {
    const world = await begun();
    const before = world.fake.calls.owned;
    await world.pass(3600, 10);
    expect(world.fake.calls.owned - before).toBe(15);
  });

  it('is ordered again when its job was lost', async () => {
    const world = await begun();
    await world.pass(230, 5);
    await world.clock.advance(10_000);
    const pace = () => ({ everyMs: 0, burst: 9, atOnce: 9 });
    const jobs = await world.store.claim({ owner: 'thief', limit: 50, leaseMs: 1000, pace });
    const stolen = jobs.filter(({ kind }) => kind === 'reconcile');
    expect(stolen).toHaveLength(2);
    for (const hold of stolen) expect(await world.store.commit({ hold, finish: true })).toMatchObject({ kind: 'done' });
    const before = world.fake.calls.owned;
    await world.pass(500, 10);
    expect(world.fake.calls.owned).toBe(before);
    await world.pass(200, 10);
    expect(world.fake.calls.owned).toBe(before + 1);
  });
});

describe('F20: the same name, another identity', () => {
  it('is not ours to take: the pass ends, what the new one has stays, and people are alarmed', async () => {
    const world = await begun();
    await world.livePass();
    world.fake.takeByHand(HOLDER, 'readonly');
    world.fake.target.put({
      ...{ principal: { id: 'acct:mia2@acme.test', name: 'mia@acme.test' }, role: 'readonly', grantId: undefined },
      ...{ endsAt: undefined, state: 'whole' },
    });
    await world.pass(FIVE_MINUTES + 30, 5);
    expect((await passOf(world)).status).toBe('revoked');
    expect(world.fake.target.has('acct:mia2@acme.test', 'readonly')).toBe(true);
    expect(alarms(world)).toBe(1);
  });
});
