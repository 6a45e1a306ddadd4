// Takes out of a text whatever looks like a secret. The last line of defence for logs and for errors that are told to
// people: secrets are Secret values, and this is for the ones that come back in somebody else's message.
// Works on plain text and on a line of JSON alike: no pattern ends inside an escape, so the line stays valid JSON.
// Every repetition is bounded or consumes what it read: a megabyte of `aaaa…` in a vendor's answer must cost no minutes.

const SHOWN = '[secret]';

// A character of a JSON string, or any other text: an escape is taken whole.
const CHAR = String.raw`(?:\\[\s\S]|[^"\\])`;
const VALUE = String.raw`(?:\\[\\/]|[^\s"'\\&;,)}\]<>])`;
// A quote that does not end a JSON string, since nothing of JSON follows: text that was escaped by other rules.
const INNER_QUOTE = String.raw`"(?!\s{0,4}(?:[,:}\]]|$))`;

const TOKENS: readonly RegExp[] = [
  // Slack: bot, user, app, refresh, configuration and legacy tokens, and the URLs that are credentials themselves.
  /xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{6,}/gi,
  /xapp-[A-Za-z0-9-]{6,}/gi,
  /(?<=hooks\.slack\.com\/)[A-Za-z0-9/_-]+/gi,
  // A signed token (JWT), also a truncated one: its header begins with `{"`, which is `eyJ` in base64.
  /eyJ[A-Za-z0-9_=-]{8,}(?:\.[A-Za-z0-9_=-]+){0,4}/g,
  // AWS key ids, with their first letters: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
  /(?:AKIA|ASIA)[A-Z0-9]{12,}/g,
  // Entra application passwords: https://learn.microsoft.com/purview/sit-defn-azure-ad-client-secret
  /[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{20,}/g,
  /gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}/g,
  /hv[sbr]\.[\w-]{16,}/g,
  /AIza[\w-]{30,}|ya29\.[\w-]{16,}/g,
  // with a digit or padding in it: "Basic authentication" is prose
  /(?<=(?:Bearer|Basic|SSWS|GenieKey)\s{1,4})(?=[A-Za-z.~+/-]{0,200}[0-9=_])[A-Za-z0-9._~+/=-]{8,}/gi,
  // A private key, also one cut short: to its end mark, or to the end of the text it stands in.
  new RegExp(
    `-----BEGIN [A-Z0-9 ]{0,32}PRIVATE KEY${CHAR}*?(?:-----END [A-Z0-9 ]{0,32}PRIVATE KEY-----|(?=")|\\\\?$)`,
    'g',
  ),
  // user:password@ in any URL, but not host:port/…@; a password may hold an unencoded @, so up to the last one of the word
  /(?<=:\/\/)[^\s"\\/?#@:]{0,128}:(?!\d{1,5}[/?#])(?:\\[\\/]|[^\s"\\]){1,512}@/g,
];

// password=… and the like in connection strings, queries and forms, and "password": "…" in JSON (also JSON within JSON).
// The name stays, so that one sees what was there.
const NAMED =
  '(?:password|passwd|pwd|passphrase|secret|token|api[_-]?key|private[_-]?key|access[_-]?key|credential|authorization|cookie|assertion|saml_?response)';
const PAIRS: readonly RegExp[] = [
  new RegExp(String.raw`(${NAMED}\s{0,2}=\s{0,2}(?:\\*['"])?)(?!:|\[secret\])${VALUE}+`, 'gi'),
  new RegExp(String.raw`(${NAMED}\\*"\s{0,4}:\s{0,4}\\*")(?!\[secret\])(?:${CHAR}|${INNER_QUOTE})+`, 'gi'),
  /(cookie:)(?!\s{0,4}\[secret\])[^\r\n"\\]+/gi,
];

/** `text` with `[secret]` in place of what looks like one. */
export function scrub(text: string): string {
  let clean = text;
  for (const pattern of PAIRS) clean = clean.replace(pattern, `$1${SHOWN}`);
  for (const pattern of TOKENS) clean = clean.replace(pattern, SHOWN);
  return clean;
}
