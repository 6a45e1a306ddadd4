// Pages through PagerDuty's Events API v2, against a server with its rules: the contract, and what is particular to it.
import { describe, expect, it } from 'vitest';
import { pagerduty, pagerdutyAt } from '../../../src/pagers/pagerduty/index.ts';
import { faultOf, opened, PAGE, type PagerBench, pagerContract, type Trouble } from '../../contracts/pager.ts';
import { type FakePagerDuty, type HttpPagerFault, startPagerDuty } from '../../fakes/fake-http-pager.ts';

const ROUTING_KEY = 'R0123456789abcdef0123456789ABCDE';
const FAULTS: { readonly [trouble in Trouble]: HttpPagerFault } = {
  busy: { status: 429, headers: { 'retry-after': '90' } },
  refused: { status: 403 },
  unreachable: { hangUp: true },
  silent: { silent: true },
  lost_answer: { when: 'after', hangUp: true },
};
const never = () => new AbortController().signal;

type Bench = PagerBench & { readonly duty: FakePagerDuty };

async function bench(): Promise<Bench> {
  const duty = await startPagerDuty(ROUTING_KEY);
  return {
    duty,
    kind: pagerdutyAt({ us: duty.url, eu: duty.url }) as never,
    settings: { routing_key: ROUTING_KEY },
    lockedOut: { routing_key: 'X0123456789abcdef0123456789ABCDE' },
    secret: ROUTING_KEY,
    fail: (trouble) => duty.fail(FAULTS[trouble]),
    calls: () => duty.calls.length,
    arrived: () =>
      [...duty.alerts.values()].flatMap(({ key, events }) =>
        events.map(({ payload = {} }) => ({
          title: String(payload['summary']),
          text: String((payload['custom_details'] as { what?: string })?.what),
          matter: key,
          identity: `${key} ${payload['timestamp']}`,
        })),
      ),
    close: () => duty.close(),
  };
}

async function on(work: (bench: Bench) => Promise<void>): Promise<void> {
  const at = await bench();
  try {
    await work(at);
  } finally {
    await at.close();
  }
}

pagerContract('pagerduty', bench);

describe('an event', () => {
  it('triggers a critical alert under the key of the matter, and says all there is', () =>
    on(async (at) => {
      await opened(at).page(PAGE, never());
      expect(at.duty.calls[0]?.headers['content-type']).toBe('application/json');
      expect(JSON.parse(at.duty.calls[0]?.body ?? '')).toEqual({
        routing_key: ROUTING_KEY,
        event_action: 'trigger',
        dedup_key: 'hallpass/dep_test/revoke-overdue:prod-db',
        client: 'Hallpass',
        payload: {
          summary: 'acme: ALARM: access is overdue. Pass pass_1',
          source: 'hallpass/acme',
          severity: 'critical',
          timestamp: '2026-11-22T00:00:00.000Z',
          component: 'hallpass',
          class: 'revoke-overdue',
          custom_details: { what: [...PAGE.lines, `Run-book: ${PAGE.runBook}`].join('\n') },
        },
      });
    }));

  it('never resolves, and acknowledges nothing that was ever triggered', () =>
    on(async (at) => {
      const pager = opened(at);
      await pager.page(PAGE, never());
      await pager.check(never());
      await pager.page({ ...PAGE, key: 'check' }, never()).catch(() => undefined);
      await pager.check(never());
      const actions = at.duty.calls.map(({ body }) => (JSON.parse(body) as { event_action: string }).event_action);
      expect(actions).not.toContain('resolve');
      expect(at.duty.alerts.get('hallpass/dep_test/revoke-overdue:prod-db')?.status).toBe('open');
    }));

  it('says how long to wait where PagerDuty does', () =>
    on(async (at) => {
      at.fail('busy');
      expect((await faultOf(opened(at).page(PAGE, never()))).retryAfterSeconds).toBe(90);
    }));

  it('believes only the answer that says success', () =>
    on(async (at) => {
      for (const body of ['', '{}', '{"status":"throttled"}', 'not json', '<html>']) {
        at.duty.fail({ status: 202, body });
        expect((await faultOf(opened(at).page(PAGE, never()))).fault).toBe('invalid');
      }
      for (const status of [301, 302, 307]) {
        at.duty.fail({ status, headers: { location: at.duty.url } });
        expect((await faultOf(opened(at).page(PAGE, never()))).fault).toBe('invalid');
      }
      expect(at.duty.alerts.size).toBe(0);
    }));

  it.each([500, 502, 503, 504])('is to be sent again after %d', (status) =>
    on(async (at) => {
      at.duty.fail({ status });
      expect(['busy', 'unreachable']).toContain((await faultOf(opened(at).page(PAGE, never()))).fault);
    }),
  );
});

describe('settings', () => {
  it('are an integration key of 32 characters and a region', () => {
    const isFine = (settings: object) => pagerduty.config.safeParse(settings).success;
    expect(isFine({ routing_key: ROUTING_KEY })).toBe(true);
    expect(isFine({ routing_key: ROUTING_KEY, region: 'eu' })).toBe(true);
    expect(
      ['', 'short', `${ROUTING_KEY}x`, 'R0123456789abcdef0123456789ABC E'].map((key) => isFine({ routing_key: key })),
    ).toEqual(Array(4).fill(false));
    expect(isFine({ routing_key: ROUTING_KEY, region: 'asia' })).toBe(false);
  });
  it('lead to the address of the region, over TLS', async () => {
    const asked: string[] = [];
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const clock = { now: () => 0, sleep: async () => undefined };
    const fetch_ = async (url: string | URL | Request) => {
      asked.push(String(url));
      return Response.json({ status: 'success' }, { status: 202 });
    };
    for (const region of ['us', 'eu']) {
      const config = pagerduty.config.parse({ routing_key: ROUTING_KEY, region });
      await pagerduty.open('p', config, { clock, log, fetch: fetch_, deploymentId: 'd' }).page(PAGE, never());
    }
    expect(asked).toEqual(['https://events.pagerduty.com/v2/enqueue', 'https://events.eu.pagerduty.com/v2/enqueue']);
  });
});
