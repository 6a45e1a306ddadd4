// What people can type, as data: the result of reading a command line. What becomes of it is for operations.
import type { CommandRole } from './command-words.ts';
import type { DurationProblem } from './duration.ts';

export const VERBS = [
  'request',
  'list',
  'return',
  'extend',
  'why',
  'approve',
  'deny',
  'revoke',
  'force-close',
  'freeze',
  'unfreeze',
  'breakglass',
  'delegate',
  'review',
  'report',
  'audit',
  'help',
] as const;
export type Verb = (typeof VERBS)[number];

/** What the parser knows of the world. `selfId` is the bot's own account: a message to it begins with its mention. */
export interface CommandContext {
  readonly roles: readonly CommandRole[];
  /** Names of targets, for the scope of a freeze. */
  readonly targets?: readonly string[];
  readonly selfId?: string;
}

/** What to revoke: one request or pass, all of a person (platform user id), all of a role. */
export type Subject =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'person'; readonly user: string }
  | { readonly kind: 'role'; readonly role: string };
export type Scope =
  | { readonly kind: 'all' }
  | { readonly kind: 'person'; readonly user: string }
  | { readonly kind: 'target'; readonly target: string }
  | { readonly kind: 'role'; readonly role: string };

/** `durationSeconds` is absent when none was typed; whether it fits the role is for policy to say. */
export type Command =
  | { readonly kind: 'form'; readonly durationSeconds?: number; readonly reason?: string }
  | { readonly kind: 'submit'; readonly role: string; readonly durationSeconds?: number; readonly reason?: string }
  | { readonly kind: 'list' }
  | { readonly kind: 'return'; readonly id?: string }
  | { readonly kind: 'extend'; readonly id?: string; readonly durationSeconds: number; readonly why?: string }
  | { readonly kind: 'why'; readonly role: string }
  | { readonly kind: 'approve' | 'deny'; readonly id: string; readonly note?: string }
  | { readonly kind: 'revoke'; readonly subject: Subject; readonly why?: string }
  | { readonly kind: 'force_close'; readonly id: string; readonly evidence: string }
  | { readonly kind: 'freeze' | 'unfreeze'; readonly scope: Scope; readonly why?: string }
  | { readonly kind: 'breakglass'; readonly role: string; readonly reason: string }
  | { readonly kind: 'delegate'; readonly user: string; readonly until: string }
  | { readonly kind: 'review' }
  | { readonly kind: 'report'; readonly month?: string }
  | { readonly kind: 'audit'; readonly action: 'verify' | 'export'; readonly range?: string }
  | { readonly kind: 'help'; readonly topic?: string }
  | { readonly kind: 'problem'; readonly problem: CommandProblem };

/** `typed` is the person's own text: escape it like any other. `suggestions`: at most 3, nearest first. */
export type CommandProblem =
  | { readonly code: 'unknown_role'; readonly typed: string; readonly suggestions: readonly string[] }
  | { readonly code: 'ambiguous_role'; readonly typed: string; readonly roles: readonly string[] }
  | { readonly code: 'unclosed_quote'; readonly typed: string }
  | { readonly code: 'unknown_verb'; readonly typed: string; readonly suggestions: readonly string[] }
  | { readonly code: 'unknown_target'; readonly typed: string; readonly suggestions: readonly string[] }
  | { readonly code: 'bad_duration'; readonly typed: string; readonly problem: DurationProblem }
  | { readonly code: 'not_a_mention'; readonly typed: string }
  | { readonly code: 'unexpected_words'; readonly verb: Verb; readonly words: string }
  | { readonly code: 'reason_too_long' | 'too_long'; readonly length: number; readonly max: number }
  | { readonly code: MissingCode; readonly verb: Verb };

/** A part of the command that cannot be left out. */
export type MissingCode =
  | 'missing_role'
  | 'missing_duration'
  | 'missing_id'
  | 'missing_pass'
  | 'missing_evidence'
  | 'missing_person'
  | 'missing_reason'
  | 'missing_until'
  | 'missing_subject'
  | 'missing_action';
