// Pages as signed webhooks, against a strict receiver: the contract, and what is particular to it.
import { describe, expect, it } from 'vitest';
import { webhook, webhookPager } from '../../../src/pagers/webhook/index.ts';
import { faultOf, opened, PAGE, type PagerBench, pagerContract, type Trouble } from '../../contracts/pager.ts';
import { type FakePageReceiver, type HttpPagerFault, startPageReceiver } from '../../fakes/fake-http-pager.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const FAULTS: { readonly [trouble in Trouble]: HttpPagerFault } = {
  busy: { status: 429, headers: { 'retry-after': '30' } },
  refused: { status: 403 },
  unreachable: { hangUp: true },
  silent: { silent: true },
  lost_answer: { when: 'after', hangUp: true },
};
const never = () => new AbortController().signal;

type Bench = PagerBench & { readonly receiver: FakePageReceiver };

async function bench(): Promise<Bench> {
  const receiver = await startPageReceiver(SECRET);
  const settings = { url: receiver.url, secret: SECRET, allow_private_networks: ['127.0.0.0/8'] };
  return {
    receiver,
    kind: webhook as never,
    settings,
    lockedOut: { ...settings, secret: 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' },
    secret: '/v2/enqueue',
    fail: (trouble) => receiver.fail(FAULTS[trouble]),
    calls: () => receiver.calls.length,
    arrived: () =>
      [...receiver.received.values()].flatMap(({ id, type, data }) => {
        if (type !== 'page') return [];
        const { organization, title, lines, run_book: runBook, deployment, key } = data;
        return [
          {
            title: `${organization}: ${title}`,
            text: [...(lines as string[]), runBook].join('\n'),
            matter: `${deployment} ${key}`,
            identity: id,
          },
        ];
      }),
    close: () => receiver.close(),
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

pagerContract('webhook', bench);

describe('a message to the receiver', () => {
  it('carries everything the README promises', () =>
    on(async (at) => {
      await opened(at).page(PAGE, never());
      const call = at.receiver.calls[0];
      const body = JSON.parse(call?.body ?? '');
      expect(body).toEqual({
        type: 'page',
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        data: {
          deployment: 'dep_test',
          key: PAGE.key,
          code: PAGE.code,
          title: PAGE.title,
          lines: PAGE.lines,
          at: '2026-11-22T00:00:00.000Z',
          organization: 'acme',
          run_book: PAGE.runBook,
        },
      });
      expect(call?.headers['webhook-id']).toMatch(/^msg_[0-9a-f]{32}$/);
      await opened(at).check(never());
      expect(JSON.parse(at.receiver.calls[1]?.body ?? '')).toMatchObject({
        type: 'page.check',
        data: { deployment: 'dep_test' },
      });
    }));

  it('believes a 2xx and nothing else', () =>
    on(async (at) => {
      for (const status of [301, 302, 307, 400, 404, 410, 500, 503]) {
        at.receiver.fail({ status, headers: { location: at.receiver.url } });
        await faultOf(opened(at).page(PAGE, never()));
      }
      expect(at.receiver.received.size).toBe(0);
    }));
});

describe('where it may lead (G09)', () => {
  it.each([
    'https://127.0.0.1/x',
    'https://169.254.169.254/x',
    'https://10.1.2.3/x',
    'https://[::1]/x',
    'http://203.0.113.9/x',
    'http://[::ffff:127.0.0.1]/x',
  ])('not to %s', async (url) => {
    const at = { kind: webhook as never } as unknown as PagerBench;
    const pager = opened(at, { url, secret: SECRET });
    for (const work of [pager.page(PAGE, never()), pager.check(never())]) {
      const error = await faultOf(work);
      expect(error.fault).toBe('refused');
      expect(error.message).not.toContain(url);
    }
  });

  it('not inside by a name that leads there', async () => {
    const at = { kind: webhookPager(async () => ['93.184.216.34', '192.168.1.1']) as never } as unknown as PagerBench;
    const error = await faultOf(opened(at, { url: 'https://pages.acme.test/x', secret: SECRET }).page(PAGE, never()));
    expect(error.fault).toBe('refused');
  });

  it.each(['ftp://acme.test', 'https://u:p@acme.test', 'https://acme.test/#x', 'acme.test', 'file:///etc/passwd'])(
    'takes no setting %s',
    (url) => {
      expect(webhook.config.safeParse({ url, secret: SECRET }).success).toBe(false);
    },
  );
  it.each(['', 'whsec_', 'whsec_AAAA', 'secret', `${SECRET}!`])('takes no key %s', (secret) => {
    expect(webhook.config.safeParse({ url: 'https://acme.test', secret }).success).toBe(false);
  });
});
