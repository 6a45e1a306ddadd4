// What a Slack client would show of a message or view, and what in it would be more than text to that client.
// Written apart from the renderer on purpose: it reads Slack's documents, not our code.

type Node = Readonly<Record<string, unknown>>;

/** Every text of the blocks in order (or the message's own text when there are none), unescaped as a client does. */
export function textIn(shown: unknown): string {
  const texts = textsOf(shown);
  return texts.map(({ text, type }) => (type === 'mrkdwn' ? unescaped(text) : text)).join('\n');
}

/** Mentions, broadcasts, links and dates: markup in mrkdwn, and elements of rich text that are not plain text. */
export function markupIn(shown: unknown): readonly string[] {
  return [
    ...textsOf(shown)
      .filter(({ type }) => type === 'mrkdwn')
      .flatMap(({ text }) => text.match(/<[^>]*>?/g) ?? []),
    ...nodesOf(shown)
      .filter(({ type }) =>
        ['user', 'usergroup', 'channel', 'broadcast', 'link', 'emoji', 'date'].includes(String(type)),
      )
      .map((node) => JSON.stringify(node)),
    // Without `verbatim` a client makes links of its own out of addresses and names.
    ...nodesOf(shown)
      .filter(({ type, verbatim }) => type === 'mrkdwn' && verbatim !== true)
      .map((node) => JSON.stringify(node)),
  ];
}

interface Text {
  readonly type: string;
  readonly text: string;
}

function textsOf(shown: unknown): readonly Text[] {
  const node = isNode(shown) ? shown : {};
  const blocks = Array.isArray(node.blocks) ? node.blocks : [];
  const inBlocks = nodesOf(blocks).flatMap(({ type, text }) =>
    typeof text === 'string' ? [{ type: String(type), text }] : [],
  );
  if (blocks.length > 0) return inBlocks;
  return typeof node.text === 'string' ? [{ type: 'mrkdwn', text: node.text }] : [];
}

/** The message's fallback text too: it is what a notification shows, and it is markup. */
function nodesOf(value: unknown): readonly Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf);
  if (!isNode(value)) return [];
  const isMessage = typeof value.text === 'string' && value.ts !== undefined;
  const fallback = isMessage ? [{ type: 'mrkdwn', verbatim: true, text: value.text }] : [];
  const { metadata: _, ...rest } = value;
  return [...fallback, ...(isMessage ? [] : [value]), ...Object.values(rest).flatMap(nodesOf)];
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
