// What a supervisor and a monitoring system ask on the internal port: is the process alive, may it get traffic, how do things
// stand. They name nobody.
import { open, type Reply, type Route } from '../ports/route.ts';

/** https://prometheus.io/docs/instrumenting/exposition_formats */
const PROMETHEUS = 'text/plain; version=0.0.4; charset=utf-8';
const PLAIN = { 'content-type': 'text/plain; charset=utf-8' };

/** `GET /live` is 200 while the process answers at all; `GET /ready` is 503 until `ready` says yes (threat E07). */
export function healthRoutes(ready: () => boolean | Promise<boolean>): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/live',
      verify: open('a supervisor asks whether the process answers; nothing is told but that'),
      handle: async () => said(200, 'alive'),
    },
    {
      method: 'GET',
      path: '/ready',
      verify: open('a load balancer asks whether to send traffic; nothing is told but that'),
      handle: async () => ((await ready()) ? said(200, 'ready') : said(503, 'not ready')),
    },
  ];
}

/** `GET /metrics` is the page of figures, in the text format of Prometheus. */
export function metricsRoute(page: () => Promise<string>): Route {
  return {
    method: 'GET',
    path: '/metrics',
    verify: open('a monitoring system asks how things stand; figures only, which name nobody (threat I08)'),
    handle: async () => ({ status: 200, headers: { 'content-type': PROMETHEUS }, body: await page() }),
  };
}

function said(status: number, body: string): Reply {
  return { status, headers: PLAIN, body };
}
