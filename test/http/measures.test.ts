// What the server counts of its requests: by route of its own table, whatever clients make up.
import { connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { healthRoutes, metricsRoute } from '../../src/http/health.ts';
import { openServer } from '../../src/http/server.ts';
import { quietMeter } from '../../src/ports/meter.ts';
import type { Route } from '../../src/ports/route.ts';
import { open } from '../../src/ports/route.ts';
import type { SpanFacts, Trace } from '../../src/ports/trace.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { quietLog } from '../world-ports.ts';

async function serve(routes: readonly Route[]) {
  const clock = manualClock();
  const counted: string[] = [];
  const spans: SpanFacts[] = [];
  let heard: () => void = () => undefined;
  const trace: Trace = {
    async span(name, facts, work) {
      const span = { name, ...facts };
      spans.push(span);
      return work((more) => Object.assign(span, more));
    },
  };
  const httpAnswered = (route: string, status: number, seconds: number) => {
    counted.push(`${route} ${status} ${seconds}`);
    heard();
  };
  const server = await openServer({
    ...{ host: '127.0.0.1', port: 0, routes, log: quietLog },
    measures: { meter: { ...quietMeter, httpAnswered }, trace, clock },
  });
  onTestFinished(() => server.stop());
  const counts = (count: number) =>
    new Promise<readonly string[]>((resolve) => {
      heard = () => counted.length >= count && resolve(counted);
      heard();
    });
  return { server, clock, counts, spans, url: `http://127.0.0.1:${server.port}` };
}

it('a route by its path, what is in no table as “other”, each with its status', async () => {
  const { url, counts, spans } = await serve(healthRoutes(() => false));
  await fetch(`${url}/live?who=mia@acme.test`);
  await fetch(`${url}/ready`);
  await fetch(`${url}/mia@acme.test`);
  await fetch(`${url}/live`, { method: 'DELETE' });
  expect(await counts(4)).toEqual(['/live 200 0', '/ready 503 0', 'other 404 0', 'other 404 0']);
  expect(spans[0]).toEqual({ name: 'http /live', route: '/live', status: 200 });
  expect(JSON.stringify(spans)).not.toContain('mia');
});

it('how long it took, and that a client went away', async () => {
  let go: () => void = () => undefined;
  let begun: () => void = () => undefined;
  const entered = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const slow: Route = {
    ...{ method: 'GET', path: '/slow', verify: open('a test') },
    async handle() {
      begun();
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      return { status: 200 };
    },
  };
  const posted: Route = { method: 'POST', path: '/in', verify: open('a test'), handle: async () => ({ status: 200 }) };
  const { url, server, clock, counts } = await serve([slow, posted]);
  const asked = fetch(`${url}/slow`);
  await entered;
  await clock.advance(3_000);
  go();
  await asked;
  expect(await counts(1)).toEqual(['/slow 200 3']);
  const socket = connect(server.port, '127.0.0.1');
  await new Promise((resolve) =>
    socket.write('POST /in HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nhalf', resolve),
  );
  socket.end();
  expect(await counts(2)).toEqual(['/slow 200 3', '/in 499 0']);
});

it('the page of figures is what Prometheus reads, and is never kept by anybody', async () => {
  const { url } = await serve([metricsRoute(async () => 'hallpass_ready 1\n')]);
  const reply = await fetch(`${url}/metrics`);
  expect([reply.status, await reply.text()]).toEqual([200, 'hallpass_ready 1\n']);
  expect(reply.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(reply.headers.get('cache-control')).toBe('no-store');
  expect(metricsRoute(async () => '').verify.name).toMatch(/^open: a /);
});
