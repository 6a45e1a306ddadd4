// The few shapes that every chat product can draw. Add one only when all platforms can.
// A plain string is text and never markup: renderers escape it, whatever it contains (threat C06).
import type { AccountRef, Instant } from '../core/model.ts';

export type Span =
  | string
  | { readonly strong: string }
  | { readonly code: string }
  /** A mention where the account lives on the same platform, else the name. */
  | { readonly person: AccountRef | undefined; readonly name: string }
  /** Shown in the reader's own time zone. */
  | { readonly time: Instant; readonly show: 'time' | 'date_time' };
export type Rich = readonly Span[];

export interface Fact {
  readonly label: string;
  readonly value: Rich;
}

export type ButtonAction =
  | 'approve'
  | 'deny'
  | 'details'
  | 'comment'
  | 'withdraw'
  | 'return'
  | 'extend'
  | 'ask'
  | 'revoke'
  | 'keep'
  | 'take_back'
  | 'show';

export interface Button {
  readonly action: ButtonAction;
  readonly label: string;
  /** What is acted on, signed by nobody and trusted by nobody: `<id>.<revision>.<digest>`; everything is looked up again. */
  readonly value: string;
  readonly style: 'primary' | 'danger' | 'plain';
  readonly confirm?: { readonly title: string; readonly text: string; readonly yes: string; readonly no: string };
}

export type Tone = 'waiting' | 'good' | 'bad' | 'ended' | 'alarm' | 'plain';

/** How things stand now: fixed facts first, the person's own words after them (threat C05), buttons last. */
export interface Card {
  readonly kind: 'card';
  readonly title: string;
  readonly tone: Tone;
  readonly status: Rich;
  readonly facts: readonly Fact[];
  /** The person's own words, in a block of their own. */
  readonly quote?: { readonly label: string; readonly text: string };
  readonly notes: readonly Rich[];
  readonly buttons: readonly Button[];
}

/** One thing that happened, or one thing to say. */
export interface Note {
  readonly kind: 'note';
  readonly tone: Tone;
  readonly lines: readonly Rich[];
  readonly quote?: string;
  readonly buttons?: readonly Button[];
  /** Small print at the end: leaf number and short hash. */
  readonly mark?: string;
}
export type Message = Card | Note;

export interface FormOption {
  readonly value: string;
  readonly label: string;
  readonly description?: string;
}
interface FieldCommon {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly optional?: boolean;
}
export type Field =
  | (FieldCommon & {
      readonly type: 'text';
      readonly multiline: boolean;
      readonly maxLength: number;
      readonly initial?: string;
      readonly placeholder?: string;
    })
  | (FieldCommon & {
      readonly type: 'choice';
      readonly options: readonly FormOption[];
      readonly initial?: string;
      /** The form is drawn again with this answer, because other fields depend on it. */
      readonly redraws?: boolean;
    })
  /** More options than a list can hold: the platform asks `ChatInbox.search` while the person types. */
  | (FieldCommon & { readonly type: 'search'; readonly initial?: FormOption; readonly redraws?: boolean });

export interface Form {
  readonly kind: 'form';
  readonly id: 'request' | 'deny' | 'extend' | 'details' | 'comment';
  readonly title: string;
  /** Absent: nothing to submit, the form only shows. */
  readonly submit?: string;
  /** Ids only: the client sees it and may change it (threat C15). */
  readonly context: string;
  readonly intro: readonly Rich[];
  readonly fields: readonly Field[];
}

/** A person's own overview: App Home on Slack, personal card on Teams. */
export interface Home {
  readonly intro: readonly Rich[];
  readonly buttons: readonly Button[];
  readonly sections: readonly {
    readonly title: string;
    readonly empty: string;
    readonly items: readonly { readonly lines: readonly Rich[]; readonly buttons: readonly Button[] }[];
  }[];
}
