// The two questions of a supervisor: is the process alive, and may it get traffic. They tell nothing else to anybody.
import { open, type Reply, type Route } from '../ports/route.ts';

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

function said(status: number, body: string): Reply {
  return { status, headers: PLAIN, body };
}
