// Whether each role can work as written: somebody can ask, enough others can approve, the durations fit each other.
// Empty means nobody, never everybody (threat B16). Only listed members are counted; who is in a chat group shows later.
import { formatDuration, parseDuration } from '../core/duration.ts';
import { doubtful, entriesOf, type Finding, itemsOf, type Path, quote, textsOf, valueAt, wrong } from './finding.ts';

const LONG_SECONDS = 24 * 3_600;
const NAMED_PEOPLE = 3;

/** `open`: it has members of a chat group that are not known here. */
interface KnownGroup {
  readonly members: ReadonlySet<string>;
  readonly open: boolean;
}
type KnownGroups = ReadonlyMap<string, KnownGroup>;

export function checkSense(file: unknown): readonly Finding[] {
  const groups = knownGroups(file);
  return [
    ...emptyGroups(file, groups),
    ...repeatedMembers(file),
    ...entriesOf(valueAt(file, ['roles'])).flatMap(([name, role]) => [
      ...durations(valueAt(role, ['duration']), ['roles', name, 'duration']),
      ...nobodyAsks(role, ['roles', name, 'who'], groups),
      ...itemsOf(valueAt(role, ['approval'])).flatMap((stage, index) =>
        stageSense(role, stage, ['roles', name, 'approval', index], groups),
      ),
    ]),
  ];
}

function knownGroups(file: unknown): KnownGroups {
  return new Map(
    entriesOf(valueAt(file, ['groups'])).map(([name, group]) => {
      const members = new Set(textsOf(valueAt(group, ['members'])).map(({ text }) => text.toLowerCase()));
      return [name, { members, open: valueAt(group, ['slack_usergroup']) !== undefined }];
    }),
  );
}

/** Everybody in these groups; `open` when there may be more. Names that do not exist are told elsewhere and count as open. */
function together(names: unknown, groups: KnownGroups): KnownGroup | undefined {
  const named = textsOf(names).map(({ text }) => groups.get(text) ?? { members: [], open: true });
  if (named.length === 0) return undefined;
  return { members: new Set(named.flatMap((group) => [...group.members])), open: named.some((group) => group.open) };
}

function isNobody(group: KnownGroup | undefined): boolean {
  return group !== undefined && !group.open && group.members.size === 0;
}

function emptyGroups(file: unknown, groups: KnownGroups): readonly Finding[] {
  const remedy = 'List members, or give a slack_usergroup.';
  const security = valueAt(file, ['security']);
  const findings = [...groups]
    .filter(([name, group]) => isNobody(group) && name !== security)
    .map(([name]) => doubtful(['groups', name], 'nobody is in this group', remedy, 'key'));
  const unguarded = typeof security === 'string' && isNobody(groups.get(security));
  if (!unguarded) return findings;
  const says = `nobody is in the group ${quote(security)}, so nobody could revoke or freeze`;
  return [...findings, wrong(['security'], says, remedy)];
}

function repeatedMembers(file: unknown): readonly Finding[] {
  return entriesOf(valueAt(file, ['groups'])).flatMap(([name, group]) => {
    const seen = new Set<string>();
    return textsOf(valueAt(group, ['members'])).flatMap(({ text, index }) => {
      const mail = text.toLowerCase();
      if (!seen.has(mail)) {
        seen.add(mail);
        return [];
      }
      return [
        doubtful(
          ['groups', name, 'members', index],
          `${quote(text)} is listed twice`,
          'Remove one: a person counts once.',
        ),
      ];
    });
  });
}

function durations(block: unknown, path: Path): readonly Finding[] {
  const [min, usual, max] = ['min', 'default', 'max'].map((key) => seconds(valueAt(block, [key])));
  const findings: Finding[] = [];
  if (usual !== undefined && max !== undefined && usual > max)
    findings.push(
      wrong(
        [...path, 'default'],
        `the default is longer than the maximum of ${formatDuration(max)}`,
        'Lower it, or raise max.',
      ),
    );
  if (min !== undefined && usual !== undefined && min > usual)
    findings.push(
      wrong(
        [...path, 'min'],
        `the minimum is longer than the default of ${formatDuration(usual)}`,
        'Lower it, or raise default.',
      ),
    );
  if (max !== undefined && max > LONG_SECONDS)
    findings.push(
      doubtful(
        [...path, 'max'],
        `access may last ${formatDuration(max)}`,
        'Privileges for more than a day are nearly standing ones: consider 24h or less.',
      ),
    );
  return findings;
}

function seconds(value: unknown): number | undefined {
  const parsed = typeof value === 'string' ? parseDuration(value) : undefined;
  return parsed?.ok === true ? parsed.seconds : undefined;
}

function nobodyAsks(role: unknown, path: Path, groups: KnownGroups): readonly Finding[] {
  if (!isNobody(together(valueAt(role, ['who']), groups))) return [];
  return [wrong(path, 'nobody is in these groups, so nobody could ask', 'Name a group that has members.')];
}

function stageSense(role: unknown, stage: unknown, path: Path, groups: KnownGroups): readonly Finding[] {
  const approvers = together(valueAt(stage, ['from']), groups);
  if (approvers === undefined || approvers.open) return [];
  const written = valueAt(stage, ['count']) ?? 1;
  const count = typeof written === 'number' ? written : 1;
  if (approvers.members.size === 0)
    return [
      wrong([...path, 'from'], 'nobody is in these groups, so nobody could approve', 'Name a group that has members.'),
    ];
  if (approvers.members.size < count) return [tooFew(approvers.members.size, count, [...path, 'count'])];
  const asking = together(valueAt(role, ['who']), groups);
  return asking === undefined ? [] : stuckRequesters(asking, approvers, count, [...path, 'from']);
}

function tooFew(people: number, count: number, path: Path): Finding {
  const says = `${count} have to approve, and these groups have ${people} ${people === 1 ? 'member' : 'members'}`;
  return wrong(path, says, 'Lower count, or name groups with more members.');
}

/** Nobody approves their own request: whoever is needed as an approver can never get the role. */
function stuckRequesters(asking: KnownGroup, approvers: KnownGroup, count: number, path: Path): readonly Finding[] {
  if (approvers.members.size > count) return [];
  const stuck = [...asking.members].filter((mail) => approvers.members.has(mail));
  if (stuck.length === 0) return [];
  const rest = stuck.length > NAMED_PEOPLE ? ` and ${stuck.length - NAMED_PEOPLE} more` : '';
  const all = !asking.open && stuck.length === asking.members.size;
  const says = all
    ? 'everybody who may ask is needed as an approver, so nobody could ever get this role'
    : `${stuck.slice(0, NAMED_PEOPLE).join(', ')}${rest} could never get this role`;
  return [doubtful(path, says, 'Nobody approves their own request: add approvers.')];
}
