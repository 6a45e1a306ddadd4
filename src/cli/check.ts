// `hallpass check`: the doctor's table and an exit code that scripts can use.
import { openSlack } from '../chat/slack/index.ts';
import type { Config } from '../config/read-config.ts';
import { connectTargets } from '../grants/connect-targets.ts';
import { adapters } from '../grants/registry.ts';
import { systemClock, systemIds } from '../lib/system-clock.ts';
import { openPagers } from '../pagers/open-pagers.ts';
import { pagers as pagerKinds } from '../pagers/registry.ts';
import type { Log } from '../ports/log.ts';
import { examine, isHealthy } from './doctor.ts';
import { findingsTable } from './table.ts';

export interface Printed {
  readonly text: string;
  readonly exitCode: number;
}

/** `isToPage`: each pager is sent a test page. */
export async function check(config: Config, warnings: string, log: Log, isToPage = false): Promise<Printed> {
  const tools = { clock: systemClock, ids: systemIds, log };
  const ignore = () => undefined;
  const chat = await openSlack(config.slack, { ...tools, onFatal: ignore, onAlarm: ignore });
  const ours = { ...tools, fetch, deploymentId: 'doctor' };
  const targets = connectTargets(Object.values(config.targets), adapters, ours);
  const pagers = openPagers(config.alarms, pagerKinds, ours);
  try {
    const { catalog, store } = config;
    const findings = await examine({ catalog, store, chat, targets, pagers, ...tools }, isToPage);
    const healthy = isHealthy(findings);
    const last = healthy ? 'Everything that must work works.' : 'Something is wrong; the remedies are above.';
    return {
      text: `${warnings === '' ? '' : `${warnings}\n\n`}${findingsTable(findings)}\n${last}\n`,
      exitCode: healthy ? 0 : 1,
    };
  } finally {
    await targets.close();
  }
}
