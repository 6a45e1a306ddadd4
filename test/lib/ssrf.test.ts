// A configured address never leads into our own networks: not by its number in any spelling, not by its name, not by a name
// that changes its mind, not by a redirect (threat G09).
import { createServer as createHttp, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callHttp, type HttpCall } from '../../src/lib/http.ts';
import { guardedSend, type Resolve } from '../../src/lib/ssrf.ts';
import { faultFrom, never } from '../contracts/grant-adapter-bench.ts';
import { selfSigned } from '../fakes/certificate.ts';

function callTo(url: string): HttpCall {
  return { system: 'The receiver', method: 'POST', url, body: '{}', changes: true };
}

describe('addresses that lead inside', () => {
  let trap: Server;
  let port = 0;
  let caught = 0;
  beforeAll(async () => {
    trap = createHttp((_, response) => {
      caught += 1;
      response.end('{}');
    });
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
    const address = trap.address();
    port = address !== null && typeof address === 'object' ? address.port : 0;
  });
  afterAll(() => new Promise<void>((resolve) => void trap.close(() => resolve())));

  const names: Readonly<Record<string, readonly string[]>> = {
    localhost: ['127.0.0.1', '::1'],
    'localhost.': ['127.0.0.1'],
    'loop.evil.test': ['127.0.0.1'],
    'mixed.evil.test': ['93.184.216.34', '127.0.0.1'],
    'mixed6.evil.test': ['2606:4700::1111', '::1'],
    'mapped.evil.test': ['::ffff:169.254.169.254'],
    'metadata.google.internal': ['169.254.169.254'],
    'intranet.evil.test': ['10.0.0.5'],
    'link.evil.test': ['fe80::1'],
    'zone.evil.test': ['fe80::1%lo'],
    'empty.evil.test': [],
    'nonsense.evil.test': ['not an address'],
    'unspecified.evil.test': ['0.0.0.0'],
  };
  const resolve: Resolve = async (host) => {
    const addresses = names[host];
    if (addresses === undefined) throw Object.assign(new Error(`no ${host}`), { code: 'ENOTFOUND' });
    return addresses;
  };
  const URLS: readonly string[] = [
    'http://127.0.0.1:PORT/',
    'http://127.1:PORT/',
    'http://127.0.1:PORT/',
    'http://0x7f000001:PORT/',
    'http://0x7f.0.0.1:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://2130706433:PORT/',
    'http://017700000001:PORT/',
    'http://①②⑦.0.0.1:PORT/',
    'http://127。0。0。1:PORT/',
    'http://0:PORT/',
    'http://0.0.0.0:PORT/',
    'http://[::]:PORT/',
    'http://[::1]:PORT/',
    'http://[0:0:0:0:0:0:0:1]:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[::ffff:7f00:1]:PORT/',
    'http://[::127.0.0.1]:PORT/',
    'http://[::ffff:169.254.169.254]/latest/meta-data/',
    'http://[64:ff9b::7f00:1]:PORT/',
    'http://[2002:7f00:1::]:PORT/',
    'http://[fd00:ec2::254]/latest/',
    'http://[fe80::1]:PORT/',
    'http://169.254.169.254/latest/meta-data/',
    'http://2852039166/latest/meta-data/',
    'http://169.254.170.2/v2/credentials',
    'http://168.63.129.16/machine',
    'http://100.100.100.200/',
    'http://10.0.0.1/',
    'http://172.16.0.1/',
    'http://192.168.1.1/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://localhost:PORT/',
    'http://LOCALHOST:PORT/',
    'http://localhost.:PORT/',
    'http://loop.evil.test:PORT/',
    'http://mixed.evil.test:PORT/',
    'http://mixed6.evil.test:PORT/',
    'http://mapped.evil.test/',
    'http://metadata.google.internal/computeMetadata/v1/',
    'http://intranet.evil.test/',
    'http://link.evil.test/',
    'http://zone.evil.test/',
    'http://empty.evil.test/',
    'http://nonsense.evil.test/',
    'http://unspecified.evil.test:PORT/',
    'http://user:password@93.184.216.34/',
    'http://93.184.216.34/',
    'ftp://93.184.216.34/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:PORT/',
  ];

  it.each(
    URLS.flatMap((url) => (url.startsWith('http:') ? [url, url.replace('http:', 'https:')] : [url])).filter(
      (url) => url !== 'https://93.184.216.34/',
    ),
  )('%s is refused, and nothing is sent', async (url) => {
    const fault = await faultFrom(
      callHttp(guardedSend({ allow: [], resolve }), callTo(url.replace('PORT', String(port))), never()),
    );
    expect([fault.fault, fault.changed]).toEqual(['refused', 'no']);
    expect(fault.message, 'the address itself may hold a token').not.toContain('evil.test');
    expect(caught).toBe(0);
  });

  it('has more than forty of them', () => {
    expect(URLS.length).toBeGreaterThanOrEqual(40);
  });

  it('a name that is not there is unreachable, and nothing was sent', async () => {
    const fault = await faultFrom(
      callHttp(guardedSend({ allow: [], resolve }), callTo('https://gone.evil.test/'), never()),
    );
    expect([fault.fault, fault.changed]).toEqual(['unreachable', 'no']);
  });

  it('a name server that never answers is given up with the caller', async () => {
    const caller = new AbortController();
    const hanging: Resolve = () => new Promise(() => undefined);
    const fault = faultFrom(
      callHttp(guardedSend({ allow: [], resolve: hanging }), callTo('https://slow.evil.test/'), caller.signal),
    );
    caller.abort();
    expect((await fault).fault).toBe('unreachable');
  });
});

describe('DNS rebinding', () => {
  it('goes to the address that was judged, whatever the name says a moment later', async () => {
    const hosts: (string | undefined)[] = [];
    const server = createHttp((request, response) => {
      hosts.push(request.headers.host);
      response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    let asked = 0;
    // The second answer is an address where nobody listens: had the name been looked up again, the call would fail.
    const resolve: Resolve = async () => (asked++ === 0 ? ['127.0.0.1'] : ['127.0.0.99']);
    await callHttp(
      guardedSend({ allow: ['127.0.0.0/8'], resolve }),
      callTo(`http://rebind.acme.test:${port}/`),
      never(),
    );
    expect(asked).toBe(1);
    expect(hosts).toEqual([`rebind.acme.test:${port}`]);
    await new Promise((done) => server.close(done));
  });
});

describe('a redirect', () => {
  it('is not followed, not even to where calls may go', async () => {
    const paths: (string | undefined)[] = [];
    const server = createHttp((request, response) => {
      paths.push(request.url);
      response.writeHead(307, { location: '/second' }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const fault = await faultFrom(
      callHttp(guardedSend({ allow: ['127.0.0.0/8'] }), callTo(`http://127.0.0.1:${port}/first`), never()),
    );
    expect(fault.message).toContain('redirect');
    expect(paths).toEqual(['/first']);
    await new Promise((done) => server.close(done));
  });
});

describe('TLS to a judged address', () => {
  const certificate = selfSigned('hooks.acme.test');
  const before = getCACertificates('default');
  const server = createHttps(certificate, (_, response) => response.end('{"ok":true}'));
  let port = 0;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    port = address !== null && typeof address === 'object' ? address.port : 0;
  });
  afterAll(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  const send = guardedSend({ allow: ['127.0.0.0/8'], resolve: async () => ['127.0.0.1'] });

  it('is refused with a certificate that nobody vouches for, before anything was sent', async () => {
    const fault = await faultFrom(callHttp(send, callTo(`https://hooks.acme.test:${port}/`), never()));
    expect([fault.fault, fault.changed, fault.message]).toEqual([
      'unreachable',
      'no',
      expect.stringContaining('SELF_SIGNED'),
    ]);
  });

  it('verifies the name, not the address it was resolved to', async () => {
    setDefaultCACertificates([...before, certificate.cert]);
    try {
      const answer = await callHttp(send, callTo(`https://hooks.acme.test:${port}/`), never());
      expect(answer).toEqual({ status: 200, text: '{"ok":true}' });
      const fault = await faultFrom(callHttp(send, callTo(`https://other.acme.test:${port}/`), never()));
      expect([fault.changed, fault.message]).toEqual(['no', expect.stringContaining('ALTNAME')]);
    } finally {
      setDefaultCACertificates(before);
    }
  });
});
