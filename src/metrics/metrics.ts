// The page of figures at /metrics: what this process counted, how it stands, and how the store stands. It answers even when
// the store does not; then the figures of the store are missing and hallpass_store_up is 0.
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Clock } from '../ports/clock.ts';
import type { Figures } from '../ports/figures.ts';
import type { Log } from '../ports/log.ts';
import type { Meter } from '../ports/meter.ts';
import { countingMeter, scrapeFailures } from './counting.ts';
import { figureGauges } from './figure-gauges.ts';

/** Below the 10 s after which Prometheus gives up on a scrape. */
const STORE_SECONDS = 5;

/** What the page reads when it is asked for. */
export interface Watched {
  readonly figures: () => Promise<Figures>;
  readonly ready: () => boolean | Promise<boolean>;
  readonly writable: () => boolean;
}

export interface Metrics {
  readonly meter: Meter;
  /** The whole page, in the text format of Prometheus. Never throws. */
  page(watched: Watched): Promise<string>;
}

/** Process metrics are of the process, however many programs run in it. */
let processRegistry: Registry | undefined;

function processMetrics(): Registry {
  if (processRegistry) return processRegistry;
  processRegistry = new Registry();
  collectDefaultMetrics({ register: processRegistry });
  return processRegistry;
}

export function openMetrics({ clock, log }: { readonly clock: Clock; readonly log: Log }): Metrics {
  const registry = new Registry();
  const meter = countingMeter(registry);
  const failures = scrapeFailures(registry);
  const state = stateGauges(registry);

  async function storeFigures(watched: Watched): Promise<Registry | undefined> {
    try {
      return figureGauges(await inTime(clock, watched.figures()), clock.now());
    } catch (error) {
      failures.inc();
      log.warn('the store could not be read for the figures', { error });
      return undefined;
    }
  }
  return {
    meter,
    async page(watched) {
      const figures = await storeFigures(watched);
      state.up.set(figures ? 1 : 0);
      state.writable.set(watched.writable() ? 1 : 0);
      state.ready.set((await watched.ready()) ? 1 : 0);
      const registries = [...(figures ? [figures] : []), registry, processMetrics()];
      return (await Promise.all(registries.map((one) => one.metrics()))).join('\n');
    },
  };
}

function stateGauges(registry: Registry) {
  const registers = [registry];
  const up = 'The store could be read just now';
  const writable = 'The last attempt of this process to write to the store succeeded';
  const ready = 'This process may get traffic: people can ask and approve, and what was overdue at its start was sent';
  return {
    up: new Gauge({ name: 'hallpass_store_up', help: up, registers }),
    writable: new Gauge({ name: 'hallpass_store_writable', help: writable, registers }),
    ready: new Gauge({ name: 'hallpass_ready', help: ready, registers }),
  };
}

/** Throws when it takes too long; whatever comes later is dropped. */
async function inTime<T>(clock: Clock, reading: Promise<T>): Promise<T> {
  const done = new AbortController();
  const slept = clock.sleep(STORE_SECONDS * 1000, done.signal).then((): Promise<never> => {
    throw new Error(`no answer within ${STORE_SECONDS} s`);
  });
  try {
    return await Promise.race([reading, slept]);
  } finally {
    done.abort('over');
    slept.catch(() => undefined);
    reading.catch(() => undefined);
  }
}
