// Traces go to a real collector when the standard variables say so; otherwise nothing of OpenTelemetry is loaded.
import { spawnSync } from 'node:child_process';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/lib/system-clock.ts';
import { openTracing, type Tracing, wantsTracing } from '../../src/metrics/otel.ts';
import type { Log } from '../../src/ports/log.ts';
import { noTrace } from '../../src/ports/trace.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { quietLog } from '../world-ports.ts';
import { openCollector } from './collector.ts';

afterEach(() => vi.unstubAllEnvs());

/** As a process with these variables would. */
function opened(env: Record<string, string>, log: Log = quietLog, clock = systemClock): Promise<Tracing> {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  return openTracing(env, { clock, log });
}

describe('whether anything is traced', () => {
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.acme.test:4318' };

  it.each([
    ['nothing is set', {}, false],
    ['an endpoint', endpoint, true],
    ['one for traces', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c:4318/v1/traces' }, true],
    ['an empty endpoint', { OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false],
    ['switched off', { ...endpoint, OTEL_SDK_DISABLED: 'true' }, false],
    ['switched off in capitals', { ...endpoint, OTEL_SDK_DISABLED: 'TRUE' }, false],
    ['not switched off', { ...endpoint, OTEL_SDK_DISABLED: 'no' }, true],
    ['no exporter', { ...endpoint, OTEL_TRACES_EXPORTER: 'none' }, false],
    ['another exporter', { ...endpoint, OTEL_TRACES_EXPORTER: 'zipkin' }, false],
    ['two exporters', { ...endpoint, OTEL_TRACES_EXPORTER: 'console, otlp' }, true],
    ['an empty exporter is the default', { ...endpoint, OTEL_TRACES_EXPORTER: '' }, true],
  ])('%s', async (_name, env, wanted) => {
    expect(wantsTracing(env)).toBe(wanted);
  });

  it('without it, spans are nothing at all', async () => {
    const tracing = await opened({});
    expect(tracing.trace).toBe(noTrace);
    await tracing.stop();
  });

  // prom-client brings the bare API along, which does nothing.
  it.each([
    ['without it, nothing of its SDK is loaded with the program', {}, 0],
    ['with it, it is', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }, 1],
  ])('%s', (_name, env, least) => {
    const root = new URL('../..', import.meta.url).pathname;
    const script = `
      import { registerHooks } from 'node:module';
      const seen = [];
      registerHooks({ resolve: (name, context, next) => { seen.push(name); return next(name, context); } });
      await import('${root}src/start.ts');
      const { openTracing } = await import('${root}src/metrics/otel.ts');
      const { systemClock: clock } = await import('${root}src/lib/system-clock.ts');
      await openTracing(process.env, { clock, log: { warn() {} } });
      process.stdout.write(String(seen.filter((name) => /^@opentelemetry.(sdk|exporter|resources)/.test(name)).length));`;
    const ran = spawnSync(process.execPath, ['--input-type=module', '-e', script], { env, encoding: 'utf8' });
    const loaded = Number(ran.stdout);
    expect(ran.stderr).toBe('');
    expect(Math.min(loaded, 1)).toBe(least);
  });
});

describe('spans at a collector', () => {
  it('arrive by the stop at the latest, nested as the work was, with their facts and those of the deployment', async () => {
    const collector = await openCollector();
    const { trace, stop } = await opened({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=acme',
      OTEL_SERVICE_NAME: 'jit',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=prod,service.name=not-this',
    });
    const answer = await trace.span('job revoke', { kind: 'revoke', attempt: 2 }, async (note) => {
      const [one, two] = await Promise.all([
        trace.span('target revoke', { target: 'prod-db' }, async () => 1),
        trace.span('chat post', {}, () => trace.span('deep', {}, async () => 2)),
      ]);
      note({ outcome: 'done' });
      return one + two;
    });
    await stop();
    expect(answer).toBe(3);
    const byName = new Map(collector.spans.map((span) => [span.name, span]));
    const job = byName.get('job revoke');
    expect(job?.attributes).toMatchObject({
      ...{ 'service.name': 'jit', 'deployment.environment': 'prod' },
      ...{ 'hallpass.kind': 'revoke', 'hallpass.attempt': 2, 'hallpass.outcome': 'done' },
    });
    expect(job?.parentSpanId).toBeUndefined();
    expect(byName.get('target revoke')?.parentSpanId).toBe(job?.spanId);
    expect(byName.get('chat post')?.parentSpanId).toBe(job?.spanId);
    expect(byName.get('deep')?.parentSpanId).toBe(byName.get('chat post')?.spanId);
    expect(new Set(collector.spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(collector.headers[0]?.['x-tenant']).toBe('acme');
  });

  it('is called hallpass unless told otherwise', async () => {
    const collector = await openCollector();
    const { trace, stop } = await opened({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/v1/traces` });
    await trace.span('one', {}, async () => undefined);
    await stop();
    expect(collector.spans[0]?.attributes['service.name']).toBe('hallpass');
  });

  it('an error passes through; its class is told, its words are not', async () => {
    const collector = await openCollector();
    const { trace, stop } = await opened({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    const failing = trace.span('one', {}, async () => {
      throw new TypeError('postgres://app:canary-pg-pass@db');
    });
    await expect(failing).rejects.toThrow('canary-pg-pass');
    await stop();
    expect(collector.spans[0]?.status).toEqual({ code: 2, message: 'TypeError' });
    expect(collector.bodies.join()).not.toContain('canary');
  });
});

describe('a collector that is away', () => {
  it.each(['refuse', 'silent'] as const)('that would %s: work goes on, the stop is not held up', async (mode) => {
    const collector = await openCollector();
    collector.mode = mode;
    const warned: string[] = [];
    const clock = manualClock();
    const log: Log = { ...quietLog, warn: (message) => void warned.push(message) };
    const { trace, stop } = await opened({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }, log, clock);
    expect(await trace.span('one', {}, async () => 'as ever')).toBe('as ever');
    const stopped = stop();
    if (mode === 'silent') await clock.advance(5_000);
    await stopped;
    expect(warned.length).toBeGreaterThanOrEqual(mode === 'refuse' ? 1 : 0);
  });

  it('is told of once, not each time, and once more when it is back', async () => {
    const collector = await openCollector();
    collector.mode = 'refuse';
    const warned: string[] = [];
    const heard = new Set<() => void>();
    const log: Log = {
      ...quietLog,
      warn(message) {
        warned.push(message);
        for (const look of heard) look();
      },
    };
    const said = (count: number) =>
      new Promise<void>((resolve) => {
        const look = () => warned.length >= count && resolve();
        heard.add(look);
        look();
      });
    const { trace, stop } = await opened({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }, log);
    /** As many as are sent in one go, at once. */
    const batch = () => Promise.all(Array.from({ length: 512 }, () => trace.span('one', {}, async () => undefined)));
    await batch();
    await said(1);
    collector.mode = 'ok';
    await batch();
    await said(2);
    await batch();
    await collector.received(1024);
    await stop();
    expect(warned).toEqual(['traces cannot be sent', 'traces can be sent again']);
  });
});
