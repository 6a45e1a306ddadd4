// An OpenTelemetry collector: takes spans over real HTTP as JSON (https://opentelemetry.io/docs/specs/otlp/#otlphttp) and
// keeps them; can refuse, or take the request and never answer.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly status: { readonly code?: number; readonly message?: string };
}

export interface Collector {
  readonly url: string;
  readonly spans: ReceivedSpan[];
  /** Everything received, as it came. */
  readonly bodies: string[];
  readonly headers: Readonly<Record<string, string | string[] | undefined>>[];
  /** `silent`: never answers. */
  mode: 'ok' | 'refuse' | 'silent';
  /** Resolves when this many spans are there. */
  received(count: number): Promise<void>;
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}
interface Payload {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly (ReceivedSpan & { attributes: readonly Attribute[] })[];
    }[];
  }[];
}

export async function openCollector(): Promise<Collector> {
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => {
      body += part;
    });
    request.on('end', () => {
      if (collector.mode === 'silent') return;
      if (collector.mode === 'refuse') return void response.writeHead(400).end();
      collector.bodies.push(body);
      collector.headers.push(request.headers);
      collector.spans.push(...(request.url === '/v1/traces' ? spansOf(JSON.parse(body)) : []));
      for (const look of waiting) look();
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const collector: Collector = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: [],
    bodies: [],
    headers: [],
    mode: 'ok',
    received: (count) =>
      new Promise((resolve) => {
        const look = () => collector.spans.length >= count && resolve();
        waiting.add(look);
        look();
      }),
  };
  return collector;
}

/** Attributes by name; what the resource says is among them. */
function spansOf({ resourceSpans }: Payload): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({ ...span, attributes: plain([...resource.attributes, ...span.attributes]) })),
    ),
  );
}

function plain(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
