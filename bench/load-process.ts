// The load, from a process of its own: so many connections, each asking again as soon as it is answered. Every answer that
// is not 200 is counted, and one is enough to make the figures worthless.
import { Agent, request } from 'node:http';
import { input, say } from './child.ts';
import { percentile } from './figures.ts';
import type { Load, Loaded } from './load.ts';
import { type Signed, signedRequest } from './slack-requests.ts';

const load = await input<Load>();
const agent = new Agent({ keepAlive: true, maxSockets: load.connections });
let number = load.first;
const target = new URL(load.url);

const warm = await run((sent) => sent < load.warm);
const until = performance.now() + load.seconds * 1000;
const measured = await run(() => performance.now() < until);
agent.destroy();
const sorted = measured.times.sort((a, b) => a - b);
say({
  next: number,
  answered: sorted.length,
  refused: warm.refused + measured.refused,
  perSecond: sorted.length / measured.seconds,
  p50: percentile(sorted, 0.5),
  p99: percentile(sorted, 0.99),
} satisfies Loaded);

async function run(more: (sent: number) => boolean) {
  const times: number[] = [];
  let sent = 0;
  let refused = 0;
  const started = performance.now();
  const connection = async () => {
    while (more(sent)) {
      sent += 1;
      const signed = signedRequest(load.what, number, load.cards, load.callbackUrl, load.signingSecret);
      number += 1;
      const one = performance.now();
      if ((await answerTo(signed)) !== 200) refused += 1;
      times.push(performance.now() - one);
    }
  };
  await Promise.all(Array.from({ length: load.connections }, connection));
  return { times, refused, seconds: (performance.now() - started) / 1000 };
}

function answerTo(signed: Signed): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(target, { method: 'POST', agent, headers: signed.headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.on('error', reject);
    });
    asked.on('error', (error: NodeJS.ErrnoException) => {
      // The server may close an idle connection just as we use it again: https://nodejs.org/api/http.html#requestreusedsocket
      if (asked.reusedSocket && error.code === 'ECONNRESET') resolve(answerTo(signed));
      else reject(error);
    });
    asked.end(signed.body);
  });
}
