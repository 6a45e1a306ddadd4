// The types of the control API: how the web page (and nothing else) acts as a person in the local workspace and
// reads what that person sees. Types only. Loopback only: a request whose Host is not 127.0.0.1/localhost with the
// port, or whose Origin is another one, is answered 403 `foreign_request`. Every POST needs
// `content-type: application/json` (otherwise 415) and is answered 200 with the reply type below,
// or 4xx with `ControlError` when the person could not have done that.

/** Every route with what it takes and what it answers. `as` is always the id of the acting person. */
export interface ControlRoutes {
  /** Without `as`: the first person who is neither deactivated nor a bot. */
  readonly 'GET /local/state?as=<user>': { readonly query: { readonly as?: string }; readonly reply: Snapshot };
  /** Server-Sent Events: `event: change`, `data: {"version":12}`; one at once, then one for each change. */
  readonly 'GET /local/events': { readonly reply: ChangeEvent };
  /** The bytes of a file that was shared with `as`, as a download (never rendered by the browser). */
  readonly 'GET /local/files/<id>?as=<user>': { readonly query: { readonly as: string }; readonly reply: Uint8Array };
  readonly 'POST /local/slash': { readonly body: SlashBody; readonly reply: ActOutcome };
  readonly 'POST /local/say': { readonly body: SayBody; readonly reply: SaidOutcome };
  readonly 'POST /local/click': { readonly body: ClickBody; readonly reply: ActOutcome };
  readonly 'POST /local/view/click': { readonly body: ClickInViewBody; readonly reply: ActOutcome };
  readonly 'POST /local/home/click': { readonly body: ClickInHomeBody; readonly reply: ActOutcome };
  readonly 'POST /local/suggest': { readonly body: SuggestBody; readonly reply: ActOutcome };
  readonly 'POST /local/view/submit': { readonly body: SubmitViewBody; readonly reply: ActOutcome };
  readonly 'POST /local/view/close': { readonly body: CloseViewBody; readonly reply: ActOutcome };
  readonly 'POST /local/shortcut': { readonly body: ShortcutBody; readonly reply: ActOutcome };
  readonly 'POST /local/home/open': { readonly body: OpenHomeBody; readonly reply: ActOutcome };
}

// ---- what a person does ----

/** `/jit prod-db 2h` is command `/jit`, text `prod-db 2h`. Slack has no slash commands inside threads. */
interface SlashBody {
  readonly as: string;
  readonly channel: string;
  readonly command: string;
  readonly text: string;
}

/** `thread` is the ts of the first message of the thread. `channel` is a channel or the direct message's id. */
export interface SayBody {
  readonly as: string;
  readonly channel: string;
  readonly text: string;
  readonly thread?: string;
}

/**
 * A button or menu of a message, ephemeral ones included. `value`: for menus the value of the chosen option;
 * for a button leave it out. `blockId` only where two blocks use the same action id.
 */
interface ClickBody {
  readonly as: string;
  readonly channel: string;
  readonly ts: string;
  readonly actionId: string;
  readonly blockId?: string;
  readonly value?: Answer;
}

/** A button, menu or `dispatch_action` input of the topmost open view. `values`: the fields as they stand now. */
interface ClickInViewBody {
  readonly as: string;
  readonly actionId: string;
  readonly blockId?: string;
  readonly value?: Answer;
  readonly values?: Answers;
}

interface ClickInHomeBody {
  readonly as: string;
  readonly actionId: string;
  readonly blockId?: string;
  readonly value?: Answer;
}

/** Typing `value` into an external menu: of the open view, or, with `channel` and `ts`, of a message. */
interface SuggestBody {
  readonly as: string;
  readonly actionId: string;
  readonly blockId: string;
  readonly value: string;
  readonly channel?: string;
  readonly ts?: string;
}

interface SubmitViewBody {
  readonly as: string;
  readonly values: Answers;
}

/** `all` is the ✕ (the whole stack); without it the Cancel button of the topmost view. */
interface CloseViewBody {
  readonly as: string;
  readonly all?: boolean;
}

interface ShortcutBody {
  readonly as: string;
  readonly callbackId: string;
  readonly channel: string;
  readonly ts: string;
}

/** Opening the app: `home` (default) or `messages`, the direct message with the bot. */
interface OpenHomeBody {
  readonly as: string;
  readonly tab?: 'home' | 'messages';
}

/**
 * What was put into one field. Text inputs: the text. Menus and radio buttons: the option's value (of an external
 * menu: one that was suggested before). Date `YYYY-MM-DD`, time `HH:mm`, datetime: unix seconds as text.
 * Checkboxes and multi menus: a list of values. People and channel menus: ids. `null`: emptied.
 */
export type Answer = string | readonly string[] | null;

/** By block id of the input block. Fields left out keep what they show now. */
export type Answers = Readonly<Record<string, Answer>>;

// ---- what came of it ----

/** Why the bot's answer did not come, or why nothing was sent to the bot at all. */
export type Undelivered =
  | 'timeout' // no answer within 3 s
  | 'no_connection' // Socket Mode: no live connection; HTTP: nobody listens there
  | 'not_sent'; // the client refused first (required field empty, unknown command); `failure` says why

export interface ActOutcome {
  /** The bot took the request within 3 s (HTTP 2xx, or the envelope acknowledged). */
  readonly acked: boolean;
  /** HTTP status of the bot's answer (an acknowledged envelope is 200), or why there is none. */
  readonly status: number | Undelivered;
  /** What the bot answered, parsed when it was JSON; for debugging only: everything visible is in the snapshot. */
  readonly body: unknown;
  readonly ms: number;
  /** What Slack says to the person when it went wrong: `operation_timeout`, `dispatch_failed`, `invalid_command`, … */
  readonly failure?: string;
  /** By block id; the view stays open and shows them. */
  readonly fieldErrors?: Readonly<Record<string, string>>;
  /** Answer to `suggest`. One of both. */
  readonly options?: readonly OptionShown[];
  readonly optionGroups?: readonly { readonly label: TextObject; readonly options: readonly OptionShown[] }[];
  /** The topmost view afterwards, `null` when none is open. */
  readonly view: OpenView | null;
}

export interface SaidOutcome {
  readonly message: MessageShown;
}

/** `error` is a code (`unknown_user`, `not_in_channel`, `no_such_action`, …), `message` a sentence. */
export interface ControlError {
  readonly error: string;
  readonly message: string;
}

export interface ChangeEvent {
  /** Grows with each change of anything anybody sees; ask for the snapshot again when it differs. */
  readonly version: number;
}

// ---- what a person sees ----

export interface Snapshot {
  readonly version: number;
  /** The workspace's time, milliseconds since 1970 (UTC). */
  readonly now: number;
  readonly team: { readonly id: string; readonly name: string; readonly domain: string };
  readonly app: AppShown;
  readonly me: PersonShown;
  /** Everybody, the bot included. */
  readonly people: readonly PersonShown[];
  /** Public channels and the private ones `me` is a member of, in the order given at start. */
  readonly channels: readonly ConversationShown[];
  /** The conversation between `me` and the bot; it exists from the beginning. */
  readonly direct: ConversationShown;
  /** App Home as last published for `me`. */
  readonly home: HomeShown | null;
  /** The open views, bottom first: the last one is on top. At most 3. */
  readonly views: readonly OpenView[];
}

export interface AppShown {
  readonly id: string;
  readonly name: string;
  readonly botUserId: string;
  readonly commands: readonly { readonly command: string; readonly hint: string; readonly description: string }[];
  readonly messageShortcuts: readonly { readonly callbackId: string; readonly name: string }[];
  /** At least one live Socket Mode connection, or a request URL is known. */
  readonly reachable: boolean;
}

export interface PersonShown {
  readonly id: string;
  readonly teamId: string;
  readonly name: string;
  readonly realName: string;
  readonly title: string;
  /** IANA zone, `Europe/Berlin`. */
  readonly tz: string;
  readonly deleted: boolean;
  readonly isBot: boolean;
  /** Guest of one or several channels. */
  readonly isGuest: boolean;
  /** Somebody of another company, through a shared channel. */
  readonly isStranger: boolean;
}

export interface ConversationShown {
  readonly id: string;
  readonly name: string;
  readonly kind: 'channel' | 'direct';
  readonly isPrivate: boolean;
  readonly isArchived: boolean;
  readonly isShared: boolean;
  readonly members: readonly string[];
  readonly isMember: boolean;
  /** First messages of threads and messages without one, oldest first. */
  readonly messages: readonly (MessageShown & { readonly replies: readonly MessageShown[] })[];
  /** "Only visible to you", oldest first. With `thread_ts`: inside that thread. */
  readonly ephemerals: readonly MessageShown[];
}

/** Slack's own message object, less what the person does not see (metadata). */
export interface MessageShown {
  readonly ts: string;
  readonly thread_ts?: string;
  /** A person, the bot, or `USLACKBOT` for Slack's own notices. */
  readonly user: string;
  /** mrkdwn as it was sent: `&amp; &lt; &gt;` are escaped, `<@U…>`, `<#C…>`, `<!date^…>`, `<https://…|…>` are markup. */
  readonly text: string;
  /** When there are blocks, these are shown and `text` is only the notification's. */
  readonly blocks?: readonly BlockShown[];
  readonly edited?: { readonly user: string; readonly ts: string };
  readonly files?: readonly FileShown[];
  readonly ephemeral: boolean;
}

/** A Block Kit block that passed this server's validation; read it by `type` as Slack documents it. */
export interface BlockShown {
  readonly type: string;
  readonly block_id: string;
  readonly [field: string]: unknown;
}

export interface TextObject {
  readonly type: 'plain_text' | 'mrkdwn';
  readonly text: string;
  readonly emoji?: boolean;
}

export interface OptionShown {
  readonly text: TextObject;
  readonly value: string;
  readonly description?: TextObject;
}

export interface FileShown {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly size: number;
}

export interface HomeShown {
  readonly id: string;
  readonly hash: string;
  readonly blocks: readonly BlockShown[];
}

export interface OpenView {
  readonly id: string;
  readonly hash: string;
  readonly callback_id: string;
  readonly title: TextObject;
  readonly submit?: TextObject;
  readonly close?: TextObject;
  readonly blocks: readonly BlockShown[];
  /** Slack's `state.values`: what the fields hold now, by block id and action id. */
  readonly values: StateValues;
  /** Field errors of the last submission, by block id. */
  readonly errors: Readonly<Record<string, string>>;
}

export type StateValues = Readonly<Record<string, Readonly<Record<string, ElementState>>>>;

/** Only the member that belongs to the element's `type` is there. */
export interface ElementState {
  readonly type: string;
  readonly value?: string | null;
  readonly selected_option?: OptionShown | null;
  readonly selected_options?: readonly OptionShown[];
  readonly selected_date?: string | null;
  readonly selected_time?: string | null;
  readonly selected_date_time?: number | null;
  readonly selected_user?: string | null;
  readonly selected_users?: readonly string[];
  readonly selected_channel?: string | null;
  readonly selected_channels?: readonly string[];
  readonly selected_conversation?: string | null;
  readonly selected_conversations?: readonly string[];
}
