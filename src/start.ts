// Starting a deployment from its configuration: what `npm start`, `hallpass start` and local mode have in common.
import { join } from 'node:path';
import { openSlack } from './chat/slack/index.ts';
import type { Config } from './config/read-config.ts';
import { localFolder, storeUrl } from './config/store-setting.ts';
import { splitNotes } from './core/ledger/note.ts';
import { adapters } from './grants/registry.ts';
import { appendDurably, tailOf } from './lib/append-file.ts';
import { systemClock, systemIds } from './lib/system-clock.ts';
import { openTracing } from './metrics/otel.ts';
import { openPagers } from './pagers/open-pagers.ts';
import { pagers } from './pagers/registry.ts';
import type { Log } from './ports/log.ts';
import { type Program, type ProgramParts, startProgram } from './program.ts';

/** Signed heads of the log, beside the store: a second place for whoever compares. */
export const CHECKPOINT_FILE = 'checkpoints.txt';
/** Some two hundred heads: only the last one that is whole counts. */
const TAIL_BYTES = 65_536;

export async function startConfigured(config: Config, log: Log, onFatal: (reason: string) => void): Promise<Program> {
  if (config.alarms.length === 0)
    log.warn('alarms reach people only through the chat that may be down: add a pager under alarms');
  const folder = localFolder(config.store);
  return startProgram({
    catalog: config.catalog,
    targets: Object.values(config.targets),
    openPagers: (tools) => openPagers(config.alarms, pagers, tools),
    adapters,
    store: storeUrl(config.store),
    http: config.http,
    internal: config.internal,
    tracing: await openTracing(process.env, { clock: systemClock, log }),
    signingKey: config.signingKey,
    openChat: (callbacks) => openSlack(config.slack, { clock: systemClock, ids: systemIds, log, ...callbacks }),
    localFolder: folder,
    controlSocket: config.controlSocket,
    ...checkpointsIn(folder),
    clock: systemClock,
    ids: systemIds,
    log,
    onFatal,
  });
}

export function checkpointsIn(folder: string): Pick<ProgramParts, 'keepCheckpoint' | 'seenCheckpoints'> {
  const file = join(folder, CHECKPOINT_FILE);
  return {
    keepCheckpoint: (note) => appendDurably(file, `${note}\n`),
    seenCheckpoints: async () => splitNotes(await tailOf(file, TAIL_BYTES)),
  };
}
