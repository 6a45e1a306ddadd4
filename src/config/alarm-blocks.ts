// The second paths of alarms: each entry of `alarms`, read by the schema of its pager, with $NAME replaced from the environment.
import type { Secret } from '../lib/secret.ts';
import type { PagerKind } from '../ports/pager.ts';
import { type Finding, itemsOf, quote, valueAt, wrong } from './finding.ts';
import { readFilled } from './read-block.ts';
import type { Surroundings } from './secrets.ts';

/** An entry as its pager read it. */
export interface AlarmSettings {
  readonly name: string;
  /** The pager's kind. */
  readonly pager: string;
  /** What the pager's `config` schema made of the entry; to be handed to its `open`. */
  readonly config: unknown;
}

export interface AlarmBlocks {
  readonly alarms: readonly AlarmSettings[];
  readonly secrets: readonly Secret[];
  readonly findings: readonly Finding[];
}

/** Keys of an entry that are not its pager's. */
const OURS = ['pager', 'name'];

/** Reads what can be read; entries whose pager is not known are left to the file's schema to complain about. */
export function readAlarmBlocks(file: unknown, kinds: readonly PagerKind[], from: Surroundings): AlarmBlocks {
  const entries = itemsOf(valueAt(file, ['alarms']));
  const read = entries.flatMap((entry, index) => {
    const pager = kinds.find(({ kind }) => kind === valueAt(entry, ['pager']));
    if (!pager) return [];
    const name = nameOf(entry, pager.kind);
    return [{ name, pager: pager.kind, ...readFilled(pager.config, entry, ['alarms', index], OURS, from) }];
  });
  return {
    alarms: read.flatMap(({ name, pager, read: done }) => (done ? [{ name, pager, config: done.data }] : [])),
    secrets: read.flatMap(({ secrets }) => secrets),
    findings: [...read.flatMap(({ findings }) => findings), ...sameNames(entries)],
  };
}

function nameOf(entry: unknown, kind: string): string {
  const name = valueAt(entry, ['name']);
  return typeof name === 'string' ? name : kind;
}

/** People are told by name which pager takes nothing. */
function sameNames(entries: readonly unknown[]): readonly Finding[] {
  const names = entries.map((entry) => nameOf(entry, String(valueAt(entry, ['pager']))));
  return names.flatMap((name, index) => {
    if (names.indexOf(name) === index) return [];
    const key = valueAt(entries[index], ['name']) === undefined ? 'pager' : 'name';
    return [wrong(['alarms', index, key], `another pager is called ${quote(name)}`, 'Give it a name of its own.')];
  });
}
