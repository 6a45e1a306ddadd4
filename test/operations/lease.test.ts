// A call to a target goes out only under a lease that outlasts it (law 5, threat E05); a lease that was just taken is not asked
// for again, and no clock can make an old one look new.
import { describe, expect, it } from 'vitest';
import { Fenced } from '../../src/operations/change.ts';
import { callUnderLease, chatsUnderLease, leased, readClocks } from '../../src/operations/lease.ts';
import type { Tools } from '../../src/operations/tools.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Job } from '../../src/ports/store.ts';
import { quietLog } from '../world.ts';

/** A process with two clocks of its own, and a store that counts how often it is asked for the lease. */
function holder({ isOurs = true, hasSteady = true } = {}) {
  const at = { wall: 1_000_000, steady: 5_000 };
  const asked: string[] = [];
  const clock: Clock = {
    now: () => at.wall,
    ...(hasSteady ? { monotonic: () => at.steady } : {}),
    sleep: () => new Promise(() => undefined),
  };
  const store = {
    async renew() {
      asked.push('renew');
      return isOurs;
    },
  };
  const job = { id: 'job_1' } as Job;
  leased(job, readClocks(clock));
  const slack = { post: async () => void asked.push('post'), update: async () => void asked.push('update') };
  const tools = { clock, store, chats: { slack }, log: quietLog } as unknown as Tools;
  const chat = chatsUnderLease(tools, job)['slack'] as unknown as Record<'post' | 'update', () => Promise<void>>;
  return { at, asked, chat, call: () => callUnderLease(tools, job, async () => void asked.push('call')) };
}

describe('a call under a lease', () => {
  it('that was taken up to 5 s ago goes out as it is', async () => {
    const { at, asked, call } = holder();
    at.wall += 5_000;
    at.steady += 5_000;
    await call();
    expect(asked).toEqual(['call']);
  });

  it.each([
    ['both clocks say so', 5_001, 5_001],
    ['the machine slept, and only the clock on the wall went on', 5_001, 0],
    ['the clock on the wall was set back meanwhile', -3_600_000, 5_001],
    ['the clock on the wall was set forward: better once too often', 3_600_000, 10],
  ])('that is older asks for it again: %s', async (_why, wall, steady) => {
    const { at, asked, call } = holder();
    at.wall += wall;
    at.steady += steady;
    await call();
    expect(asked).toEqual(['renew', 'call']);
    await call();
    expect(asked).toEqual(['renew', 'call', 'call']);
  });

  it('that is another’s by now does not go out', async () => {
    const { at, asked, call } = holder({ isOurs: false });
    at.steady += 600_000;
    await expect(call()).rejects.toThrow(Fenced);
    expect(asked).toEqual(['renew']);
  });

  it('asks each time where the age of a lease cannot be told', async () => {
    const { asked, call } = holder({ hasSteady: false });
    await call();
    await call();
    expect(asked).toEqual(['renew', 'call', 'renew', 'call']);
  });
});

describe('a message under a lease', () => {
  it('goes out as it is while the lease is fresh', async () => {
    const { asked, chat } = holder();
    await chat.post();
    await chat.update();
    expect(asked).toEqual(['post', 'update']);
  });

  it('of a process that slept over it is not sent when another one has said it by now', async () => {
    const { at, asked, chat } = holder({ isOurs: false });
    at.steady += 60_000;
    await expect(chat.post()).rejects.toThrow(Fenced);
    await expect(chat.update()).rejects.toThrow(Fenced);
    expect(asked).toEqual(['renew', 'renew']);
  });
});
