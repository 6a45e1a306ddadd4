// What can be asked for, of whom, and who decides: the configuration as the core sees it. Data only.
import type { ChannelRef, JsonObject, Risk, Stage } from './model.ts';

/** A set of people. Both lists empty means nobody (threat B16). */
export interface Group {
  readonly name: string;
  /** E-mail addresses, lower case; each is pinned to one account when first seen. */
  readonly members: readonly string[];
  /** Groups of a chat platform, e.g. `{ platform: 'slack', id: 'S012AB' }`. */
  readonly platformGroups: readonly { readonly platform: string; readonly id: string }[];
}

export interface Role {
  /** The id people type. */
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly target: string;
  /** The `grant` block: what the target's adapter gives. Checked against the adapter's schema when the file is read. */
  readonly entitlement: JsonObject;
  readonly risk: Risk;
  /** Names of groups that may ask. */
  readonly who: readonly string[];
  readonly duration: { readonly minSeconds: number; readonly defaultSeconds: number; readonly maxSeconds: number };
  /** Where cards go; without it only private cards to approvers. */
  readonly reviewers?: ChannelRef;
  readonly stages: readonly Stage[];
  /** A pending request lapses after this long. */
  readonly pendingSeconds: number;
  /** Names of further rules that must be met, with their settings, e.g. `reason`. */
  readonly requires: readonly string[];
}

export interface Catalog {
  readonly organization: string;
  /** With the slash, e.g. `/jit`. */
  readonly command: string;
  readonly auditChannel: ChannelRef;
  /** The group that may revoke, freeze, verify, report. */
  readonly security: string;
  readonly groups: { readonly [name: string]: Group };
  /** Target name to adapter kind and the words for people. */
  readonly targets: {
    readonly [name: string]: {
      readonly name: string;
      readonly adapter: string;
      /** The group whose members are told privately what is wrong with passes there. */
      readonly owner?: string;
    };
  };
  readonly roles: { readonly [name: string]: Role };
  /** SHA-256 (hex, 16) over all that decides; part of every digest. */
  readonly policyVersion: string;
}
