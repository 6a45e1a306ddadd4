// Finding and reading the configuration file of this deployment. The only place that knows where it may lie.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GrantAdapter } from '../ports/grant-adapter.ts';
import type { PagerKind } from '../ports/pager.ts';
import { formatProblems } from './problem.ts';
import { type Config, readConfig } from './read-config.ts';

/** What the parts of the file that are not ours are read by. */
export interface Kinds {
  readonly adapters: readonly GrantAdapter[];
  readonly pagers: readonly PagerKind[];
}

export type Environment = { readonly [name: string]: string | undefined };

const CONFIG_FILE = 'hallpass.yaml';

/** `HALLPASS_CONFIG`, or hallpass.yaml in the working folder. */
export function configPath(env: Environment, folder: string): string {
  return env['HALLPASS_CONFIG'] ?? join(folder, CONFIG_FILE);
}

export type Loaded =
  | {
      readonly ok: true;
      readonly config: Config /** Warnings, ready to print; empty without any. */;
      readonly warnings: string;
    }
  | { readonly ok: false /** Every problem, ready to print. */; readonly report: string };

/** Never throws for what stands in the file; a file that cannot be read is a problem like others. */
export function loadConfig(path: string, env: Environment, kinds: Kinds): Loaded {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const why = existsSync(path) ? `cannot be read (${(error as NodeJS.ErrnoException).code})` : 'does not exist';
    return {
      ok: false,
      report: `${path}: error: ${why}\n  → Copy hallpass.example.yaml to ${CONFIG_FILE}, or set HALLPASS_CONFIG to your file.`,
    };
  }
  return fromText(path, text, env, kinds);
}

export function fromText(path: string, text: string, env: Environment, kinds: Kinds): Loaded {
  const read = readConfig({ path, text, env, ...kinds, readFile: (file) => readFileSync(file, 'utf8') });
  if (!read.ok) return { ok: false, report: formatProblems(path, text, read.problems) };
  return { ok: true, config: read.config, warnings: formatProblems(path, text, read.config.warnings) };
}
