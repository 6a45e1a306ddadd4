// Every number that Slack documents and this workspace enforces, with its unit. Nothing here is tunable:
// a test double that is kinder than Slack proves nothing.
// Sources: docs.slack.dev reference pages, doc comments of @slack/types, the named issues.

export const ACK_MS = 3_000;
export const TRIGGER_SECONDS = 3;
export const RESPONSE_URL_USES = 5;
export const RESPONSE_URL_MINUTES = 30;

export const MESSAGE_TEXT_CHARACTERS = 40_000; // longer is cut, with a warning
export const UPDATE_TEXT_CHARACTERS = 4_000; // longer is refused: msg_too_long
export const MESSAGE_BLOCKS = 50;
/** Undocumented sum over all texts of a message's blocks: github.com/slackapi/bolt-js issues 2509 and 2867. */
export const MESSAGE_BLOCKS_CHARACTERS = 12_000;
/** Slack does not publish where `metadata_too_large` begins; ids need far less. */
export const METADATA_CHARACTERS = 4_000;

export const VIEW_BLOCKS = 100;
export const VIEW_BYTES = 250_000;
export const VIEW_STACK = 3;
export const VIEW_TITLE_CHARACTERS = 24;
export const PRIVATE_METADATA_CHARACTERS = 3_000;
export const ID_CHARACTERS = 255;

export const SOCKET_CONNECTIONS = 10;
/** What the hello frame announces; Slack refreshes a connection every few hours. */
export const CONNECTION_SECONDS = 18_060;
export const SERVER_PING_MS = 10_000;

/** After the first delivery: at once, 1 min later, 5 min after that (docs.slack.dev/apis/events-api). */
export const EVENT_RETRY_MS = [0, 60_000, 360_000] as const;

export const API_BODY_BYTES = 1_048_576;
export const UPLOAD_BYTES = 10_485_760;
