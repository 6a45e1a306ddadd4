// Text as Slack writes it, read into trees: what is markup, what only looks like it, and what no text may become.
import { expect, test } from 'vitest';
import { pageModule } from './page-module.ts';

interface Span {
  readonly is: string;
  readonly [field: string]: unknown;
}
const { parseMrkdwn } = await pageModule<{
  parseMrkdwn(text: string, verbatim?: boolean): readonly Span[];
}>('mrkdwn.js');
const { readRichText } = await pageModule<{ readRichText(elements: unknown): readonly Span[] }>('rich-text.js');
const { isSafeUrl } = await pageModule<{ isSafeUrl(url: string): boolean }>('safe-url.js');
const times = await pageModule<{
  relative(ms: number, now: number): string;
  countdown(ms: number): string;
  filledDate(template: string, ms: number, zone: string, now: number): string;
  dayWord(ms: number, now: number, zone: string): string;
  shown(ms: number, shape: string, zone: string): string;
}>('times.js');
const { readAddress, writeAddress } = await pageModule<{
  readAddress(hash: string): object;
  writeAddress(address: object): string;
}>('places.js');

/** A short way to write a tree: `b(x)` bold, `i` italic, `s` strike, `c` code, `l(url|label)` link. */
function short(span: Span): string {
  const of = () => (span.of as readonly Span[]).map(short).join('');
  switch (span.is) {
    case 'text':
      return String(span.text);
    case 'bold':
      return `b(${of()})`;
    case 'italic':
      return `i(${of()})`;
    case 'strike':
      return `s(${of()})`;
    case 'code':
      return `c(${span.text})`;
    case 'link':
      return `l(${span.url}|${of()})`;
    case 'emoji':
      return `e(${span.name})`;
  }
  return `${span.is}(${[span.id, span.name, span.seconds, span.template, span.fallback].filter(Boolean).join('|')})`;
}

function line(text: string, verbatim = false): string {
  return parseMrkdwn(text, verbatim)
    .map((paragraph) =>
      (paragraph.lines as readonly (readonly Span[])[]).map((spans) => spans.map(short).join('')).join('⏎'),
    )
    .join('¶');
}

test.each([
  ['*bold* and _italic_ and ~gone~', 'b(bold) and i(italic) and s(gone)'],
  ['*bold _both_*', 'b(bold i(both))'],
  ['`code *not bold*`', 'c(code *not bold*)'],
  ['2*3*4 snake_case_name a~b~c', '2*3*4 snake_case_name a~b~c'],
  ['* not bold* and *not bold *', '* not bold* and *not bold *'],
  ['**', '**'],
  ['*open', '*open'],
  ['(*x*), "_y_".', '(b(x)), "i(y)".'],
  ['a &lt;b&gt; &amp;amp; `&lt;i&gt;`', 'a <b> &amp; c(<i>)'],
  ['<https://a.test/x?y=1&amp;z=2|the *label*>', 'l(https://a.test/x?y=1&z=2|the *label*)'],
  ['<https://a.test>', 'l(https://a.test|https://a.test)'],
  ['<mailto:a@b.test|a@b.test>', 'l(mailto:a@b.test|a@b.test)'],
  ['see https://a.test/x, then', 'see l(https://a.test/x|https://a.test/x), then'],
  [
    '<@U0ANA> <@U0ANA|ana> <#C0X|gen> <!subteam^S1|@dbas>',
    'user(U0ANA) user(U0ANA|ana) channel(C0X|gen) group(S1|@dbas)',
  ],
  ['<!here> <!channel> <!unknown>', 'broadcast(here) broadcast(channel) <!unknown>'],
  ['<!date^1767227400^{date} at {time}|then>', 'date(1767227400|{date} at {time}|then)'],
  ['<!date^soon^{date}|then>', '<!date^soon^{date}|then>'],
  [':tada: :nope: 10:30:45', 'e(tada) :nope: 10:30:45'],
  ['&lt;@U0ANA&gt; &lt;!channel&gt;', '<@U0ANA> <!channel>'],
  ['one\ntwo', 'one⏎two'],
  ['< > <> <|> <@>', '< > <> <|> <@>'],
])('%s', (text, tree) => {
  expect(line(text)).toBe(tree);
});

test('verbatim text makes no links of its own, and keeps those that are written', () => {
  expect(line('https://a.test and <https://b.test|b>', true)).toBe('https://a.test and l(https://b.test|b)');
});

test('fences, quotes and lists stand by themselves', () => {
  const text = 'before\n```a <b>\n*c*```\n&gt; quoted *x*\n&gt; more\n• one\n• two\n3. three\n4. four\nafter';
  expect(parseMrkdwn(text).map(({ is }) => is)).toEqual(['lines', 'pre', 'quote', 'list', 'list', 'lines']);
  expect(parseMrkdwn(text)[1]?.text).toBe('a <b>\n*c*');
  expect(parseMrkdwn(text)[4]).toMatchObject({ ordered: true, start: 3 });
});

test('a fence without an end is text, and &gt;&gt;&gt; quotes the rest', () => {
  expect(line('a ```b *c*')).toBe('a ```b b(c)');
  expect(parseMrkdwn('x\n&gt;&gt;&gt; y\nz').map(({ is }) => is)).toEqual(['lines', 'quote']);
});

test.each(['*a ', '_*~', '<a', '`x', '<@U', '&lt;', ':a', '*_~`<'])('40,000 characters of %j are read', (piece) => {
  const text = piece.repeat(40_000 / piece.length);
  expect(JSON.stringify(parseMrkdwn(text)).length).toBeGreaterThan(1_000);
});

test('rich text becomes the same trees', () => {
  const text = (value: string, style?: object) => ({ type: 'text', text: value, ...(style && { style }) });
  const [section, quote, list, pre, odd] = readRichText([
    {
      type: 'rich_text_section',
      elements: [text('a\nb', { bold: true, italic: true }), { type: 'user', user_id: 'U0ANA' }],
    },
    { type: 'rich_text_quote', elements: [text('<b>*not bold*</b>')] },
    {
      type: 'rich_text_list',
      style: 'ordered',
      offset: 2,
      indent: 1,
      elements: [{ elements: [text('x', { code: true })] }],
    },
    { type: 'rich_text_preformatted', elements: [text('code')] },
    { type: 'rich_text_hologram', elements: [] },
  ]);
  const spans = ((section?.lines ?? []) as Span[][]).flat();
  expect(spans.map(short).join('')).toBe('b(i(a\nb))user(U0ANA)');
  expect(JSON.stringify(quote)).toContain('<b>*not bold*</b>');
  expect(list).toMatchObject({ is: 'list', ordered: true, start: 3, indent: 1, items: [[{ is: 'code', text: 'x' }]] });
  expect(pre).toEqual({ is: 'pre', text: 'code' });
  expect(JSON.stringify(odd)).toContain('cannot show rich_text_hologram');
});

test.each([null, undefined, 'text', [null, 3, {}], [{ type: 'rich_text_section', elements: 'x' }]])(
  'rich text that is none does no harm: %j',
  (elements) => {
    expect(() => readRichText(elements)).not.toThrow();
  },
);

test.each([
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  ' javascript:alert(1)',
  'java\nscript:alert(1)',
  '\u0000javascript:alert(1)',
  'data:text/html,<script>1</script>',
  'vbscript:x',
  'file:///etc/passwd',
  'blob:http://127.0.0.1/x',
  '//evil.test',
  '/local/files/x',
  '/local/files/F1?as=U1&x=1',
  '#/U0ANA/"><script>',
  'about:blank',
  'intent://x',
  '',
])('%j is no link', (url) => {
  expect(isSafeUrl(url)).toBe(false);
});

test.each([
  'https://a.test/x',
  'http://127.0.0.1:3210/',
  'mailto:a@b.test',
  '/local/files/F1?as=U0ANA',
  '#/U0ANA/home',
])('%j is one', (url) => {
  expect(isSafeUrl(url)).toBe(true);
});

const NOON = Date.UTC(2026, 10, 22, 12, 0, 0);
const MINUTE = 60_000;

test.each([
  [0, 'just now'],
  [-20_000, 'just now'],
  [30_000, 'in less than a minute'],
  [-3 * MINUTE, '3 min ago'],
  [-90 * MINUTE, '2 h ago'],
  [2 * 24 * 60 * MINUTE, 'in 2 d'],
])('%i ms away is %s', (away, words) => {
  expect(times.relative(NOON + away, NOON)).toBe(words);
});

test.each([
  [0, '00:00'],
  [-5_000, '00:00'],
  [1, '00:01'],
  [754_000, '12:34'],
  [3_729_000, '1:02:09'],
])('%i ms left is %s', (left, words) => {
  expect(times.countdown(left)).toBe(words);
});

test('dates are filled in the zone of the reader', () => {
  const fill = (template: string, zone: string) => times.filledDate(template, NOON, zone, NOON);
  expect(fill('{date_num} {time}', 'America/New_York')).toBe('2026-11-22 07:00');
  expect(fill('{date} at {time_secs}', 'Asia/Seoul')).toBe('22 November 2026 at 21:00:00');
  expect(fill('{date_short_pretty} {ago} {nonsense}', 'Etc/UTC')).toBe('today just now {nonsense}');
  expect(fill('{time}', 'No/Such_Zone')).toBe('12:00');
  expect(times.dayWord(NOON - 24 * 60 * MINUTE, NOON, 'Etc/UTC')).toBe('Yesterday');
  // The night in which clocks go back in Berlin: an hour that happens twice.
  expect([0, 60].map((m) => times.shown(Date.UTC(2026, 9, 25, 0, m), 'time', 'Europe/Berlin'))).toEqual([
    '02:00',
    '02:00',
  ]);
});

test.each([
  '#/U0MIA',
  '#/U0MIA/home',
  '#/U0MIA/target',
  '#/U0MIA/channel/C0ENG',
  '#/U0MIA/channel/C0ENG?thread=C0ENG:17.0001',
])('the address %s says the same after reading and writing', (address) => {
  expect(writeAddress(readAddress(address))).toBe(address);
});

test.each(['', '#', '#/', '#/u"><b>', '#/U0MIA/channel/', '#/U0MIA/secrets', '#/U0MIA/home?thread=x'])(
  '%j is no address',
  (hash) => {
    expect(readAddress(hash)).toEqual({});
  },
);
