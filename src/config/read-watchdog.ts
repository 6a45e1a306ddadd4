// What the watchdog needs of a configuration file and nothing else: whom to page and, where it reads the store, where that is.
// It runs elsewhere, so the rest of the file may be missing, and none of the deployment's other secrets is asked for.
import { readFileSync } from 'node:fs';
import type { Secret } from '../lib/secret.ts';
import type { PagerKind } from '../ports/pager.ts';
import { type AlarmSettings, readAlarmBlocks } from './alarm-blocks.ts';
import { fileSchema } from './file-schema.ts';
import { entriesOf, mapOf } from './finding.ts';
import { findingsOf } from './issues.ts';
import { shapeOf } from './json-schema.ts';
import type { Environment } from './load-config.ts';
import { formatProblems } from './problem.ts';
import { placed } from './read-config.ts';
import { checkSecrets } from './secrets.ts';
import { readStoreSetting, type StoreSetting } from './store-setting.ts';
import { readTree } from './yaml-tree.ts';

export interface WatchdogConfig {
  readonly organization: string;
  readonly alarms: readonly AlarmSettings[];
  /** Absent when it was not wanted. */
  readonly store?: StoreSetting;
  /** Held, so that the log hides them. */
  readonly secrets: readonly Secret[];
}

export interface WatchdogSource {
  readonly path: string;
  readonly text: string;
  readonly env: Environment;
  readonly pagers: readonly PagerKind[];
  /** False: it looks at figures over HTTP. */
  readonly wantsStore: boolean;
}

export type WatchdogRead =
  | { readonly ok: true; readonly config: WatchdogConfig }
  | { readonly ok: false /** Every problem, ready to print. */; readonly report: string };

/** Never throws, whatever the text. */
export function readWatchdog({ path, text, env, pagers, wantsStore }: WatchdogSource): WatchdogRead {
  const tree = readTree(text);
  if (tree.value === undefined) return { ok: false, report: formatProblems(path, text, tree.problems) };
  const from = { env, readFile: (file: string) => readFileSync(file, 'utf8') };
  const kinds = pagers.map(({ kind }) => kind);
  const schema = fileSchema([], kinds).pick({ organization: true, alarms: true, store: true });
  const keys = ['organization', 'alarms', ...(wantsStore ? ['store'] : [])];
  const value = mapOf(entriesOf(tree.value).filter(([key]) => keys.includes(key)));
  const file = schema.safeParse(value);
  const issues = file.success ? [] : findingsOf(file.error.issues, { shape: shapeOf(schema), at: [], value });
  const alarms = readAlarmBlocks(value, pagers, from);
  const store = wantsStore && file.success ? readStoreSetting(file.data.store, from) : { findings: [], secrets: [] };
  const findings = [...issues, ...alarms.findings, ...store.findings];
  const problems = placed(tree, checkSecrets(value), findings).filter(({ level }) => level === 'error');
  if (problems.length > 0 || !file.success) return { ok: false, report: formatProblems(path, text, problems) };
  return {
    ok: true,
    config: {
      organization: file.data.organization,
      alarms: alarms.alarms,
      ...('store' in store && store.store && { store: store.store }),
      secrets: [...alarms.secrets, ...store.secrets],
    },
  };
}
