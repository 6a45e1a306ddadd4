// The whole configuration, from text to what the program runs on; or every problem at once, each with its place and remedy.
// Reads nothing by itself: the file's text, the environment and the adapters are handed in.
import { join } from 'node:path';
import type { Catalog } from '../core/catalog.ts';
import type { Secret } from '../lib/secret.ts';
import type { GrantAdapter } from '../ports/grant-adapter.ts';
import type { PagerKind } from '../ports/pager.ts';
import { readAdapterBlocks, type TargetSettings } from './adapter-blocks.ts';
import { type AlarmSettings, readAlarmBlocks } from './alarm-blocks.ts';
import { catalogOf } from './catalog-of.ts';
import { deepFreeze } from './deep-freeze.ts';
import { readSigningKey, readSlackSecrets, type SlackSecrets } from './environment.ts';
import { type FileInput, fileSchema } from './file-schema.ts';
import { type Finding, mapOf, pathText, valueAt, within } from './finding.ts';
import { findingsOf } from './issues.ts';
import { shapeOf } from './json-schema.ts';
import { checkListeners } from './listeners.ts';
import { byPlace, type Problem } from './problem.ts';
import { checkReferences } from './references.ts';
import { checkReplicas, connectionsOf } from './replicas.ts';
import { checkSense } from './role-sense.ts';
import { checkSecrets, type Surroundings } from './secrets.ts';
import { localFolder, readStoreSetting, type StoreSetting } from './store-setting.ts';
import { readTree, type Tree } from './yaml-tree.ts';

export interface ConfigSource extends Surroundings {
  /** As people know the file; for telling, and kept in the configuration. */
  readonly path: string;
  readonly text: string;
  readonly adapters: readonly GrantAdapter[];
  readonly pagers: readonly PagerKind[];
}

/** In socket mode the app token is there, in HTTP mode the signing secret. */
interface SlackSettings extends SlackSecrets {
  readonly mode: 'socket' | 'http';
  readonly command: string;
  readonly apiUrl?: string;
  readonly appId?: string;
  readonly teamId?: string;
  readonly botToken: Secret;
  /** Socket Mode connections of all replicas together. */
  readonly expectedConnections: number;
}

export interface Config {
  readonly path: string;
  readonly catalog: Catalog;
  readonly slack: SlackSettings;
  readonly targets: { readonly [name: string]: TargetSettings };
  /** Pagers; empty: alarms reach people through the chat alone. */
  readonly alarms: readonly AlarmSettings[];
  readonly store: StoreSetting;
  /** How many work on the store, this one included. */
  readonly replicas: number;
  readonly http: { readonly host: string; readonly port: number };
  /** `/live`, `/ready` and `/metrics`. */
  readonly internal: { readonly host: string; readonly port: number };
  readonly baseUrl?: string;
  /** By which the command line reaches the process that runs here. */
  readonly controlSocket: string;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  /** `PRIVATE+KEY+…` or PKCS8 PEM, found to be a key. */
  readonly signingKey: Secret;
  /** Every value that the environment put into a target, a pager or the store: held, so that the log hides them. */
  readonly secrets: readonly Secret[];
  readonly warnings: readonly Problem[];
}

/** `problems` holds the warnings too, in the order of the file; at least one of them is an error. */
export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Never throws, whatever the text. */
export function readConfig(source: ConfigSource): ConfigResult {
  const tree = readTree(source.text);
  if (tree.value === undefined) return { ok: false, problems: tree.problems };
  const schema = fileSchema(
    source.adapters.map(({ kind }) => kind),
    source.pagers.map(({ kind }) => kind),
  );
  const file = schema.safeParse(tree.value);
  const secrets = checkSecrets(tree.value);
  const issues = file.success
    ? []
    : findingsOf(file.error.issues, { shape: shapeOf(schema), at: [], value: tree.value });
  const blocks = readAdapterBlocks(tree.value, source.adapters, source);
  const alarms = readAlarmBlocks(tree.value, source.pagers, source);
  const slack = readSlackSecrets(valueAt(tree.value, ['chat', 'slack', 'mode']) === 'http' ? 'http' : 'socket', source);
  const key = readSigningKey(source);
  const store = readStoreSetting(
    valueAt(tree.value, ['store']) ?? (file.success ? file.data.store : undefined),
    source,
  );
  const checks = [
    ...checkReferences(tree.value),
    ...checkSense(tree.value),
    ...checkListeners(tree.value),
    ...checkReplicas(tree.value, store.store),
    ...slack.findings,
    ...key.findings,
    ...store.findings,
  ];
  const problems = placed(tree, secrets, [...issues, ...blocks.findings, ...alarms.findings, ...checks]);
  const warnings = problems.filter((problem) => problem.level === 'warning');
  const { botToken } = slack.secrets;
  if (warnings.length < problems.length || !file.success || !botToken || !key.secret || !store.store)
    return { ok: false, problems };
  return {
    ok: true,
    config: deepFreeze({
      path: source.path,
      catalog: catalogOf(file.data, tree.value, blocks.entitlements),
      slack: slackSettings(file.data, { ...slack.secrets, botToken }),
      targets: mapOf(blocks.targets.map((target) => [target.name, target])),
      alarms: alarms.alarms,
      store: store.store,
      controlSocket: file.data.control_socket ?? join(localFolder(store.store), 'hallpass.sock'),
      ...restOf(file.data),
      signingKey: key.secret,
      secrets: [...blocks.secrets, ...alarms.secrets, ...store.secrets],
      warnings,
    }),
  };
}

function slackSettings(file: FileInput, secrets: SlackSecrets & { readonly botToken: Secret }): SlackSettings {
  const { mode, command, api_url: apiUrl, app_id: appId, team_id: teamId } = file.chat.slack;
  return {
    mode,
    command,
    expectedConnections: connectionsOf(file.replicas),
    ...(apiUrl === undefined ? {} : { apiUrl }),
    ...(appId === undefined ? {} : { appId }),
    ...(teamId === undefined ? {} : { teamId }),
    ...secrets,
  };
}

function restOf(file: FileInput): Pick<Config, 'replicas' | 'http' | 'internal' | 'baseUrl' | 'logLevel'> {
  return {
    replicas: file.replicas,
    http: file.http,
    internal: file.internal,
    ...(file.base_url === undefined ? {} : { baseUrl: file.base_url }),
    logLevel: file.log.level,
  };
}

/** Findings with their lines, without those about something that was refused already: one mistake is told once. */
export function placed(tree: Tree, secrets: readonly Finding[], findings: readonly Finding[]): readonly Problem[] {
  const isSecret = within(secrets.map(({ path }) => path));
  const open = findings.filter(({ path }) => !tree.settled(path) && !isSecret(path));
  return [...tree.problems, ...[...secrets, ...open].map((finding) => problemOf(tree, finding))].toSorted(byPlace);
}

function problemOf(tree: Tree, { path, level, says, remedy, mark = 'value', conceal }: Finding): Problem {
  const place = mark === 'environment' ? { line: 0, column: 0, length: 0 } : tree.place(path, mark);
  return { level, ...place, path: pathText(path), says, remedy, ...(conceal && { conceal }) };
}
