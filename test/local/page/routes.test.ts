// What the page's server gives away: its own files under a strict policy, the target's JSON, and nothing else.
import { request } from 'node:http';
import { expect, test } from 'vitest';
import { pageRoutes } from '../../../src/local/page-routes.ts';
import { bench } from '../slack/support.ts';
import { MIA } from './stage.ts';
import { storyTarget } from './story-target.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** A raw request: the path goes out as it is written, which `fetch` would tidy up. */
function raw(
  port: number,
  path: string,
  how: { method?: string; headers?: object; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { host: `127.0.0.1:${port}`, ...how.headers };
    const req = request({ host: '127.0.0.1', port, path, method: how.method ?? 'GET', headers }, (res) => {
      let text = '';
      res.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, text }));
    });
    req.on('error', reject);
    req.end(how.body);
  });
}

async function served(target = storyTarget(() => 0)): Promise<number> {
  const { workspace } = await bench({ extraRoutes: pageRoutes({ target }) });
  return workspace.port;
}

const JSON_POST = { method: 'POST', headers: { 'content-type': 'application/json' } };

test('the page comes with a policy that lets nothing foreign in', async () => {
  const port = await served();
  const { status, headers, text } = await raw(port, '/');
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('text/html; charset=utf-8');
  expect(headers['cache-control']).toBe('no-store');
  expect(headers['x-content-type-options']).toBe('nosniff');
  const policy = String(headers['content-security-policy']);
  for (const part of ["default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"])
    expect(policy).toContain(part);
  expect(policy).not.toMatch(/unsafe|http:|https:|\*/);
  expect(text).not.toMatch(/<script(?![^>]*\ssrc="\/page\/)/);
  expect(text).not.toMatch(/<style|\sstyle=|\son[a-z]+=/);
});

test('every file the page names is there, with its type and the same policy', async () => {
  const port = await served();
  const { text } = await raw(port, '/');
  const named = [...text.matchAll(/(?:src|href)="(\/page\/[^"]+)"/g)].map(([, path]) => path ?? '');
  expect(named.length).toBeGreaterThan(5);
  for (const path of named) {
    const answer = await raw(port, path);
    expect([path, answer.status]).toEqual([path, 200]);
    expect(answer.headers['content-security-policy']).toContain("default-src 'self'");
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  }
});

test('every module that a module imports is there', async () => {
  const port = await served();
  const seen = new Set<string>(['main.js']);
  for (const name of seen) {
    const { status, text, headers } = await raw(port, `/page/${name}`);
    expect([name, status, headers['content-type']]).toEqual([name, 200, 'text/javascript; charset=utf-8']);
    for (const [, next] of text.matchAll(/^(?:import|\} from) .*?'\.\/([^']+)';$/gm)) seen.add(next ?? '');
  }
  expect(seen.size).toBeGreaterThan(40);
});

test.each([
  '/page/',
  '/page/../page-routes.ts',
  '/page/..%2fpage-routes.ts',
  '/page/%2e%2e/page-routes.ts',
  '/page/....//page-routes.ts',
  '/page/main.js%00.css',
  '/page/jsconfig.json',
  '/page/index.html',
  '/page//etc/passwd',
  '/page/constructor',
  '/index.html',
  '/package.json',
])('nothing lies at %s', async (path) => {
  expect((await raw(await served(), path)).status).toBe(404);
});

test('files are only read, and HEAD tells their length', async () => {
  const port = await served();
  expect((await raw(port, '/', { method: 'POST' })).status).toBe(405);
  expect((await raw(port, '/page/main.js', { method: 'DELETE' })).status).toBe(405);
  const [head, whole] = [await raw(port, '/', { method: 'HEAD' }), await raw(port, '/')];
  expect(head.text).toBe('');
  expect(head.headers['content-length']).toBe(String(Buffer.byteLength(whole.text)));
});

test.each([
  { host: 'evil.test' },
  { host: 'evil.test:80' },
  { origin: 'http://evil.test' },
  { origin: 'null' },
  { origin: 'http://127.0.0.1' },
])('a request of another site is refused: %o', async (headers) => {
  const port = await served();
  for (const path of ['/', '/page/main.js', `/target?as=${MIA}`])
    expect((await raw(port, path, { headers })).status).toBe(403);
  const query = {
    ...JSON_POST,
    headers: { ...JSON_POST.headers, ...headers },
    body: '{"as":"U0MIA","sql":"select 1"}',
  };
  expect((await raw(port, '/target/query', query)).status).toBe(403);
});

test('the target says who has what, and how the acting person connects', async () => {
  const target = storyTarget(() => 0);
  target.grant(MIA, 60_000);
  const { status, text, headers } = await raw(await served(target), `/target?as=${MIA}`);
  expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
  const body = JSON.parse(text);
  expect(body).toMatchObject({ available: true, name: 'prod-db', psql: expect.stringContaining('mia@') });
  expect(body.roles[0]).toMatchObject({ name: 'shop_readonly', holders: [{ person: MIA, endsAt: 60_000 }] });
});

test('a workspace without a target says so', async () => {
  const { workspace } = await bench({ extraRoutes: pageRoutes({}) });
  expect(JSON.parse((await raw(workspace.port, '/target?as=U0ANA')).text)).toEqual({ available: false });
  const query = await raw(workspace.port, '/target/query', { ...JSON_POST, body: '{"as":"U0ANA","sql":"select 1"}' });
  expect([query.status, JSON.parse(query.text).error]).toEqual([404, 'no_target']);
});

test('a query runs as the person, with the role it names', async () => {
  const calls: unknown[] = [];
  const target = storyTarget(() => 0);
  const port = await served({
    ...target,
    query: (...asked) => {
      calls.push(asked);
      return target.query(...asked);
    },
  });
  const body = JSON.stringify({ as: MIA, sql: 'select 1', role: 'shop_readonly' });
  const { status, text } = await raw(port, '/target/query', { ...JSON_POST, body });
  expect([status, JSON.parse(text).ok]).toEqual([200, false]);
  expect(calls).toEqual([[MIA, 'select 1', 'shop_readonly']]);
});

test.each([
  [400, '{"as":"U0MIA"}'],
  [400, '{"as":"U0MIA","sql":""}'],
  [400, '{"as":["U0MIA"],"sql":"select 1"}'],
  [400, '{"as":"U0MIA","sql":"select 1","also":1}'],
  [400, '{"as":"U0MIA","sql":"select 1"'],
  [400, ''],
  [413, `{"as":"U0MIA","sql":"${'x'.repeat(70_000)}"}`],
])('answers %i to a body that is no query', async (status, body) => {
  expect((await raw(await served(), '/target/query', { ...JSON_POST, body })).status).toBe(status);
});

test('a form of another page cannot post a query', async () => {
  const port = await served();
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    const headers = { 'content-type': type };
    const body = '{"as":"U0MIA","sql":"select 1"}';
    expect((await raw(port, '/target/query', { method: 'POST', headers, body })).status).toBe(415);
  }
  expect((await raw(port, '/target/query')).status).toBe(405);
  expect((await raw(port, '/target', { ...JSON_POST, body: '{}' })).status).toBe(405);
  expect((await raw(port, '/target')).status).toBe(400);
});
