// The doctor: every token, scope, channel, target and permission is tried and named when wrong, each with a remedy.
// It changes nothing, neither in chat nor in a target.
import type { StoreSetting } from '../config/store-setting.ts';
import type { Catalog } from '../core/catalog.ts';
import type { ChannelRef } from '../core/model.ts';
import { callTarget } from '../operations/call-target.ts';
import type { ChatPlatform, Finding } from '../ports/chat-platform.ts';
import type { Clock, Ids } from '../ports/clock.ts';
import { AdapterError } from '../ports/grant-adapter.ts';
import type { Log } from '../ports/log.ts';
import type { Pager } from '../ports/pager.ts';
import type { LiveTarget, Targets } from '../ports/targets.ts';
import { pagerFindings } from './doctor-pagers.ts';
import { storeFindings } from './doctor-store.ts';

const DAY_SECONDS = 86_400;

export interface Patient {
  readonly catalog: Catalog;
  readonly store: StoreSetting;
  readonly chat: ChatPlatform;
  readonly targets: Targets;
  readonly pagers: readonly Pager[];
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** `isToPage`: each pager is sent a test page as well. */
export async function examine(patient: Patient, isToPage = false): Promise<readonly Finding[]> {
  const { catalog, pagers, clock, log } = patient;
  return [
    {
      what: 'configuration',
      state: 'ok',
      says: `${count(patient.catalog.roles, 'role')}, ${count(patient.catalog.targets, 'target')}, policy ${patient.catalog.policyVersion}`,
    },
    ...windowFindings(patient.catalog),
    ...(await storeFindings(patient.store, patient)),
    ...(await chatFindings(patient)),
    ...(await Promise.all(patient.targets.all().map((target) => targetFinding(patient, target)))),
    ...(await pagerFindings({ pagers, organization: catalog.organization, clock, log }, isToPage)),
  ];
}

export function isHealthy(findings: readonly Finding[]): boolean {
  return findings.every((finding) => finding.state !== 'wrong');
}

function count(things: object, word: string): string {
  const number = Object.keys(things).length;
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

/** A day of privilege is a standing privilege in disguise (facts of practice: 1 to 4 hours are usual). */
function windowFindings(catalog: Catalog): readonly Finding[] {
  const long = Object.values(catalog.roles).filter((role) => role.duration.maxSeconds > DAY_SECONDS);
  return long.map((role) => ({
    what: `role ${role.name}`,
    state: 'warning',
    says: 'may be held for more than a day, which defeats the purpose',
    remedy: `Lower roles.${role.name}.duration.max; people can extend.`,
  }));
}

async function chatFindings({ chat, catalog }: Patient): Promise<readonly Finding[]> {
  const reviewers = Object.values(catalog.roles).flatMap((role) => role.reviewers ?? []);
  const channels = unique([catalog.auditChannel, ...reviewers].filter((channel) => channel.platform === chat.name));
  const groups = Object.values(catalog.groups).flatMap((group) =>
    group.platformGroups.filter((one) => one.platform === chat.name).map(({ id }) => id),
  );
  return chat.check(channels, [...new Set(groups)]);
}

function unique(channels: readonly ChannelRef[]): readonly ChannelRef[] {
  return channels.filter((channel, at) => channels.findIndex((other) => other.channel === channel.channel) === at);
}

async function targetFinding(patient: Patient, target: LiveTarget): Promise<Finding> {
  const what = `target ${target.name}`;
  const wanted = Object.values(patient.catalog.roles).filter((role) => role.target === target.name);
  try {
    await callTarget(patient, (signal) =>
      target.connection.check(
        wanted.map((role) => role.entitlement),
        signal,
      ),
    );
    return {
      what,
      state: 'ok',
      says: `${target.adapter.title}: reached; may grant and revoke ${wanted.map((role) => role.name).join(', ') || 'nothing yet'}`,
    };
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    return { what, state: 'wrong', says: `${error.fault}: ${error.message}`, remedy: remedyOf(error) };
  }
}

function remedyOf(error: AdapterError): string {
  switch (error.fault) {
    case 'refused':
      return 'Look at the credentials and rights of Hallpass in this target (README of the adapter).';
    case 'missing':
      return 'Create what is missing in the target, or correct the name in the configuration.';
    case 'invalid':
      return 'Correct the settings of this target or role.';
    case 'busy':
      return 'The target is busy; try again in a minute.';
    case 'unreachable':
      return 'Look at address, network and TLS between this machine and the target.';
  }
}
