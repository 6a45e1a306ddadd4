// No log, no decision (law 13; threats J05, J06): when the store cannot write, nothing is decided and nobody is told that it
// was; when it can again, everything goes on. And what the log says is what the rows are.
import { describe, expect, it } from 'vitest';
import { RUNNER } from '../../src/operations/actors.ts';
import { change } from '../../src/operations/change.ts';
import { verifyLog } from '../../src/operations/verify-log.ts';
import { StoreError } from '../../src/store/open-store.ts';
import { VKEY, type World } from '../world.ts';
import { approve, asked, buttonOf, HOLDER, passOf, requestOf, typesOf, worldWith } from './stories.ts';

const WRITES = new Set(['commit', 'claim', 'defer', 'renew', 'holdQueue', 'saveCheckpoint', 'tidy']);
const full = () => new StoreError('io', 'The disk is full.');

function cannotWrite(world: World): void {
  world.hook = (call, proceed) =>
    call.port === 'store' && WRITES.has(call.method) ? Promise.reject(full()) : proceed();
}

describe('J06: a store that cannot write', () => {
  it('takes no ask, no press and no form, and the person is not told that it did', async () => {
    const world = await worldWith();
    const request = await asked(world);
    cannotWrite(world);
    await expect(world.say('kim', 'prod-db-readonly 1h fix INC-43')).rejects.toThrow('The disk is full.');
    await expect(world.press('ana', 'approve', world.card().message)).rejects.toThrow('The disk is full.');
    const context = JSON.stringify({ value: buttonOf(request) });
    const denial = { ...world.origin('ben'), form: 'deny', context, answers: { note: 'no' } };
    await expect(world.inbox.submitForm(denial)).rejects.toThrow('The disk is full.');
    world.hook = undefined;
    await world.pass(30);
    expect((await requestOf(world)).status).toBe('pending');
    expect(await typesOf(world)).toEqual(['request.submitted', 'request.opened']);
  });

  it('calls no target to give, and gives when it can write again', async () => {
    const world = await worldWith();
    await asked(world);
    await world.press('ana', 'approve', world.card().message, world.card().ref);
    cannotWrite(world);
    await expect(world.pass(60, 5)).rejects.toThrow('The disk is full.');
    expect(world.fake.calls.grant).toBe(0);
    world.hook = undefined;
    await world.pass(60);
    expect((await passOf(world)).status).toBe('active');
  });

  it('in the middle of giving: what may have been given is found and ends', async () => {
    const world = await worldWith();
    await asked(world);
    world.hook = (call, proceed) => {
      if (call.port === 'target' && call.method === 'grant') cannotWrite(world);
      return proceed();
    };
    await world.press('ana', 'approve', world.card().message, world.card().ref);
    await world.settle().catch(() => undefined);
    expect(world.fake.target.has(HOLDER, 'readonly')).toBe(true);
    world.hook = undefined;
    await world.pass(60);
    expect((await passOf(world)).status).toBe('active');
    expect(world.fake.effects.grants).toBe(1);
    await world.pass(3700, 20);
    expect(world.fake.target.has(HOLDER, 'readonly')).toBe(false);
  });

  it('a lease that could not be renewed for a moment is not given up while nobody else has it', async () => {
    const world = await worldWith();
    await asked(world);
    await approve(world, 'ana');
    let failures = 0;
    world.hook = async (call, proceed) => {
      // Long enough for the lease to be asked for again before the next call.
      if (call.method === 'revoke') await world.clock.advance(6_000);
      if (call.method !== 'renew' || failures > 2) return proceed();
      failures += 1;
      return Promise.reject(full());
    };
    await world.say('mia', 'return');
    await world.pass(120);
    expect((await passOf(world)).status).toBe('revoked');
    expect(failures).toBe(3);
  });
});

describe('J02: a signed head that could not be put anywhere', () => {
  it('is put there by the next attempt, and told', async () => {
    const world = await worldWith();
    let failures = 0;
    const keepCheckpoint = async (note: string) => {
      failures += 1;
      if (failures === 1) throw new Error('no space left');
      world.checkpoints.push(note);
    };
    world.tools = { ...world.tools, keepCheckpoint };
    await asked(world);
    await approve(world, 'ana');
    await world.pass(30);
    expect(world.checkpoints.length).toBeGreaterThan(0);
    const told = world.chat.sent.filter(({ message }) => JSON.stringify(message).includes('Signed head of the log'));
    expect(told).toHaveLength(world.checkpoints.length);
  });
});

describe('J05: the log and the rows', () => {
  it('say the same after everything that can happen to a request', async () => {
    const world = await worldWith();
    await world.livePass();
    await world.say('mia', 'extend 30m more');
    await world.pass(10);
    await world.say('mia', 'return');
    const denied = await asked(world, 'prod-db-readonly 1h other', 'kim');
    const context = JSON.stringify({ value: buttonOf(denied) });
    for (const form of ['comment', 'deny'])
      await world.inbox.submitForm({ ...world.origin('ana'), form, context, answers: { note: 'because' } });
    await world.pass(60);
    const verdict = await verifyLog(world.store, { vkeys: [VKEY], checkpoints: world.checkpoints });
    expect(verdict).toMatchObject({ ok: true, rows: [], checked: { requests: 3, grants: 1 } });
    expect(verdict.ledger.proven).toBeGreaterThan(0);
  });

  it('differ when a row is changed behind the log’s back', async () => {
    const world = await worldWith();
    const { id } = await asked(world);
    const stored = await world.store.request(id);
    if (stored?.row.status !== 'pending') throw new Error('not pending');
    const row = { ...stored.row, durationSeconds: 9 * 3600 };
    await world.store.commit({ writes: [{ kind: 'request', row, version: stored.version }] });
    const verdict = await verifyLog(world.store, { vkeys: [VKEY], checkpoints: [] });
    expect(verdict.rows).toEqual([{ code: 'row_changed', id }]);
  });
});

describe('a change that is overtaken', () => {
  it('is decided again on what is there now, and what it only read must still be so too', async () => {
    const world = await worldWith();
    const { id } = await asked(world);
    let tries = 0;
    await change(world.tools, RUNNER, async (draft) => {
      tries += 1;
      const request = await draft.request(id);
      if (tries === 1) await world.inbox.press({ ...world.origin('mia'), action: 'withdraw', value: `${id}.0.-` });
      draft.record({
        type: 'alarm.raised',
        at: draft.now,
        actor: RUNNER,
        subject: {},
        data: { code: 'seen', facts: { status: request?.status ?? '' } },
      });
    });
    expect(tries).toBe(2);
    const { size } = await world.store.ledgerHead();
    expect((await world.store.event(size - 1))?.event.data).toMatchObject({ facts: { status: 'withdrawn' } });
  });

  it('again and again is a bug, and is seen instead of going on for ever', async () => {
    const world = await worldWith();
    world.hook = (call, proceed) => (call.method === 'commit' ? Promise.resolve({ kind: 'conflict' }) : proceed());
    await expect(world.say('mia', 'prod-db-readonly 1h fix INC-42')).rejects.toThrow('overtaken 100 times');
  });
});
