// The HTTP server: nothing gets past it without a verifier, and nothing that hangs, floods or hides can hold it up.
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { healthRoutes } from '../../src/http/health.ts';
import { type HttpServer, openServer, type ServerLimits } from '../../src/http/server.ts';
import { isVerified, open, type RawRequest, type Route, type Verified, verifier } from '../../src/ports/route.ts';
import { keptLog } from '../chat/slack/rig.ts';
import { request, sendBytes } from './raw-client.ts';

const KEY = 'x-key';
const keyed = verifier<RawRequest, string>('key', ({ headers, body }) =>
  headers[KEY]?.join() === 'right' ? { admitted: body.toString() } : { refused: 'bad_key', status: 401 },
);

interface Heard {
  readonly bodies: string[];
}

function echo(heard: Heard): Route<string> {
  return {
    method: 'POST',
    path: '/in',
    verify: keyed,
    async handle({ payload }) {
      heard.bodies.push(payload);
      return { status: 200, headers: { 'content-type': 'text/plain' }, body: payload };
    },
  };
}

async function serve(routes: readonly Route[], limits: Partial<ServerLimits> = {}) {
  const log = keptLog();
  const server = await openServer({ host: '127.0.0.1', port: 0, routes, log, limits });
  onTestFinished(() => server.stop());
  return { server, log, url: `http://127.0.0.1:${server.port}` };
}

async function served(limits: Partial<ServerLimits> = {}) {
  const heard: Heard = { bodies: [] };
  return { heard, ...(await serve([echo(heard), ...healthRoutes(() => true)], limits)) };
}

describe('routes', () => {
  it('answers what its verifier admitted', async () => {
    const { url, heard } = await served();
    const reply = await fetch(`${url}/in`, { method: 'POST', headers: { [KEY]: 'right' }, body: 'hello' });
    expect([reply.status, await reply.text(), heard.bodies]).toEqual([200, 'hello', ['hello']]);
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('refuses with an empty body what it did not admit, and the handler never hears of it (A01)', async () => {
    const { url, heard, log } = await served();
    const reply = await fetch(`${url}/in`, { method: 'POST', body: 'hello' });
    expect([reply.status, await reply.text(), heard.bodies]).toEqual([401, '', []]);
    expect(log.lines).toMatchObject([{ level: 'warn', facts: { code: 'bad_key', path: '/in' } }]);
  });

  it('cannot be registered without a verifier (A02)', async () => {
    const handle = async () => ({ status: 200 });
    const forged = { name: 'open', check: async () => ({ payload: 1 }) };
    for (const verify of [undefined, null, {}, forged])
      await expect(serve([{ method: 'GET', path: '/x', verify, handle } as unknown as Route])).rejects.toThrow(
        'GET /x has no verifier',
      );
  });

  it('cannot be registered twice', async () => {
    const heard: Heard = { bodies: [] };
    await expect(serve([echo(heard), echo(heard)])).rejects.toThrow('POST /in is there twice');
  });

  it.each([
    '//in',
    '/in/',
    '/In',
    '/%69n',
    '/i%6E',
    '/./in',
    '/x/../in',
    '/in;a=b',
    '/in%2F',
    '/in%00',
    '/in#',
    'http://localhost/in',
    '*',
  ])('knows no alias of a path: %s', async (path) => {
    const { server, heard } = await served();
    const reply = await sendBytes(server.port, request(`POST ${path}`, { [KEY]: 'right' }, 'x'));
    expect([reply.status, heard.bodies]).toEqual([404, []]);
  });

  it.each(['GET', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE'])(
    'knows no other method: %s',
    async (method) => {
      const { server, heard } = await served();
      const reply = await sendBytes(server.port, request(`${method} /in`, { [KEY]: 'right' }));
      expect([reply.status, heard.bodies]).toEqual([404, []]);
    },
  );

  it('shows a header that came twice as two', async () => {
    const seen: unknown[] = [];
    const verify = verifier<RawRequest, number>('see', ({ headers }) => {
      seen.push(headers[KEY]);
      return { admitted: 1 };
    });
    const { server } = await serve([{ method: 'GET', path: '/x', verify, handle: async () => ({ status: 200 }) }]);
    await sendBytes(server.port, `GET /x HTTP/1.1\r\nhost: a\r\nconnection: close\r\n${KEY}: 1\r\n${KEY}: 2\r\n\r\n`);
    expect(seen).toEqual([['1', '2']]);
  });

  it('admits nobody when a verifier throws, and tells nobody why', async () => {
    const verify = verifier<RawRequest, number>('broken', () => {
      throw new Error('secret path /etc/hallpass');
    });
    let handled = 0;
    const { url, log } = await serve([
      { method: 'GET', path: '/x', verify, handle: async () => ({ status: 200 + handled++ }) },
    ]);
    const reply = await fetch(`${url}/x`);
    expect([reply.status, await reply.text(), handled]).toEqual([500, '', 0]);
    expect(log.lines).toMatchObject([{ level: 'error' }]);
  });

  it('answers 500 and nothing else when a handler fails', async () => {
    const { url } = await serve([
      {
        method: 'GET',
        path: '/x',
        verify: open('test'),
        handle: async () => {
          throw new Error('secret');
        },
      },
    ]);
    const reply = await fetch(`${url}/x`);
    expect([reply.status, await reply.text()]).toEqual([500, '']);
  });
});

describe('verified requests (B17)', () => {
  it('come from verifiers alone', async () => {
    const admitted = await keyed.check({
      method: 'POST',
      path: '/',
      query: '',
      headers: { [KEY]: ['right'] },
      body: Buffer.from('x'),
    });
    expect(isVerified(admitted)).toBe(true);
    const forged = { payload: 'x' } as unknown as Verified<string>;
    expect(isVerified(forged)).toBe(false);
    expect(isVerified({ ...(admitted as Verified<string>) })).toBe(false);
  });

  it('cannot be written down: it does not compile', () => {
    // @ts-expect-error the brand is not exported
    const forged: Verified<string> = { payload: 'x' };
    expect(isVerified(forged)).toBe(false);
  });
});

describe('limits (A20)', () => {
  it('refuses a body that says it is too long, without reading it', async () => {
    const { server, heard } = await served({ bodyBytes: 1_000 });
    const head = request('POST /in', { [KEY]: 'right', 'content-length': '100000000' });
    expect(await sendBytes(server.port, head)).toMatchObject({ status: 413 });
    expect(heard.bodies).toEqual([]);
  });

  it('refuses a body that turns out to be too long, and reads no further', async () => {
    const { server, heard } = await served({ bodyBytes: 1_000 });
    const head = request('POST /in', { [KEY]: 'right', 'transfer-encoding': 'chunked' });
    const chunk = `400\r\n${'x'.repeat(1_024)}\r\n`;
    expect(await sendBytes(server.port, head, chunk, chunk, chunk)).toMatchObject({ status: 413 });
    expect(heard.bodies).toEqual([]);
  });

  it('takes a body of exactly the limit', async () => {
    const { url } = await served({ bodyBytes: 1_000 });
    const ask = (bytes: number) =>
      fetch(`${url}/in`, { method: 'POST', headers: { [KEY]: 'right' }, body: 'x'.repeat(bytes) });
    expect((await ask(1_000)).status).toBe(200);
    expect((await ask(1_001)).status).toBe(413);
  });

  it.each(['gzip', 'deflate', 'br', 'zstd', 'x-gzip', 'identity, gzip'])('unpacks nothing: %s', async (encoding) => {
    const { url, heard } = await served();
    const headers = { [KEY]: 'right', 'content-encoding': encoding };
    const reply = await fetch(`${url}/in`, { method: 'POST', headers, body: gzipSync('x'.repeat(100_000)) });
    expect([reply.status, await reply.text(), heard.bodies]).toEqual([415, '', []]);
  });

  it('cuts off whoever dribbles a head or a body', async () => {
    const { server, heard } = await served({ requestMs: 200 });
    const slowHead = sendBytes(server.port, 'POST /in HTTP/1.1\r\nhost: a\r\n');
    const slowBody = sendBytes(server.port, request('POST /in', { [KEY]: 'right', 'content-length': '100' }), 'x');
    expect((await slowHead).status).toBe(408);
    expect((await slowBody).status).toBe(408);
    expect(heard.bodies).toEqual([]);
  });

  it('answers others while two hundred connections dribble', async () => {
    const { server, url } = await served({ requestMs: 2_000 });
    const slow: Socket[] = Array.from({ length: 200 }, () => {
      const socket = connect(server.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write('POST /in HTTP/1.1\r\nhost: a\r\nx: ');
      return socket;
    });
    onTestFinished(() => {
      for (const socket of slow) socket.destroy();
    });
    const reply = await fetch(`${url}/in`, { method: 'POST', headers: { [KEY]: 'right' }, body: 'x' });
    expect(reply.status).toBe(200);
  });

  it('drops connections beyond its number and takes new ones when some are gone', async () => {
    const { server, url } = await served({ connections: 2, requestMs: 300 });
    const first = sendBytes(server.port, 'POST');
    const second = sendBytes(server.port, 'POST');
    await expect(fetch(`${url}/live`)).rejects.toThrow();
    expect([(await first).status, (await second).status]).toEqual([408, 408]);
    expect((await fetch(`${url}/live`)).status).toBe(200);
  });

  it('refuses a head that is too long', async () => {
    const { server } = await served();
    const reply = await sendBytes(server.port, request('GET /live', { x: 'y'.repeat(20_000) }));
    expect(reply.status).toBe(431);
  });

  it.each([
    ['two lengths', 'content-length: 1\r\ncontent-length: 5'],
    ['a length and chunks', 'content-length: 5\r\ntransfer-encoding: chunked'],
    ['an odd coding', 'transfer-encoding: chunked, identity'],
    ['a length that is none', 'content-length: 0x5'],
  ])('refuses a body that two readers could see differently: %s', async (_, lengths) => {
    const { server, heard } = await served();
    const reply = await sendBytes(
      server.port,
      `POST /in HTTP/1.1\r\nhost: a\r\n${KEY}: right\r\n${lengths}\r\n\r\nhello`,
    );
    expect([reply.status, heard.bodies]).toEqual([400, []]);
  });

  it('ends the connection of whoever was refused', async () => {
    const { server } = await served();
    const reply = await sendBytes(server.port, request('POST /in', { connection: 'keep-alive' }, 'x'));
    expect(reply.status).toBe(401);
  });
});

describe('health', () => {
  it('tells a supervisor that it lives, and a load balancer when it is ready', async () => {
    let ready = false;
    const { url } = await serve(healthRoutes(() => ready));
    const ask = async (path: string) => {
      const reply = await fetch(url + path);
      return [reply.status, await reply.text()];
    };
    expect(await ask('/live')).toEqual([200, 'alive']);
    expect(await ask('/ready')).toEqual([503, 'not ready']);
    ready = true;
    expect(await ask('/ready')).toEqual([200, 'ready']);
  });

  it('says why it is open', () => {
    for (const route of healthRoutes(() => true)) expect(route.verify.name).toMatch(/^open: a /);
  });
});

describe('stopping', () => {
  it('lets a request finish and takes no other', async () => {
    let finish: () => void = () => undefined;
    let begun: () => void = () => undefined;
    const running = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const slow: Route<RawRequest> = {
      method: 'GET',
      path: '/slow',
      verify: open('test'),
      async handle() {
        begun();
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        return { status: 200, body: 'done' };
      },
    };
    const { server, url } = await serve([slow]);
    const reply = fetch(`${url}/slow`);
    await running;
    const stopped = server.stop();
    await expect(fetch(`${url}/slow`)).rejects.toThrow();
    finish();
    expect(await (await reply).text()).toBe('done');
    await stopped;
  });

  it('does not wait for ever for one that hangs', async () => {
    const hang: Route<RawRequest> = {
      method: 'GET',
      path: '/hang',
      verify: open('test'),
      handle: () => new Promise(() => undefined),
    };
    const { server, url } = await serve([hang], { drainMs: 50 });
    const reply = fetch(`${url}/hang`).catch(() => 'cut off');
    await new Promise((resolve) => setImmediate(resolve));
    await (server as HttpServer).stop();
    expect(await reply).toBe('cut off');
  });

  it('says when the port is taken', async () => {
    const { server } = await served();
    const again = openServer({ host: '127.0.0.1', port: server.port, routes: [], log: keptLog() });
    await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
