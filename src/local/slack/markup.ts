// What Slack's client makes of typed text: control characters escaped, names of people and channels turned into
// mentions. docs.slack.dev/messaging/formatting-message-text
import type { State } from './state.ts';

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** `@ana` becomes `<@U0ANA>`; in commands (`should_escape` of the manifest) `<@U0ANA|ana>`. */
export function typedText(state: State, text: string, withNames: boolean): string {
  return escapeText(text).replaceAll(/(^|\s)([@#])([a-z0-9._-]*[a-z0-9])/g, (whole, before, sign, name) => {
    const id = sign === '@' ? userNamed(state, name) : channelNamed(state, name);
    return id === undefined ? whole : `${before}<${sign}${id}${withNames ? `|${name}` : ''}>`;
  });
}

function userNamed(state: State, name: string): string | undefined {
  return [...state.users.values()].find((user) => user.name === name)?.id;
}

function channelNamed(state: State, name: string): string | undefined {
  return [...state.channels.values()].find((channel) => channel.im === undefined && channel.name === name)?.id;
}
