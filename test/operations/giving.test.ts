// From the order to a live pass: nothing is told before it was seen, nothing is lost after it was sent, and what was there
// before is not ours (threats F01 to F04, F10; laws 1, 3, 9).
import { describe, expect, it } from 'vitest';
import type { GrantId } from '../../src/core/model.ts';
import { RUNNER } from '../../src/operations/actors.ts';
import { change } from '../../src/operations/change.ts';
import { textOf } from '../fakes/fake-chat.ts';
import type { Outcome } from '../fakes/fake-script.ts';
import type { World } from '../world.ts';
import { approve, asked, auditLines, eventsOf, HOLDER, passOf, typesOf, worldWith } from './stories.ts';

const has = (world: World) => world.fake.target.has(HOLDER, 'readonly');
const thread = (world: World) => world.chat.threadOf(world.card().ref).join('\n');

async function approved(world: World): Promise<void> {
  await asked(world);
  const { message, ref } = world.card();
  await world.press('ana', 'approve', message, ref);
  await world.settle();
}

describe('the answer of the target', () => {
  it('F02: a lost answer is no failure: it is given again, seen, and ends in time', async () => {
    const world = await worldWith();
    world.fake.script.next('grant', { kind: 'reply_lost' });
    await approved(world);
    expect(thread(world)).not.toContain('Access is live');
    await world.pass(20);
    expect((await passOf(world)).status).toBe('active');
    expect(world.fake.effects.grants).toBe(1);
    await world.pass(3700, 10);
    expect(has(world)).toBe(false);
    expect((await passOf(world)).status).toBe('revoked');
  });

  it('F02: when nothing more is heard, giving up takes back what may be there, and the thread says so', async () => {
    const world = await worldWith();
    world.fake.script.next('grant', { kind: 'reply_lost' });
    await approved(world);
    world.fake.script.always({ kind: 'unreachable' });
    await world.pass(310, 5);
    expect((await passOf(world)).status).toBe('revoking');
    expect(has(world)).toBe(true);
    world.fake.script.always({ kind: 'ok' });
    await world.pass(300, 5);
    expect(has(world)).toBe(false);
    expect(await typesOf(world)).not.toContain('grant.failed');
    expect(thread(world)).toContain('it is not certain whether the target gave it');
    expect(thread(world)).not.toContain('Access is live');
  });

  it('F03: an answer that says yes is not believed until the access is seen', async () => {
    const world = await worldWith();
    world.hook = (call, proceed) =>
      call.port === 'target' && call.method === 'grant' ? Promise.resolve({ receipt: { marked: 'liar' } }) : proceed();
    await approved(world);
    await world.pass(60);
    expect(thread(world)).not.toContain('Access is live');
    await world.pass(300, 5);
    expect((await passOf(world)).status).toBe('revoked');
    expect(await typesOf(world)).not.toContain('grant.confirmed');
  });

  it('a definite no is told as such, and nothing is revoked', async () => {
    const world = await worldWith();
    world.fake.script.next('grant', { kind: 'refused' });
    await approved(world);
    await world.pass(10);
    expect(await passOf(world)).toMatchObject({ status: 'failed', code: 'target_refused' });
    expect(world.fake.calls.revoke).toBe(0);
    expect(textOf(world.card().message)).toContain('Not given. The target refused.');
  });

  it('a target that answers nobody for five minutes: no access, said so, nothing left', async () => {
    const world = await worldWith();
    world.fake.script.always({ kind: 'unreachable' }, 'grant');
    await approved(world);
    await world.pass(320, 5);
    expect(await passOf(world)).toMatchObject({ status: 'failed', code: 'timed_out' });
    expect(world.fake.calls.revoke).toBe(0);
    expect(world.fake.calls.grant).toBeGreaterThan(5);
    expect((await world.store.counts())['jobs']).toBe(0);
  });

  it('one that works in its own time is asked until it is done, and does not fill the log meanwhile', async () => {
    const world = await worldWith();
    world.fake.script.next('grant', { kind: 'accepted', polls: 20 });
    await approved(world);
    await world.pass(60);
    expect((await passOf(world)).status).toBe('granting');
    await world.pass(60);
    expect((await passOf(world)).status).toBe('active');
    expect(world.fake.calls.poll).toBe(20);
    expect((await typesOf(world)).filter((type) => type === 'grant.accepted')).toHaveLength(1);
  });

  it('one that took the order and never says more: what may come of it is taken back', async () => {
    const world = await worldWith();
    world.fake.script.next('grant', { kind: 'accepted', polls: 3 });
    await approved(world);
    world.fake.script.always({ kind: 'unreachable' }, 'poll');
    await world.pass(310, 5);
    expect(await typesOf(world)).toContain('revoke.ordered');
    expect(await typesOf(world)).not.toContain('grant.failed');
    await world.pass(60);
    expect((await passOf(world)).status).toBe('revoked');
  });

  const strange: readonly (readonly [string, Outcome])[] = [
    ['throws what is no error of an adapter', { kind: 'bug' }],
    ['never answers', { kind: 'timed_out' }],
    ['stops half way', { kind: 'partial' }],
  ];
  it.each(strange)('one that %s the first time', async (_what, outcome) => {
    const world = await worldWith();
    world.fake.script.next('grant', outcome);
    await approved(world);
    await world.pass(30);
    expect((await passOf(world)).status).toBe('active');
    await world.say('mia', 'return');
    await world.pass(10);
    expect(world.fake.target.holdings()).toEqual([]);
    const doubtful = (await eventsOf(world)).filter(({ type }) => type === 'grant.attempt_failed');
    expect(doubtful).toMatchObject([{ data: { changed: 'maybe' } }]);
  });
});

describe('D11: a secret that the target hands out', () => {
  it('is in no message, no log and no row; that it could not be handed over is logged', async () => {
    const world = await worldWith();
    world.hook = async (call, proceed) => {
      const answer = await proceed();
      const isGrant = call.port === 'target' && call.method === 'grant';
      return isGrant ? { ...(answer as object), secret: { password: 'canary-5c1e' } } : answer;
    };
    await world.livePass();
    await world.pass(30);
    const leaves = await world.store.leaves(0, 999);
    const kept = [world.chat.sent, leaves, await passOf(world), await eventsOf(world), world.errors];
    expect(JSON.stringify(kept)).not.toContain('canary');
    expect(world.errors).toEqual(['the target handed out a secret, which nobody can be given']);
  });
});

describe('what was there before', () => {
  it('F10: is not asked for', async () => {
    const world = await worldWith();
    world.fake.giveByHand(HOLDER, 'readonly');
    await world.say('mia', 'prod-db-readonly 1h fix INC-42');
    await world.pass(10);
    expect(world.private('mia').at(-1)).toContain('already');
    expect(world.chat.sent.some(({ message }) => message.kind === 'card')).toBe(false);
  });

  it('F10: is not given, and never taken', async () => {
    const world = await worldWith();
    await asked(world);
    world.fake.giveByHand(HOLDER, 'readonly');
    await approve(world, 'ana');
    await world.pass(10);
    expect(await passOf(world)).toMatchObject({ status: 'failed', code: 'already_has_access' });
    await world.pass(4000, 20);
    expect(has(world)).toBe(true);
    expect([world.fake.calls.grant, world.fake.calls.revoke]).toEqual([0, 0]);
  });

  it('law 3: "cannot tell" is not "absent": nothing is given until it can be told', async () => {
    const world = await worldWith();
    await asked(world);
    world.fake.script.always({ kind: 'unknown' }, 'inspect');
    await approve(world, 'ana');
    await world.pass(60);
    expect(world.fake.calls.grant).toBe(0);
    expect((await passOf(world)).status).toBe('granting');
    world.fake.script.always({ kind: 'ok' }, 'inspect');
    await world.pass(60);
    expect((await passOf(world)).status).toBe('active');
  });
});

describe('F04: a call that is carried out long after it was given up', () => {
  it('is seen within a minute, taken back, and alarmed about', async () => {
    const world = await worldWith();
    world.fake.script.always({ kind: 'applied_late', ms: 600_000 }, 'grant');
    await approved(world);
    await world.pass(330, 5);
    world.fake.script.always({ kind: 'ok' }, 'grant');
    expect((await passOf(world)).status).toBe('revoked');
    expect(has(world)).toBe(false);
    let presentSeconds = 0;
    for (let passed = 0; passed < 1200; passed += 5) {
      await world.pass(5, 5);
      presentSeconds += has(world) ? 5 : 0;
    }
    expect(has(world)).toBe(false);
    expect(await typesOf(world)).toContain('grant.reappeared');
    expect(auditLines(world)).toContain('ALARM: access came back after its pass was over.');
    const returns = (await typesOf(world)).filter((type) => type === 'grant.reappeared').length;
    expect(presentSeconds / returns).toBeLessThanOrEqual(70);
    expect((await passOf(world)).status).toBe('revoked');
    expect((await world.store.counts())['jobs']).toBe(1);
    // What comes even later than any call should is seen by the look of the next day, which is the last one.
    const looks = world.fake.calls.inspect;
    await world.pass(25 * 3600, 3600);
    expect(world.fake.calls.inspect).toBe(looks + 1);
    expect((await world.store.counts())['jobs']).toBe(0);
  });

  it('a pass whose every call was answered is not looked after: what appears later is somebody else’s', async () => {
    const world = await worldWith();
    await world.livePass();
    await world.say('mia', 'return');
    await world.pass(30);
    world.fake.giveByHand(HOLDER, 'readonly');
    await world.pass(1200, 10);
    expect(has(world)).toBe(true);
    expect(await typesOf(world)).not.toContain('grant.reappeared');
  });

  it('a newer pass for the same access is not taken for it', async () => {
    const world = await worldWith();
    world.fake.script.next('grant', { kind: 'reply_lost' });
    await world.livePass();
    await world.say('mia', 'return');
    await world.pass(20);
    await asked(world, 'prod-db-readonly 1h once more');
    await approve(world, 'ana');
    await world.pass(300, 5);
    expect(has(world)).toBe(true);
    expect((await passOf(world)).status).toBe('active');
  });
});

describe('ended while it is being given', () => {
  it('by the holder, before the first call: nothing was given, nothing is taken', async () => {
    const world = await worldWith();
    await asked(world);
    world.fake.script.always({ kind: 'unreachable' }, 'fingerprint');
    await approve(world, 'ana');
    expect(await world.say('mia', 'return')).toContain('Your pass for Read production data is being ended now');
    await world.pass(60);
    expect(await passOf(world)).toMatchObject({ status: 'failed', code: 'withdrawn' });
    expect([world.fake.calls.grant, world.fake.calls.revoke]).toEqual([0, 0]);
  });

  it('by security, between two calls: what may be there is taken back', async () => {
    const world = await worldWith();
    world.fake.script.next('grant', { kind: 'timed_out' }, { kind: 'timed_out' }, { kind: 'timed_out' });
    await approved(world);
    await world.say('sam', 'revoke prod-db-readonly');
    await world.pass(30);
    expect((await passOf(world)).status).toBe('revoked');
    expect(world.fake.calls.grant).toBeLessThanOrEqual(2);
    expect(has(world)).toBe(false);
  });
});

describe('a pass that is to begin later', () => {
  async function scheduled(world: World) {
    const request = await asked(world);
    const { id, requester: person, digest, offer } = request;
    const grant = world.ids.next('pass') as GrantId;
    const startsAt = (await world.store.now()) + 600_000;
    const order = { type: 'order', id: grant, request: id, person, digest, offer, startsAt } as const;
    await expect(change(world.tools, RUNNER, (draft) => draft.decideGrant(grant, order))).rejects.toThrow('forbids it');
    await change(world.tools, RUNNER, async (draft) => {
      await draft.guardFreeze();
      return draft.decideGrant(grant, order);
    });
    await world.pass(60, 5);
    expect((await passOf(world)).status).toBe('scheduled');
    return startsAt;
  }

  it('is given at its time, and its time is counted from there', async () => {
    const world = await worldWith();
    const startsAt = await scheduled(world);
    await world.pass(600, 5);
    const pass = await passOf(world);
    expect(pass.status).toBe('active');
    expect(pass.expiresAt).toBeGreaterThanOrEqual(startsAt + 3_600_000);
    expect(pass.expiresAt).toBeLessThanOrEqual(startsAt + 3_610_000);
  });

  it.each([
    ['its holder', 'mia', 'return'],
    ['security', 'sam', 'revoke prod-db-readonly'],
  ])('ended before by %s was never given', async (_who, user, text) => {
    const world = await worldWith();
    await scheduled(world);
    await world.say(user, text);
    await world.pass(900, 10);
    expect(await passOf(world)).toMatchObject({ status: 'failed', code: 'withdrawn' });
    expect([world.fake.calls.grant, world.fake.calls.revoke]).toEqual([0, 0]);
  });
});
