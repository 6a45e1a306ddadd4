// One block of the file that is somebody else's to understand: $NAME filled in from the environment, then read by a schema.
import type { z } from 'zod';
import { hideSecrets, type Secret } from '../lib/secret.ts';
import { entriesOf, type Finding, mapOf, type Path, within } from './finding.ts';
import { findingsOf } from './issues.ts';
import { shapeOf } from './json-schema.ts';
import { fill, type Surroundings } from './secrets.ts';

export type BlockRead = { readonly data: unknown } | { readonly findings: readonly Finding[] };

export interface FilledBlock {
  /** Absent where something is wrong. */
  readonly read?: { readonly data: unknown };
  /** What the environment put in. */
  readonly secrets: readonly Secret[];
  readonly findings: readonly Finding[];
}

/** `ours`: keys of the block that the file's own schema looks after. */
export function readFilled(
  schema: z.ZodType,
  block: unknown,
  at: Path,
  ours: readonly string[],
  from: Surroundings,
): FilledBlock {
  const written = mapOf(entriesOf(block).filter(([key]) => !ours.includes(key)));
  const filled = fill(written, at, from);
  const read = readBlock(schema, filled.value, written, at);
  // What the environment lacks is said once, and not again as a value of the wrong form.
  const isMissing = within(filled.findings.map(({ path }) => path));
  const findings = 'data' in read ? [] : read.findings.filter(({ path }) => !isMissing(path));
  const told = { secrets: filled.secrets, findings: [...filled.findings, ...findings] };
  return 'data' in read ? { read, ...told } : told;
}

/** `written` is what stands in the file; sentences are made of it and never of what the environment put in. */
export function readBlock(schema: z.ZodType, value: unknown, written: unknown, at: Path): BlockRead {
  const read = schema.safeParse(value);
  if (read.success) return { data: read.data };
  const findings = findingsOf(read.error.issues, { shape: shapeOf(schema), at, value: written });
  return { findings: findings.map((finding) => ({ ...finding, says: hideSecrets(finding.says) })) };
}
