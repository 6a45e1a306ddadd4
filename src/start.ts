// Starting a deployment from its configuration: what `npm start`, `hallpass start` and local mode have in common.
import { dirname, join } from 'node:path';
import { openSlack } from './chat/slack/index.ts';
import type { Config } from './config/read-config.ts';
import { adapters } from './grants/registry.ts';
import { appendDurably } from './lib/append-file.ts';
import { systemClock, systemIds } from './lib/system-clock.ts';
import { openTracing } from './metrics/otel.ts';
import type { Log } from './ports/log.ts';
import { type Program, startProgram } from './program.ts';

/** Signed heads of the log, beside the store: a second place for whoever compares. */
export const CHECKPOINT_FILE = 'checkpoints.txt';

export async function startConfigured(config: Config, log: Log, onFatal: (reason: string) => void): Promise<Program> {
  const { file } = config.store;
  return startProgram({
    catalog: config.catalog,
    targets: Object.values(config.targets),
    adapters,
    store: `sqlite:${file}`,
    http: config.http,
    internal: config.internal,
    tracing: await openTracing(process.env, { clock: systemClock, log }),
    signingKey: config.signingKey,
    openChat: (callbacks) => openSlack(config.slack, { clock: systemClock, ids: systemIds, log, ...callbacks }),
    localFolder: dirname(file),
    keepCheckpoint: (note) => appendDurably(join(dirname(file), CHECKPOINT_FILE), `${note}\n`),
    clock: systemClock,
    ids: systemIds,
    log,
    onFatal,
  });
}
