// The catalog as the core sees it, made of a file that was found to be in order. Looks up nothing and checks nothing.
import { createHash } from 'node:crypto';
import type { Catalog, Group, Role } from '../core/catalog.ts';
import { canonicalize } from '../core/ledger/canonical.ts';
import type { JsonObject } from '../core/model.ts';
import type { FileInput } from './file-schema.ts';
import { entriesOf, mapOf, valueAt } from './finding.ts';

/** Nobody needs a password for two minutes; roles that are meant for less say so with `min`. */
const DEFAULT_MIN_SECONDS = 300;
const VERSION_CHARACTERS = 16;

type FileRole = FileInput['roles'][string];
type FileGroup = FileInput['groups'][string];

/** `written` is the file before anything was filled in: the version must depend on which secret is used, never on the secret. */
export function catalogOf(file: FileInput, written: unknown, entitlements: ReadonlyMap<string, JsonObject>): Catalog {
  const groups = mapOf(Object.entries(file.groups).map(([name, group]) => [name, groupOf(name, group)]));
  const roles = mapOf(
    Object.entries(file.roles).map(([name, role]) => [name, roleOf(name, role, entitlements.get(name) ?? {})]),
  );
  const targets = mapOf(
    Object.entries(file.targets).map(([name, { adapter, owner }]) => [
      name,
      Object.freeze({ name, adapter, ...(owner === undefined ? {} : { owner }) }),
    ]),
  );
  const { security } = file;
  const decides = { roles, groups, security, targets: withoutOwners(valueAt(written, ['targets'])) };
  return {
    organization: file.organization,
    command: file.chat.slack.command,
    auditChannel: file.audit_channel,
    security,
    groups,
    targets,
    roles,
    policyVersion: createHash('sha256').update(canonicalize(decides)).digest('hex').slice(0, VERSION_CHARACTERS),
  };
}

/** Who is told when something is wrong decides nothing: approvals stay when it changes. */
function withoutOwners(targets: unknown): unknown {
  return mapOf(
    entriesOf(targets).map(([name, block]) => [name, mapOf(entriesOf(block).filter(([key]) => key !== 'owner'))]),
  );
}

function groupOf(name: string, group: FileGroup): Group {
  const { members = [], slack_usergroup: id } = group;
  return {
    name,
    members: [...new Set(members)],
    platformGroups: id === undefined ? [] : [{ platform: 'slack', id }],
  };
}

function roleOf(name: string, role: FileRole, entitlement: JsonObject): Role {
  const { duration } = role;
  return {
    name,
    title: role.title,
    ...(role.description === undefined ? {} : { description: role.description }),
    target: role.target,
    entitlement,
    risk: role.risk,
    who: role.who,
    duration: {
      minSeconds: duration.min ?? Math.min(DEFAULT_MIN_SECONDS, duration.default),
      defaultSeconds: duration.default,
      maxSeconds: duration.max,
    },
    ...(role.reviewers === undefined ? {} : { reviewers: role.reviewers }),
    stages: role.approval.map(({ from, count }) => ({ from, count })),
    pendingSeconds: role.pending,
    requires: [...new Set(role.requires)],
  };
}
