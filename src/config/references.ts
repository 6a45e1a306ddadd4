// Names that point at something: every group, target and title that is mentioned must exist once, and be sayable in chat.
// Looks at the file as it stands, so that these problems are told together with all others.
import { VERBS } from '../core/command.ts';
import { parseDuration } from '../core/duration.ts';
import { nearest } from '../core/nearest.ts';
import { NAME_RULE } from './file-schema.ts';
import { doubtful, entriesOf, type Finding, itemsOf, type Path, quote, textsOf, valueAt, wrong } from './finding.ts';

const NAME_REMEDY =
  'Use lower-case letters, digits, dots, dashes and underscores, begin with a letter or digit, and stay within 64.';

export function checkReferences(file: unknown): readonly Finding[] {
  const groups = namesIn(file, 'groups');
  const targets = namesIn(file, 'targets');
  const security = valueAt(file, ['security']);
  const roles = entriesOf(valueAt(file, ['roles']));
  return [
    ...['groups', 'targets', 'roles'].flatMap((section) => badNames(file, section)),
    ...roles.flatMap(([name]) => awkwardRoleName(name)),
    ...missingGroup(security, ['security'], groups, security),
    ...entriesOf(valueAt(file, ['targets'])).flatMap(([name, target]) =>
      missingGroup(valueAt(target, ['owner']), ['targets', name, 'owner'], groups, security),
    ),
    ...roles.flatMap(([name, role]) => [
      ...missingTarget(valueAt(role, ['target']), ['roles', name, 'target'], targets),
      ...groupLists(name, role).flatMap(({ list, path }) =>
        textsOf(list).flatMap(({ text, index }) => missingGroup(text, [...path, index], groups, security)),
      ),
    ]),
    ...sameTitles(roles),
    ...(valueAt(file, ['roles']) !== undefined && roles.length === 0 ? [noRoles()] : []),
  ];
}

/** Every list of groups in a role, with its place. */
function groupLists(name: string, role: unknown): readonly { readonly list: unknown; readonly path: Path }[] {
  const stages = itemsOf(valueAt(role, ['approval']));
  return [
    { list: valueAt(role, ['who']), path: ['roles', name, 'who'] },
    ...stages.map((stage, index) => ({
      list: valueAt(stage, ['from']),
      path: ['roles', name, 'approval', index, 'from'],
    })),
  ];
}

/** `undefined` when the section itself is missing or no map: that is told once, and not for every mention. */
function namesIn(file: unknown, section: string): ReadonlySet<string> | undefined {
  const found = valueAt(file, [section]);
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? new Set(Object.keys(found)) : undefined;
}

function badNames(file: unknown, section: string): readonly Finding[] {
  const names = [...(namesIn(file, section) ?? [])].filter((name) => !NAME_RULE.test(name));
  return names.map((name) => wrong([section, name], `${quote(name)} cannot be a name`, NAME_REMEDY, 'key'));
}

/** What is typed first is read as a verb, and a duration may stand where a role is left out. */
function awkwardRoleName(name: string): readonly Finding[] {
  const path = ['roles', name];
  if (parseDuration(name).ok)
    return [wrong(path, `${quote(name)} would be read as a duration`, 'Choose another name for the role.', 'key')];
  if (!VERBS.some((verb) => verb === name)) return [];
  const remedy = `People can type "request ${name}" or its title in quotes; another name would be simpler.`;
  return [doubtful(path, `${quote(name)} is also a command`, remedy, 'key')];
}

function missingGroup(
  name: unknown,
  path: Path,
  groups: ReadonlySet<string> | undefined,
  security: unknown,
): readonly Finding[] {
  if (typeof name !== 'string' || groups === undefined || groups.has(name)) return [];
  const isMeant = name === 'security' && typeof security === 'string' && groups.has(security);
  const remedy = isMeant ? `The security group is called ${quote(security)} here.` : remedyFor(name, groups, 'groups');
  return [wrong(path, `there is no group ${quote(name)}`, remedy)];
}

function missingTarget(name: unknown, path: Path, targets: ReadonlySet<string> | undefined): readonly Finding[] {
  if (typeof name !== 'string' || targets === undefined || targets.has(name)) return [];
  return [wrong(path, `there is no target ${quote(name)}`, remedyFor(name, targets, 'targets'))];
}

function remedyFor(name: string, names: ReadonlySet<string>, section: 'groups' | 'targets'): string {
  const known = [...names];
  const [meant] = nearest(name, known, 1);
  if (meant !== undefined) return `Did you mean ${quote(meant)}?`;
  if (known.length === 0) return `Add it under ${section}, which is empty.`;
  return `Add it under ${section}, or use one of these: ${known.join(', ')}.`;
}

/** People pick and type titles; two roles with one title cannot be told apart. */
function sameTitles(roles: readonly (readonly [string, unknown])[]): readonly Finding[] {
  const seen = new Map<string, string>(roles.map(([name]) => [name.toLowerCase(), name]));
  return roles.flatMap(([name, role]) => {
    const title = valueAt(role, ['title']);
    if (typeof title !== 'string') return [];
    const plain = title.normalize('NFC').toLowerCase().split(/\s+/).filter(Boolean).join(' ');
    const other = seen.get(plain);
    if (other === undefined) seen.set(plain, name);
    if (other === undefined || other === name) return [];
    const remedy = 'Give each role a title of its own, which is no other role’s name either.';
    return [wrong(['roles', name, 'title'], `the role ${quote(other)} is called the same`, remedy)];
  });
}

function noRoles(): Finding {
  return doubtful(['roles'], 'there are no roles, so nobody can ask for anything', 'Add a role.', 'key');
}
