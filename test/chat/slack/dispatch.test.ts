// The one door to Bolt: only for what a verifier admitted, once each; and the small parts around it.
import { readdirSync, readFileSync } from 'node:fs';
import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRequestError } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { callSettings } from '../../../src/chat/slack/client-settings.ts';
import type { Delivered } from '../../../src/chat/slack/delivery.ts';
import { createDispatcher } from '../../../src/chat/slack/dispatch.ts';
import { libraryLog } from '../../../src/chat/slack/library-log.ts';
import { recentKeys } from '../../../src/chat/slack/recent.ts';
import { chatErrorOf } from '../../../src/chat/slack/web-faults.ts';
import { within } from '../../../src/chat/slack/within.ts';
import { isVerified, type Verified, verifier } from '../../../src/ports/route.ts';
import { manualClock } from '../../fakes/manual-clock.ts';
import { keptLog, never } from './rig.ts';

const pass = verifier<Delivered, Delivered>('test', (delivered) => ({ admitted: delivered }));

async function delivered(id: string): Promise<Verified<Delivered>> {
  const delivery = { kind: 'block_actions', packing: 'interactive', body: {}, id } as const;
  const verdict = await pass.check({ what: 'delivery', delivery, letIn: `sig ${id}` });
  return isVerified(verdict) ? verdict : never();
}

describe('the door', () => {
  const open = () => {
    const [clock, log] = [manualClock(), keptLog()];
    return { log, dispatcher: createDispatcher({ clock, log, seen: recentKeys(600_000, 1_000) }) };
  };

  it('is shut to what nobody verified, whatever the compiler was told (A05)', async () => {
    const { dispatcher } = open();
    const real = await delivered('1');
    for (const forged of [{ payload: real.payload }, { ...real }, Object.create(real)])
      expect(await dispatcher.deliver(forged as Verified<Delivered>)).toEqual({ answered: false, why: 'failed' });
  });

  it('fails loudly before Bolt is there', async () => {
    const { dispatcher, log } = open();
    expect(await dispatcher.deliver(await delivered('1'))).toEqual({ answered: false, why: 'failed' });
    expect(log.lines).toMatchObject([{ level: 'error', message: 'Slack delivery failed' }]);
    await dispatcher.idle();
  });

  it('is the only place that hands anything to Bolt (A05)', () => {
    const folder = new URL('../../../src/', import.meta.url);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.(?:ts|js)$/.test(name),
    );
    const holding = (text: string) =>
      files.filter((name) => readFileSync(new URL(name, folder), 'utf8').includes(text));
    expect(holding('processEvent(')).toEqual(['chat/slack/dispatch.ts']);
    const outside = (module: string) => holding(`'${module}'`).filter((name) => !name.startsWith('chat/slack/'));
    for (const module of ['@slack/bolt', '@slack/web-api', '@slack/socket-mode', '@slack/types'])
      expect(outside(module), module).toEqual([]);
    // The old verification token is nowhere read, and no check can be switched off (A14, H08).
    const slack = files.filter((name) => name.startsWith('chat/slack/'));
    expect(slack.length).toBeGreaterThan(30);
    for (const name of slack) {
      const source = readFileSync(new URL(name, folder), 'utf8');
      expect(source, name).not.toMatch(/verification_?token|signatureVerification|tokenVerificationEnabled/i);
      expect(source, name).not.toMatch(/Date\.now\(|new Date\(\)|Math\.random\(|randomUUID/);
    }
  });
});

describe('what was seen', () => {
  it('is seen for its time, and within its number', () => {
    const seen = recentKeys(1_000, 3);
    expect([seen.first('a', 0), seen.first('a', 999), seen.first('a', 1_000)]).toEqual([true, false, true]);
    for (const key of ['b', 'c', 'd']) expect(seen.first(key, 1_000)).toBe(true);
    // `a` was the oldest of four.
    expect([seen.first('d', 1_001), seen.first('c', 1_001), seen.first('a', 1_001)]).toEqual([false, false, true]);
  });

  it('can be forgotten', () => {
    const seen = recentKeys(1_000, 3);
    seen.first('a', 0);
    seen.forget('a');
    expect(seen.first('a', 1)).toBe(true);
  });
});

describe('a call to Slack', () => {
  it('has a limit, is made once, and holds up no other', () => {
    expect(callSettings('http://127.0.0.1:1/api/')).toMatchObject({
      slackApiUrl: 'http://127.0.0.1:1/api/',
      timeout: 10_000,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      allowAbsoluteUrls: false,
    });
    // The library writes into what it is given: nothing may be shared.
    expect(callSettings(undefined).retryConfig).not.toBe(callSettings(undefined).retryConfig);
  });

  it('that never ends may have worked when it writes, and has not when it reads', () => {
    const timeout = new WebAPIRequestError(new DOMException('too long', 'TimeoutError'));
    expect(chatErrorOf(timeout, true)).toMatchObject({ fault: 'unreachable', code: 'timeout', sent: 'maybe' });
    expect(chatErrorOf(timeout, false)).toMatchObject({ fault: 'unreachable', code: 'timeout', sent: 'no' });
    expect(chatErrorOf('odd', true)).toMatchObject({ fault: 'unreachable', code: 'connection_lost', sent: 'maybe' });
    expect(chatErrorOf(new WebAPIHTTPError(404, 'x', {}), true)).toMatchObject({ code: 'http_404', sent: 'maybe' });
  });

  it('names a missing right only when it is a name', () => {
    const missing = (needed: unknown) =>
      chatErrorOf(new WebAPIPlatformError({ ok: false, error: 'missing_scope', ...{ needed } }), true).code;
    expect(missing('chat:write')).toBe('missing_scope:chat:write');
    expect(missing('<script>')).toBe('missing_scope:unknown');
    expect(missing(undefined)).toBe('missing_scope:unknown');
  });

  it('that is told to wait without being told how long waits half a minute', async () => {
    const server = await import('node:http').then(({ createServer }) =>
      createServer((request, response) => {
        request.resume();
        response.writeHead(429, { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }).end();
      }),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const settings = callSettings(undefined);
    const response = await settings.fetch?.(`http://127.0.0.1:${port}/`, { method: 'POST' });
    expect([response?.status, response?.headers.get('retry-after')]).toEqual([429, '30']);
    server.close();
  });
});

describe('the log of Slack’s libraries', () => {
  it('takes their words and none of their objects', () => {
    const log = keptLog();
    const library = libraryLog(log);
    library.debug('payload', { secret: 1 });
    library.info('x');
    library.warn('careful', { secret: 1 });
    library.error({ secret: 1 });
    library.error('y'.repeat(1_000));
    expect(log.lines).toMatchObject([
      { level: 'debug', facts: { said: 'careful' } },
      { level: 'warn', facts: { said: 'object' } },
      { level: 'warn', facts: { said: 'y'.repeat(300) } },
    ]);
    expect(JSON.stringify(log.lines)).not.toContain('secret');
    library.setLevel(library.getLevel());
    library.setName('x');
  });
});

describe('a limit on waiting', () => {
  it('gives what comes in time, else says that it is late', async () => {
    const clock = manualClock();
    expect(await within(clock, 1_000, Promise.resolve(7))).toBe(7);
    const late = within(clock, 1_000, new Promise<number>(() => undefined));
    await clock.advance(1_000);
    expect(await late).toBe('late');
    await expect(within(clock, 1_000, Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
