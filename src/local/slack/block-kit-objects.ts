// Block Kit's composition objects: texts, options, confirmation dialogs. Limits: doc comments of @slack/types
// and docs.slack.dev/reference/block-kit/composition-objects.
import { among, type Check, characters, fault, flag, list, may, must, type Rule, shape } from './block-kit-checks.ts';
import { isFields } from './fields.ts';

const OPTION_CHARACTERS = 75;
const LINK_CHARACTERS = 3_000;
const OPTIONS = 100; // of a menu, a group, an answer to a suggestion

export function plain(most: number): Check {
  return shape({ type: must(among('plain_text')), text: must(characters(most, 1)), emoji: may(flag) });
}

export function mrkdwn(most: number): Check {
  return shape({ type: must(among('mrkdwn')), text: must(characters(most, 1)), verbatim: may(flag) });
}

export function anyText(most: number): Check {
  return (value, at, problems) => {
    const kind = isFields(value) && value.type === 'mrkdwn' ? mrkdwn(most) : plain(most);
    kind(value, at, problems);
  };
}

function optionOf(text: Check, description: Check): Check {
  return shape({ text: must(text), value: must(characters(OPTION_CHARACTERS, 1)), description: may(description) });
}

/** Of menus: plain text only. */
export const plainOption = optionOf(plain(OPTION_CHARACTERS), plain(OPTION_CHARACTERS));

/** Of checkboxes and radio buttons: mrkdwn too. */
export const textOption = optionOf(anyText(OPTION_CHARACTERS), anyText(OPTION_CHARACTERS));

export const overflowOption = shape({
  text: must(plain(OPTION_CHARACTERS)),
  value: must(characters(OPTION_CHARACTERS, 1)),
  description: may(plain(OPTION_CHARACTERS)),
  url: may(characters(LINK_CHARACTERS)),
});

export const optionGroup = shape({
  label: must(plain(OPTION_CHARACTERS)),
  options: must(list(plainOption, OPTIONS, 0)),
});

/** A menu's whole answer to a suggestion request: exactly one of both, at most 100 of either. */
export const suggestions = shape(
  { options: may(list(plainOption, OPTIONS, 0)), option_groups: may(list(optionGroup, OPTIONS, 0)) },
  oneOf('options', 'option_groups'),
);

export const confirmation = shape({
  title: must(plain(100)),
  text: must(anyText(300)),
  confirm: must(plain(30)),
  deny: must(plain(30)),
  style: may(among('primary', 'danger')),
});

/** Exactly one of the two fields. */
export function oneOf(first: string, second: string): Rule {
  return (fields, at, problems) => {
    const both = fields[first] !== undefined && fields[second] !== undefined;
    const none = fields[first] === undefined && fields[second] === undefined;
    if (both || none) fault(problems, `needs exactly one of ${first} and ${second}`, at);
  };
}
