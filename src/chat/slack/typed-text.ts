// What people typed, as they meant it: Slack sends mentions, links and the three special characters in its own code.
// https://docs.slack.dev/interactivity/implementing-slash-commands (should_escape)

/** `<@U123|ana>` → `@U123`: an id, which nobody can take on, instead of a name, which anybody can (threat B09). */
export function typedText(text: string): string {
  return text
    .replace(/<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/g, '@$1')
    .replace(/<#([CGD][A-Z0-9]+)(?:\|[^>]*)?>/g, '#$1')
    .replace(/<!subteam\^(S[A-Z0-9]+)(?:\|[^>]*)?>/g, '@$1')
    .replace(/<(?:mailto:|tel:)[^|>]*\|([^>]*)>/g, '$1')
    .replace(/<((?:https?|mailto|tel):[^|>]*)(?:\|[^>]*)?>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
