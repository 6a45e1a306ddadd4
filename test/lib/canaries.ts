// Secrets that must never be seen again: one of each shape that Hallpass meets. All are made up.
const key = (kind: string) =>
  `-----BEGIN ${kind}PRIVATE KEY-----\nMIIEcanary0${kind.length}\nbG9uZ2Nhbm\n-----END ${kind}PRIVATE KEY-----`;

/** `text` as it would stand in a message; none of `parts` may be left of it. */
export interface Canary {
  readonly text: string;
  readonly parts: readonly string[];
}

const whole = (...texts: string[]): Canary[] => texts.map((text) => ({ text, parts: [text] }));
const within = (text: string, ...parts: string[]): Canary => ({ text, parts });

export const canaries: readonly Canary[] = [
  ...whole(
    ['xoxb', '1111111111', 'canaryBotTokenAbc'].join('-'),
    ['xoxp', '2222222222', 'canaryUserTokenAbc'].join('-'),
    ['xoxe.xoxp', '1', 'canaryRotatedToken9'].join('-'),
    ['xapp', '1', 'A0CANARY', '333', 'canaryappleveltoken'].join('-'),
    'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJlLWNhbmFyeQ',
    'eyJhbGciOiJIUzI1NiJ9.eyJjdXQiOiJjYW5hcnkifQ',
    `AKIA${'CANARY7EXAMPLE24'}`,
    `ASIA${'CANARY7EXAMPLE25'}`,
    `abc8Q~${'canaryEntraPassword.0123456789_~ab'}`,
    `ghp_${'canaryGithubToken0123456789abcdef'}`,
    `github_pat_${'11CANARY0123456789_abcdef'}`,
    `hvs.${'canaryVaultToken0123456789'}`,
    `ya29.${'canary-google-token-0123456789'}`,
  ),
  within('https://hooks.slack.com/services/T0CANARY/B0CANARY/canaryWebhook', 'T0CANARY', 'canaryWebhook'),
  within('https://hooks.slack.com/actions/T1CANARY/99/canaryResponseUrl', 'canaryResponseUrl'),
  within('postgres://app:canary-pg-pass@db.acme.test:5432/app', 'canary-pg-pass'),
  within('postgresql://app:canary@pg@pass@db.acme.test/app', 'canary@pg', 'pg@pass'),
  within('redis://:canary-redis-pass@cache.acme.test:6379', 'canary-redis-pass'),
  within('authorization: Bearer canary0-opaque-bearer', 'canary0-opaque-bearer'),
  within('Authorization: Basic Y2FuYXJ5OmNhbmFyeQ==', 'Y2FuYXJ5'),
  within('Authorization: SSWS 00canaryOktaToken_abcdef', '00canaryOktaToken'),
  within('connect host=db user=app password=canary-libpq-pass sslmode=require', 'canary-libpq-pass'),
  within('{"client_secret":"canary \\"quoted\\" secret","x":1}', 'quoted', 'canary '),
  within('grant_type=refresh_token&refresh_token=canaryRefresh%2Ftoken&x=1', 'canaryRefresh'),
  within(key('RSA '), 'MIIEcanary0', 'bG9uZ2Nhbm'),
  within(key('').slice(0, 60), 'MIIEcanary0'),
  within('Cookie: session=canary-session; theme=dark', 'canary-session'),
];
