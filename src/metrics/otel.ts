// Spans to an OpenTelemetry collector, by its standard environment variables; without them nothing of OpenTelemetry is
// loaded. Facts of spans are ids, kinds and outcomes (see ports/trace.ts). A collector that is away disturbs nothing.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Context, Span, Tracer } from '@opentelemetry/api';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { noTrace, type SpanFacts, type Trace } from '../ports/trace.ts';

export interface Tracing {
  readonly trace: Trace;
  /** Sends what is left, for at most 5 s. Never throws. */
  stop(): Promise<void>;
}

export type Environment = Readonly<Record<string, string | undefined>>;
interface TracingTools {
  readonly clock: Clock;
  readonly log: Log;
}

const FLUSH_SECONDS = 5;
const SERVICE_NAME = 'hallpass';
const NO_TRACING: Tracing = { trace: noTrace, stop: async () => undefined };

/**
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables and, for the exporter, .../protocol/exporter.
 * The exporter, its headers and the resource read theirs by themselves, from the environment of the process.
 */
export function wantsTracing(env: Environment): boolean {
  if (env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return false;
  // Only OTLP is built in; a list is allowed, and whatever else it names is not here.
  const exporters = (env['OTEL_TRACES_EXPORTER'] || 'otlp').split(',').map((name) => name.trim());
  if (!exporters.includes('otlp')) return false;
  return Boolean(env['OTEL_EXPORTER_OTLP_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']);
}

export async function openTracing(env: Environment, tools: TracingTools): Promise<Tracing> {
  if (!wantsTracing(env)) return NO_TRACING;
  const api = await import('@opentelemetry/api');
  const { TracerProvider, BatchSpanProcessor } = await import('@opentelemetry/sdk-trace');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const { detectResources, envDetector, resourceFromAttributes } = await import('@opentelemetry/resources');
  const named = resourceFromAttributes({ 'service.name': SERVICE_NAME });
  const resource = named.merge(detectResources({ detectors: [envDetector] }));
  const exporter = telling(new OTLPTraceExporter(), tools.log);
  const provider = new TracerProvider({ resource, spanProcessors: [new BatchSpanProcessor({ exporter })] });
  const { ROOT_CONTEXT, SpanStatusCode, trace } = api;
  const words: Words = { root: ROOT_CONTEXT, within: trace.setSpan, failed: SpanStatusCode.ERROR };
  return {
    trace: traceBy(provider.getTracer(SERVICE_NAME), words),
    stop: () => atMost(tools, provider.shutdown()),
  };
}

/** What is needed of the API, which is loaded late. */
interface Words {
  readonly root: Context;
  readonly within: (context: Context, span: Span) => Context;
  readonly failed: number;
}

/** Spans nest by themselves, in a storage of our own: nothing global is set, so that programs run side by side. */
function traceBy(tracer: Tracer, { root, within, failed }: Words): Trace {
  const current = new AsyncLocalStorage<Context>();
  return {
    async span(name, facts, work) {
      const parent = current.getStore() ?? root;
      const span = tracer.startSpan(name, { attributes: attributesOf(facts) }, parent);
      try {
        return await current.run(within(parent, span), () =>
          work((more) => void span.setAttributes(attributesOf(more))),
        );
      } catch (error) {
        // The class alone: messages are made of what somebody sent (threat I01).
        span.setStatus({ code: failed, message: error instanceof Error ? error.name : 'unknown' });
        throw error;
      } finally {
        span.end();
      }
    },
  };
}

function attributesOf(facts: SpanFacts): SpanFacts {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [`hallpass.${name}`, value]));
}

/** The SDK is silent about a collector that takes nothing: it is told once, and once when it takes something again. */
function telling(exporter: SpanExporter, log: Log): SpanExporter {
  let isAway = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const failed = result.error !== undefined;
        if (failed !== isAway) log.warn(failed ? 'traces cannot be sent' : 'traces can be sent again', { ...result });
        isAway = failed;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}

async function atMost({ clock, log }: TracingTools, flushing: Promise<void>): Promise<void> {
  const done = new AbortController();
  const flushed = flushing.catch((error: unknown) => log.warn('the last traces were not sent', { error }));
  await Promise.race([flushed, clock.sleep(FLUSH_SECONDS * 1000, done.signal)]);
  done.abort('over');
}
