// What Slack accepts, in its units. Sources: doc comments of @slack/types, docs.slack.dev reference pages, named issues.

export const SECTION_CHARACTERS = 3_000;
export const FIELD_CHARACTERS = 2_000;
export const FIELDS_PER_SECTION = 10;
export const HEADER_CHARACTERS = 150;
export const BUTTONS_PER_BLOCK = 25;
export const BUTTON_LABEL_CHARACTERS = 75;
export const BUTTON_VALUE_CHARACTERS = 2_000;
export const CONFIRM_TITLE_CHARACTERS = 100;
export const CONFIRM_TEXT_CHARACTERS = 300;
export const CONFIRM_LABEL_CHARACTERS = 30;
export const OPTION_CHARACTERS = 75;
export const OPTIONS_PER_MENU = 100;
export const INPUT_LABEL_CHARACTERS = 2_000;
export const PLACEHOLDER_CHARACTERS = 150;
export const INPUT_CHARACTERS = 3_000;
export const VIEW_TITLE_CHARACTERS = 24;
export const PRIVATE_METADATA_CHARACTERS = 3_000;

export const MESSAGE_BLOCKS = 50;
export const VIEW_BLOCKS = 100;
/** Notifications only; chat.update refuses more than 4,000. */
export const FALLBACK_CHARACTERS = 3_500;
/**
 * Slack refuses a message whose blocks hold too much text in all (`msg_blocks_too_long`), does not say how much that is,
 * and was seen to refuse 11,300: https://github.com/slackapi/bolt-js/issues/2509, .../2867.
 */
export const MESSAGE_CHARACTERS = 9_000;
/** A view may have 250 KB as JSON; text of four bytes a character stays below that. */
export const VIEW_CHARACTERS = 40_000;
