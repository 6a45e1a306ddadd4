// One HTTP call: capped, timed, never redirected, every failure an AdapterError that says whether anything may have changed.
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { callHttp, type HttpCall, readAnswer } from '../../src/lib/http.ts';
import type { AdapterError } from '../../src/ports/grant-adapter.ts';
import { everythingIn, faultFrom, never } from '../contracts/grant-adapter-bench.ts';

const CANARIES = ['canary-header', 'canary-path', 'canary-query', 'canary-body'];
let server: Server | undefined;
afterEach(
  () =>
    new Promise<void>((resolve) => {
      if (server === undefined) return resolve();
      server.closeAllConnections();
      server.close(() => resolve());
    }),
);

async function serve(listener: RequestListener): Promise<string> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  const address = started.address();
  return `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
}

function callTo(base: string, more: Partial<HttpCall> = {}): HttpCall {
  return {
    system: 'Okta',
    method: 'PUT',
    url: `${base}/canary-path?token=canary-query`,
    headers: { authorization: 'canary-header' },
    body: 'canary-body',
    changes: true,
    ...more,
  };
}

/** The fault of a call with these changes, checked for secrets on the way. */
async function faultOf(base: string, more: Partial<HttpCall> = {}, signal = never()): Promise<AdapterError> {
  const fault = await faultFrom(callHttp(globalThis.fetch, callTo(base, more), signal));
  for (const canary of CANARIES) expect(everythingIn(fault)).not.toContain(canary);
  expect(fault.message).toContain('Okta');
  return fault;
}

describe('a call that is answered', () => {
  it('sends what it was given, and reads the answer', async () => {
    const seen: unknown[] = [];
    const base = await serve((request, response) => {
      seen.push([request.method, request.url, request.headers.authorization, request.headers.accept]);
      response.end('{"ok":true}');
    });
    const call = callTo(base);
    const answer = await callHttp(globalThis.fetch, call, never());
    expect(seen).toEqual([['PUT', '/canary-path?token=canary-query', 'canary-header', 'application/json']]);
    expect(readAnswer(z.strictObject({ ok: z.boolean() }), answer, call)).toEqual({ ok: true });
  });

  it('hands statuses to a caller that reads them itself', async () => {
    const base = await serve((_, response) => response.writeHead(404).end('nobody'));
    expect(await callHttp(globalThis.fetch, callTo(base, { accept: [404] }), never())).toEqual({
      status: 404,
      text: 'nobody',
    });
  });

  it.each([
    [400, 'invalid', 'no'],
    [401, 'refused', 'no'],
    [403, 'refused', 'no'],
    [404, 'missing', 'no'],
    [405, 'invalid', 'no'],
    [408, 'busy', 'maybe'],
    [409, 'busy', 'maybe'],
    [410, 'missing', 'no'],
    [422, 'invalid', 'no'],
    [425, 'busy', 'maybe'],
    [429, 'busy', 'no'],
    [500, 'unreachable', 'maybe'],
    [502, 'unreachable', 'maybe'],
    [503, 'busy', 'maybe'],
    [504, 'unreachable', 'maybe'],
    [300, 'invalid', 'maybe'],
    [301, 'invalid', 'maybe'],
    [302, 'invalid', 'maybe'],
    [307, 'invalid', 'maybe'],
  ] as const)('%i is %s, changed %s', async (status, fault, changed) => {
    const base = await serve((_, response) =>
      response.writeHead(status, { location: '/elsewhere' }).end('canary-body'),
    );
    expect(await faultOf(base)).toMatchObject({ fault, changed });
    expect(await faultOf(base, { changes: false }), 'a read changes nothing').toMatchObject({ fault, changed: 'no' });
  });

  it.each([
    [{ 'retry-after': '7' }, 7],
    [{ 'retry-after': '99999' }, 300],
    [{ 'retry-after': 'Sun, 22 Nov 2026 10:00:30 GMT', date: 'Sun, 22 Nov 2026 10:00:00 GMT' }, 30],
    [{ 'retry-after': 'Sun, 22 Nov 2026 09:00:00 GMT', date: 'Sun, 22 Nov 2026 10:00:00 GMT' }, undefined],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-5' }, undefined],
    [{}, undefined],
  ])('%o means waiting for %s seconds', async (headers, seconds) => {
    const base = await serve((_, response) => {
      response.sendDate = false;
      response.writeHead(429, headers).end();
    });
    expect((await faultOf(base)).retryAfterSeconds).toBe(seconds);
  });
});

describe('an answer that goes too far', () => {
  it('is cut off after a megabyte, whatever length it announces', async () => {
    let sent = 0;
    const base = await serve((_, response) => {
      const part = Buffer.alloc(64 * 1024, 'x');
      const more = (): void => {
        while (sent < 50_000_000 && response.write(part)) sent += part.length;
      };
      response.on('drain', more);
      more();
    });
    expect(await faultOf(base)).toMatchObject({ fault: 'invalid', changed: 'maybe' });
    expect(sent).toBeLessThan(40_000_000);
  });

  it('may have a megabyte, and not a byte more', async () => {
    const size = 1024 * 1024;
    const base = await serve((request, response) =>
      response.end('x'.repeat(request.url?.includes('more') ? size + 1 : size)),
    );
    const answer = await callHttp(globalThis.fetch, callTo(base), never());
    expect(answer.text).toHaveLength(size);
    await faultFrom(callHttp(globalThis.fetch, callTo(base, { url: `${base}/more` }), never()));
  });

  it.each([
    '',
    'null',
    '[]',
    '{"ok":"yes"}',
    '{"ok":true,"more":1}',
    '{"__proto__":{"ok":true}}',
    '{"ok":true,"__proto__":{}}',
    '<html>',
    '['.repeat(200_000),
  ])('is not understood: %.40s', async (text) => {
    const call = callTo('http://unused.test');
    const read = (asked: HttpCall) =>
      faultFrom((async () => readAnswer(z.strictObject({ ok: z.boolean() }), { status: 200, text }, asked))());
    expect(await read(call)).toMatchObject({ fault: 'invalid', changed: 'maybe' });
    expect(await read({ ...call, changes: false })).toMatchObject({ fault: 'invalid', changed: 'no' });
  });

  it('is not quoted: a key of the answer may be anything', async () => {
    const answer = { status: 200, text: JSON.stringify({ '<script>canary-body': 1 }) };
    const fault = await faultFrom(
      (async () => readAnswer(z.record(z.string(), z.string()), answer, callTo('http://unused.test')))(),
    );
    expect(everythingIn(fault)).not.toContain('canary-body');
  });
});

describe('a call that is not answered', () => {
  it('is unreachable and changed nothing when nobody was there', async () => {
    const base = await serve(() => undefined);
    server?.close();
    server?.closeAllConnections();
    expect(await faultOf(base)).toMatchObject({
      fault: 'unreachable',
      changed: 'no',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    server = undefined;
  });

  it('may have changed something when the connection breaks', async () => {
    const base = await serve((request) => request.socket.destroy());
    expect(await faultOf(base)).toMatchObject({ fault: 'unreachable', changed: 'maybe' });
    expect(await faultOf(base, { changes: false })).toMatchObject({ fault: 'unreachable', changed: 'no' });
  });

  it('may have changed something when the answer breaks off', async () => {
    const base = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"ok":', () => response.destroy());
    });
    expect(await faultOf(base)).toMatchObject({ fault: 'unreachable', changed: 'maybe' });
  });

  it('is given up after its time', async () => {
    const base = await serve(() => undefined);
    expect(await faultOf(base, { timeoutMs: 50 })).toMatchObject({
      fault: 'unreachable',
      changed: 'maybe',
      message: expect.stringContaining('in time'),
    });
  });

  it('is given up with the caller, also in the middle of an answer', async () => {
    const caller = new AbortController();
    const base = await serve((_, response) => {
      response.write('{', () => caller.abort());
    });
    expect(await faultOf(base, {}, caller.signal)).toMatchObject({ fault: 'unreachable', changed: 'maybe' });
  });

  it('is not made when the caller gave up before', async () => {
    let calls = 0;
    const base = await serve((_, response) => {
      calls += 1;
      response.end();
    });
    expect(await faultOf(base, {}, AbortSignal.abort())).toMatchObject({ fault: 'unreachable', changed: 'no' });
    expect(calls).toBe(0);
  });

  it('shows no header even when the platform would quote it', async () => {
    const base = await serve((_, response) => response.end());
    expect(await faultOf(base, { headers: { authorization: 'canary-header\nx' } })).toMatchObject({
      fault: 'unreachable',
    });
    expect(await faultOf(base, { headers: { authorization: 'canary-header\0x' } })).toMatchObject({
      fault: 'unreachable',
    });
  });
});
