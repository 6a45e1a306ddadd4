// What is particular to the webhook adapter: the messages, the faults of a receiver, and where it is never called.
import { describe, expect, it } from 'vitest';
import { webhook, webhookAdapter } from '../../../src/grants/webhook/index.ts';
import type { AdapterFault } from '../../../src/ports/grant-adapter.ts';
import { connected, faultFrom, grantFully, never, orderOf } from '../../contracts/grant-adapter-bench.ts';
import type { Fault } from '../../fakes/fake-webhook-receiver.ts';
import { type WebhookBench, webhookBench } from './bench.ts';

const ANA = { id: 'id-ana', name: 'ana' };

async function onBench(work: (bench: WebhookBench) => Promise<void>): Promise<void> {
  const bench = await webhookBench();
  try {
    await work(bench);
  } finally {
    await bench.close();
  }
}

describe('a message to the receiver', () => {
  it('carries everything the README promises', () =>
    onBench(async (bench) => {
      await connected(bench, async ({ connection }) => {
        const target = webhook.target.parse({ role: 'readonly', parameters: { zone: 'eu' } });
        const order = { ...orderOf(bench, ANA, target), expiresAt: Date.UTC(2026, 10, 22, 12) };
        await connection.resolve(bench.person, never());
        const { order: held } = await grantFully(connection, order);
        await connection.inspect(held, never());
        await connection.revoke(held, never());
        await connection.endSessions?.(held, never());
        const about = {
          deployment: 'dep_test',
          grant_id: 'grt_contract_1',
          principal: ANA,
          target: { role: 'readonly', parameters: { zone: 'eu' } },
          expires_at: '2026-11-22T12:00:00.000Z',
        };
        const withReceipt = { ...about, receipt: { membership: 'm-grt_contract_1' } };
        expect(bench.receiver.received.map(({ type, data }) => [type, data])).toEqual([
          ['access.resolve', { deployment: 'dep_test', person: 'ana' }],
          ['access.grant', about],
          ['access.inspect', withReceipt],
          ['access.revoke', withReceipt],
          ['access.end_sessions', withReceipt],
        ]);
        expect(JSON.parse(bench.receiver.received[0]?.body ?? '').timestamp).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
        expect(bench.receiver.received[0]?.headers['content-type']).toBe('application/json');
      });
    }));

  it('has one id for a grant however often it is sent, and a new one for everything else', () =>
    onBench(async (bench) => {
      await connected(bench, async ({ connection, target }) => {
        const order = orderOf(bench, ANA, target);
        for (const _ of [1, 2]) await connection.grant(order, never());
        for (const _ of [1, 2]) await connection.revoke(order, never());
        for (const _ of [1, 2]) await connection.inspect(order, never());
        await connection.poll?.({ job: 'x' }, order, never());
        const ids = bench.receiver.received.map(({ id }) => id);
        expect(ids[0]).toBe(ids[1]);
        expect(new Set(ids).size).toBe(6);
      });
    }));
});

describe('a receiver that goes wrong', () => {
  const big = JSON.stringify({ receipt: { x: 'y'.repeat(1_100_000) } });
  const cases: readonly (readonly [string, Fault, AdapterFault, 'no' | 'maybe'])[] = [
    ['400', { status: 400 }, 'invalid', 'no'],
    ['401', { status: 401 }, 'refused', 'no'],
    ['403', { status: 403 }, 'refused', 'no'],
    ['404', { status: 404 }, 'missing', 'no'],
    ['410', { status: 410 }, 'missing', 'no'],
    ['409, which may mean "already so"', { status: 409 }, 'busy', 'maybe'],
    ['408', { status: 408 }, 'busy', 'maybe'],
    ['429', { status: 429, headers: { 'retry-after': '7' } }, 'busy', 'no'],
    ['500', { status: 500 }, 'unreachable', 'maybe'],
    ['503', { status: 503 }, 'busy', 'maybe'],
    ['a redirect', { status: 302, headers: { location: 'http://169.254.169.254/' } }, 'invalid', 'maybe'],
    ['a permanent redirect', { status: 308, headers: { location: '/elsewhere' } }, 'invalid', 'maybe'],
    ['no body', { body: '' }, 'invalid', 'maybe'],
    ['HTML', { body: '<html>' }, 'invalid', 'maybe'],
    ['null', { body: 'null' }, 'invalid', 'maybe'],
    ['a list', { body: '[]' }, 'invalid', 'maybe'],
    ['an empty object', { body: '{}' }, 'invalid', 'maybe'],
    ['a receipt that is no map of texts', { body: '{"receipt":{"a":1}}' }, 'invalid', 'maybe'],
    ['a receipt that is a list', { body: '{"receipt":["a"]}' }, 'invalid', 'maybe'],
    ['both receipt and accepted', { body: '{"receipt":{},"accepted":{}}' }, 'invalid', 'maybe'],
    ['an unknown key', { body: '{"receipt":{},"more":1}' }, 'invalid', 'maybe'],
    ['a prototype', { body: '{"receipt":{"__proto__":{"x":"y"}}}' }, 'invalid', 'maybe'],
    ['a prototype on top', { body: '{"__proto__":{"receipt":{}}}' }, 'invalid', 'maybe'],
    ['more than a megabyte', { body: big }, 'invalid', 'maybe'],
    ['broken UTF-8 in place of JSON', { body: '\uFFFD{' }, 'invalid', 'maybe'],
    ['deep nesting', { body: '['.repeat(100_000) }, 'invalid', 'maybe'],
    ['a connection that closes', { hangUp: true }, 'unreachable', 'maybe'],
    ['success, then the answer is lost', { when: 'after', hangUp: true }, 'unreachable', 'maybe'],
    ['success, then a 500', { when: 'after', status: 500 }, 'unreachable', 'maybe'],
  ];
  it.each(cases)('at a grant: %s', (_, fault, meant, changed) =>
    onBench(async (bench) => {
      await connected(bench, async ({ connection, target }) => {
        bench.receiver.fail(fault);
        const error = await faultFrom(connection.grant(orderOf(bench, ANA, target), never()));
        expect([error.fault, error.changed]).toEqual([meant, changed]);
      });
    }),
  );

  it.each(cases)('at a look, where nothing changes: %s', (_, fault, meant) =>
    onBench(async (bench) => {
      await connected(bench, async ({ connection, target }) => {
        bench.receiver.fail(fault);
        const error = await faultFrom(connection.inspect(orderOf(bench, ANA, target), never()));
        expect([error.fault, error.changed]).toEqual([meant, 'no']);
      });
    }),
  );

  it.each([
    '{"presence":"gone"}',
    '{"presence":"absent","sure":true}',
    '{"presence":null}',
    '"absent"',
    '{"revoked":true}',
    '{"presence":["absent"]}',
  ])('never takes %s for a look', (body) =>
    onBench(async (bench) => {
      await connected(bench, async ({ connection, target }) => {
        bench.receiver.fail({ body });
        expect((await faultFrom(connection.inspect(orderOf(bench, ANA, target), never()))).fault).toBe('invalid');
      });
    }),
  );

  it.each(['{}', '{"revoked":false}', '{"revoked":"true"}', ''])('never takes %j for a revoke', (body) =>
    onBench(async (bench) => {
      await connected(bench, async ({ connection, target }) => {
        bench.receiver.fail({ body });
        const error = await faultFrom(connection.revoke(orderOf(bench, ANA, target), never()));
        expect([error.fault, error.changed]).toEqual(['invalid', 'maybe']);
      });
    }),
  );

  it('passes "unknown" on', () =>
    onBench(async (bench) => {
      await connected(bench, async ({ connection, target }) => {
        bench.receiver.fail({ body: '{"presence":"unknown"}' });
        expect(await connection.inspect(orderOf(bench, ANA, target), never())).toBe('unknown');
      });
    }));

  it('is told apart by how long to wait', () =>
    onBench(async (bench) => {
      await connected(bench, async ({ connection, target }) => {
        bench.receiver.fail({ status: 429, headers: { 'retry-after': '7' } });
        expect((await faultFrom(connection.check([target], never()))).retryAfterSeconds).toBe(7);
      });
    }));

  it('is given up after the time in the settings', () =>
    onBench(async (bench) => {
      bench.receiver.fail({ silent: true });
      await connected(
        bench,
        async ({ connection, target }) => {
          const error = await faultFrom(connection.grant(orderOf(bench, ANA, target), never()));
          expect([error.fault, error.changed, error.message]).toEqual([
            'unreachable',
            'maybe',
            expect.stringContaining('in time'),
          ]);
        },
        { ...bench.config, timeout: '1s' },
      );
    }));

  it('counts sessions that it could not end', () =>
    onBench(async (bench) => {
      await connected(bench, async ({ connection, target }) => {
        bench.receiver.fail({ body: '{"ended":1,"left":2}' });
        expect(await connection.endSessions?.(orderOf(bench, ANA, target), never())).toEqual({ ended: 1, left: 2 });
        bench.receiver.fail({ body: '{"ended":1,"left":-1}' });
        await expect(connection.endSessions?.(orderOf(bench, ANA, target), never())).rejects.toMatchObject({
          fault: 'invalid',
        });
      });
    }));
});

describe('where the webhook is never called', () => {
  it('a private network that the settings do not name, and nothing is sent', () =>
    onBench(async (bench) => {
      await connected(
        bench,
        async ({ connection, target }) => {
          const error = await faultFrom(connection.grant(orderOf(bench, ANA, target), never()));
          expect([error.fault, error.changed, error.message]).toEqual([
            'refused',
            'no',
            expect.stringContaining('allow_private_networks'),
          ]);
        },
        { ...bench.config, allow_private_networks: [] },
      );
      expect(bench.receiver.received).toEqual([]);
    }));

  it('a name that turns to a private address after it was looked at (DNS rebinding)', () =>
    onBench(async (bench) => {
      const answers = [['93.184.216.34'], ['127.0.0.1'], ['127.0.0.1']];
      let asked = 0;
      const adapter = webhookAdapter(async () => {
        asked += 1;
        return answers.shift() ?? [];
      });
      const rebinding = { ...bench, adapter };
      const url = bench.receiver.url.replace('127.0.0.1', 'rebind.test');
      await connected(
        rebinding,
        async ({ connection, target }) => {
          const order = orderOf(bench, ANA, target);
          expect((await faultFrom(connection.inspect(order, never()))).fault, 'plain http to the internet').toBe(
            'refused',
          );
          expect((await faultFrom(connection.inspect(order, never()))).fault, 'inside by now').toBe('refused');
        },
        { ...bench.config, url, allow_private_networks: [] },
      );
      expect(asked, 'once for each call').toBe(2);
      expect(bench.receiver.received).toEqual([]);
    }));
});

describe('the settings of a webhook', () => {
  const base = { url: 'https://hooks.acme.test/x', secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', people: '{mail}' };
  it('are complete with three lines', () => {
    const config = webhook.config.parse(base);
    expect(config).toMatchObject({ allow_private_networks: [], timeout: 10_000, sessions: 'leave' });
    expect(webhook.sessionsFor?.(config)).toBe('outlive');
  });

  it.each([
    { url: 'ftp://hooks.acme.test' },
    { url: 'https://user:pass@hooks.acme.test' },
    { url: 'https://hooks.acme.test/#x' },
    { url: 'hooks.acme.test' },
    { url: '' },
    { secret: 'swordfish' },
    { secret: 'whsec_' },
    { timeout: '16s' },
    { timeout: '0s' },
    { timeout: 10 },
    { allow_private_networks: ['0.0.0.0/0'] },
    { allow_private_networks: ['::/0'] },
    { allow_private_networks: ['10.0.0.0'] },
    { allow_private_networks: ['10.0.0.0/33'] },
    { allow_private_networks: ['intranet'] },
    { sessions: 'maybe' },
    { token: 'x' },
  ])('refuse %o', (wrong) => {
    expect(webhook.config.safeParse({ ...base, ...wrong }).success).toBe(false);
  });

  it('show approvers everything that the receiver is told', () => {
    const target = webhook.target.parse({ role: 'admin', parameters: { zone: 'eu', level: '2' } });
    expect(webhook.describe(target)).toBe('admin (zone: eu, level: 2)');
    expect(webhook.target.safeParse({ role: 'admin\u202Enimda' }).success, 'text that turns around').toBe(false);
  });

  it('tell targets apart by address, role and parameters, in whatever order they are written', () => {
    const key = (target: object, url = base.url) =>
      webhook.targetKey(webhook.config.parse({ ...base, url }), webhook.target.parse(target));
    const one = key({ role: 'a', parameters: { x: '1', y: '2' } });
    expect(key({ role: 'a', parameters: { y: '2', x: '1' } })).toBe(one);
    const others = [
      key({ role: 'a' }),
      key({ role: 'a', parameters: { x: '1' } }),
      key({ role: 'b', parameters: { x: '1', y: '2' } }),
    ];
    others.push(key({ role: 'a', parameters: { x: '1', y: '2' } }, 'https://hooks.acme.test/y'));
    expect(new Set([one, ...others]).size).toBe(5);
    expect(key({ role: 'a', parameters: {} })).toBe(key({ role: 'a' }));
  });
});
