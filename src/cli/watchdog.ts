// `hallpass watchdog`: alarms when Hallpass is late, silent or gone. Runs until it is told to stop, and ends for nothing else;
// with --once it looks once, pages nobody and answers by its exit code.
import { readFileSync } from 'node:fs';
import type { Environment } from '../config/load-config.ts';
import { readWatchdog, type WatchdogConfig } from '../config/read-watchdog.ts';
import { type StoreSetting, storeUrl } from '../config/store-setting.ts';
import { watchLine } from '../messages/watch-page.ts';
import { judgeSight, type OpenAlarm } from '../operations/watch.ts';
import { openPagers } from '../pagers/open-pagers.ts';
import { pagers } from '../pagers/registry.ts';
import type { Clock, Ids } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { openStore } from '../store/open-store.ts';
import { type Look, lookAtPages, lookAtStore, lookOnce, startWatchdog } from '../watchdog.ts';

export interface WatchdogFlags {
  /** Addresses of `/metrics`, one of each replica. */
  readonly metrics?: readonly string[];
  readonly once?: boolean;
}

export interface WatchdogTools {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly env: Environment;
  readonly configFile: string;
  /** Standard error. */
  readonly write: (line: string) => void;
  /** Aborts when the process is told to stop. */
  readonly stop: AbortSignal;
}

const WELL = 0;
const WRONG = 1;
const ALARM = 2;

/** Answers the exit code: 0 stopped or all well, 1 cannot start, 2 (with `once`) something is wrong. */
export async function watchdog(flags: WatchdogFlags, tools: WatchdogTools): Promise<number> {
  const { metrics = [] } = flags;
  const wrong = metrics.find((url) => !isAddress(url));
  if (wrong !== undefined)
    return refuse(tools, `--metrics ${wrong}: write an address such as http://10.0.0.5:9464/metrics`);
  const read = readConfig(tools, metrics.length === 0);
  if (typeof read === 'string') return refuse(tools, read);
  const look = lookFor(metrics, read.store, tools);
  return flags.once ? once(look, tools) : watchOn(look, read, tools);
}

function isAddress(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

function refuse({ write }: WatchdogTools, report: string): number {
  write(report);
  return WRONG;
}

function readConfig({ configFile: path, env }: WatchdogTools, wantsStore: boolean): WatchdogConfig | string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
    return `${path}: error: cannot be read (${why})\n  → Write organization and alarms into it, or set HALLPASS_CONFIG to your file.`;
  }
  const read = readWatchdog({ path, text, env, pagers, wantsStore });
  return read.ok ? read.config : read.report;
}

function lookFor(
  metrics: readonly string[],
  store: StoreSetting | undefined,
  { clock, ids, log }: WatchdogTools,
): Look {
  if (store === undefined) return lookAtPages(metrics, fetch, log);
  return lookAtStore(() => openStore(storeUrl(store), { clock, ids, log }, { readonly: true }));
}

/** Seeing nothing is an alarm at once: there is no second look that could tell more. */
async function once(look: Look, tools: WatchdogTools): Promise<number> {
  const { clock, write } = tools;
  const sight = await lookOnce({ look, ...tools }, tools.stop);
  const now = clock.now();
  const troubles = judgeSight(now, sight ?? { blindSince: Number.NEGATIVE_INFINITY });
  for (const trouble of troubles) write(watchLine({ ...trouble, raisedAt: now }, false));
  return troubles.length === 0 ? WELL : ALARM;
}

async function watchOn(look: Look, { organization, alarms }: WatchdogConfig, tools: WatchdogTools): Promise<number> {
  const { clock, log, write, stop } = tools;
  // Of its own, so that its pages and those of the deployment are never one alert.
  const deploymentId = `watchdog/${organization}`;
  const opened = openPagers(alarms, pagers, { clock, log, fetch, deploymentId });
  const names = opened.map(({ name }) => name).join(', ');
  write(names === '' ? 'watching; no alarms are configured: they appear only here' : `watching; pagers: ${names}`);
  const say = (alarm: OpenAlarm) =>
    write(`${new Date(clock.now()).toISOString()} ${watchLine(alarm, alarm.overAt !== undefined)}`);
  const dog = startWatchdog({ look, pagers: opened, organization, clock, log, say });
  stop.addEventListener('abort', () => void dog.stop(), { once: true });
  await dog.ended;
  return WELL;
}
