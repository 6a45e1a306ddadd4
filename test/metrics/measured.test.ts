// Measuring changes nothing: the same promise, the same error, the same methods; and it counts what happened.
import { describe, expect, it } from 'vitest';
import { measuredChat } from '../../src/metrics/measured-chat.ts';
import { measuredStore } from '../../src/metrics/measured-store.ts';
import { measuredTargets } from '../../src/metrics/measured-targets.ts';
import { ChatError } from '../../src/ports/chat-platform.ts';
import { AdapterError, type GrantConnection } from '../../src/ports/grant-adapter.ts';
import { type Meter, quietMeter } from '../../src/ports/meter.ts';
import type { Store } from '../../src/ports/store.ts';
import type { LiveTarget, Targets } from '../../src/ports/targets.ts';
import type { SpanFacts, Trace } from '../../src/ports/trace.ts';
import { openFakeAdapter } from '../fakes/fake-adapter.ts';
import { openFakeChat } from '../fakes/fake-chat.ts';
import { type ManualClock, manualClock } from '../fakes/manual-clock.ts';
import { openWorld } from '../world.ts';
import { PEOPLE } from '../world-catalog.ts';

interface Seen {
  readonly counted: string[];
  readonly spans: { readonly name: string; readonly facts: SpanFacts }[];
  readonly meter: Meter;
  readonly trace: Trace;
}

function watching(): Seen {
  const counted: string[] = [];
  const spans: { name: string; facts: SpanFacts }[] = [];
  return {
    counted,
    spans,
    meter: {
      ...quietMeter,
      revoked: (target, lag) => void counted.push(`revoked ${target} ${lag}`),
      calledTarget: (target, call, outcome, seconds) => void counted.push(`${target} ${call} ${outcome} ${seconds}`),
      chatWaited: (platform, seconds) => void counted.push(`${platform} ${seconds}`),
    },
    trace: {
      async span(name, facts, work) {
        const span = { name, facts };
        spans.push(span);
        return work((more) => Object.assign(span, { facts: { ...span.facts, ...more } }));
      },
    },
  };
}

function targetsWith(connection: Partial<GrantConnection<unknown>>, clock: ManualClock): Targets {
  const { adapter } = openFakeAdapter({ clock });
  const target = { name: 'prod-db', adapter, connection, keyOf: () => 'k' } as unknown as LiveTarget;
  return { of: (name) => (name === 'prod-db' ? target : undefined), all: () => [target] };
}

const ORDER = { grantId: 'pass_1', principal: { id: 'acct:mia@acme.test', name: 'mia' }, target: {}, expiresAt: 0 };
const never = new AbortController().signal;

describe('targets', () => {
  it('answer with the very promise of the adapter, and the call is counted with its time', async () => {
    const clock = manualClock();
    const seen = watching();
    let answer: (value: undefined) => void = () => undefined;
    const made = new Promise<undefined>((resolve) => {
      answer = resolve;
    });
    const targets = measuredTargets(targetsWith({ revoke: () => made }, clock), { ...seen, clock });
    const asked = targets.of('prod-db')?.connection.revoke(ORDER, never);
    expect(asked).toBe(made);
    await clock.advance(2_000);
    answer(undefined);
    await asked;
    await clock.advance(0);
    expect(seen.counted).toEqual(['prod-db revoke ok 2']);
    const facts = { adapter: 'fake', target: 'prod-db', method: 'revoke', grant: 'pass_1', outcome: 'ok' };
    expect(seen.spans).toEqual([{ name: 'target revoke', facts }]);
  });

  it.each([
    ['a fault', new AdapterError('refused', 'postgres://app:canary@db', 'no'), 'refused'],
    ['a bug', new TypeError('canary'), 'bug'],
  ])('%s passes through as it is', async (_name, error, outcome) => {
    const clock = manualClock();
    const seen = watching();
    const inspect = () => Promise.reject(error);
    const { connection } = measuredTargets(targetsWith({ inspect }, clock), { ...seen, clock }).all()[0] as LiveTarget;
    await expect(connection.inspect(ORDER, never)).rejects.toBe(error);
    await clock.advance(0);
    expect(seen.counted).toEqual([`prod-db inspect ${outcome} 0`]);
    expect(JSON.stringify(seen.spans)).not.toMatch(/canary|mia/);
  });

  it('a call that was given up is counted then, though it never comes back', async () => {
    const clock = manualClock();
    const seen = watching();
    const targets = measuredTargets(targetsWith({ grant: () => new Promise(() => undefined) }, clock), {
      ...seen,
      clock,
    });
    const giveUp = new AbortController();
    void targets.of('prod-db')?.connection.grant(ORDER, giveUp.signal);
    await clock.advance(20_000);
    expect(seen.counted).toEqual([]);
    giveUp.abort();
    await clock.advance(0);
    expect(seen.counted).toEqual(['prod-db grant unreachable 20']);
  });

  it('have the methods they had, and keep their state', async () => {
    const clock = manualClock();
    const seen = watching();
    const stateful = {
      word: 'kept',
      async fingerprint() {
        return this.word;
      },
      async *owned() {
        yield this.word as never;
      },
    };
    const target = measuredTargets(targetsWith(stateful, clock), { ...seen, clock }).of('prod-db') as LiveTarget;
    expect(await target.connection.fingerprint({}, never)).toBe('kept');
    for await (const one of target.connection.owned?.(never) ?? []) expect(one).toBe('kept');
    expect(target.connection.poll).toBeUndefined();
    expect(target.connection.endSessions).toBeUndefined();
    expect(measuredTargets(targetsWith(stateful, clock), { ...seen, clock }).of('other')).toBeUndefined();
  });
});

describe('a chat platform', () => {
  it('answers and refuses as before; when it says “later”, the wait is counted', async () => {
    const seen = watching();
    const fake = openFakeChat(manualClock(), PEOPLE);
    const busy = new ChatError('busy', 'rate_limited', 'no', { retryAfterSeconds: 30 });
    const troubled = Object.assign(Object.create(fake), {
      post: () => Promise.reject(busy),
      update: () => Promise.reject(new ChatError('gone', 'is_archived', 'no')),
    });
    const chat = measuredChat(troubled as typeof fake, seen.meter, seen.trace);
    expect(await chat.account(fake.ref('U-mia'))).toMatchObject({ email: 'mia@acme.test' });
    await expect(chat.post({} as never, {} as never, 'k')).rejects.toBe(busy);
    await expect(chat.update({} as never, {} as never)).rejects.toThrow();
    expect(seen.counted).toEqual(['slack 30']);
    expect(seen.spans.map(({ name, facts }) => [name, facts['fault']])).toEqual([
      ['chat account', undefined],
      ['chat post', 'busy'],
      ['chat update', 'gone'],
    ]);
    expect(JSON.stringify(seen.spans)).not.toContain('mia');
  });
});

describe('the store', () => {
  it('counts each end when it is written, with its target and lag, and only then', async () => {
    const seen = watching();
    const world = await openWorld();
    const { store } = measuredStore(world.tools.store, seen.meter, seen.trace);
    world.tools = { ...world.tools, store };
    await world.livePass();
    await world.pass(3600, 5);
    expect(seen.counted).toEqual([expect.stringMatching(/^revoked prod-db \d+$/)]);
    expect(seen.spans.some(({ name, facts }) => name === 'store commit' && facts['outcome'] === 'done')).toBe(true);
    expect(Object.keys(store).sort()).toEqual(Object.keys(world.store).sort());
    await world.close();
  });

  it('says that it cannot write from the first failure to the first success', async () => {
    const seen = watching();
    let trouble: Error | undefined;
    let isWritten = true;
    const fake = {
      commit: async () => (trouble ? Promise.reject(trouble) : { kind: 'done', numbers: [] }),
      beat: async () => (trouble ? Promise.reject(trouble) : isWritten),
    } as unknown as Store;
    const { store, writable } = measuredStore(fake, seen.meter, seen.trace);
    expect(writable()).toBe(true);
    trouble = new Error('disk full');
    await expect(store.beat()).rejects.toBe(trouble);
    expect(writable()).toBe(false);
    trouble = undefined;
    isWritten = false;
    await store.beat();
    expect(writable()).toBe(false);
    isWritten = true;
    await store.beat();
    expect(writable()).toBe(true);
    trouble = new Error('disk full');
    await expect(store.commit({})).rejects.toBe(trouble);
    expect(writable()).toBe(false);
    trouble = undefined;
    await store.commit({});
    expect(writable()).toBe(true);
  });
});
