// The settings of a webhook target, and the answers of a receiver: our own format, so anything unknown in them is an error.
// README.md is the receiver's side of the same.
import { z } from 'zod';
import { atOnceSetting } from '../../lib/at-once.ts';
import { Cidr } from '../../lib/network-address.ts';
import { People } from '../../lib/people-map.ts';
import { type Secret, secretOf } from '../../lib/secret.ts';
import { keyIn } from '../../lib/standard-webhooks.ts';

const TIMEOUT_MAX_SECONDS = 15;
const Visible = z.string().regex(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]{1,200}$/u, 'write 1 to 200 visible characters');

// Kept as a secret: addresses of webhooks often carry a token in their path.
const Url = z
  .string()
  .refine(isWebAddress, 'write an https:// address without user, password and #fragment')
  .transform((text): Secret => secretOf(text));
const SigningSecret = z
  .string()
  .refine((text) => keyIn(text) !== undefined, 'write whsec_ and 24 to 64 random bytes in base64')
  .transform((text): Secret => secretOf(text));
const Timeout = z
  .string()
  .regex(/^(?:[1-9]|1[0-5])s$/, `write 1s to ${TIMEOUT_MAX_SECONDS}s`)
  .default('10s')
  .transform((text) => Number.parseInt(text, 10) * 1000);

export const WebhookConfig = z.strictObject({
  url: Url.describe('Where every call is posted to'),
  secret: SigningSecret.describe('Signs every call: whsec_ and random bytes in base64'),
  people: People.describe(
    'What the receiver is told as the name: "{mail}", or { pattern, domains }, or a list of addresses',
  ),
  allow_private_networks: z
    .array(Cidr)
    .default([])
    .describe('Networks inside that the address may lead to; http:// is spoken to these alone'),
  timeout: Timeout.describe('How long to wait for an answer'),
  sessions: z
    .enum(['end', 'leave'])
    .default('leave')
    .describe('Whether the receiver ends live sessions when asked to (access.end_sessions)'),
  at_once: atOnceSetting(8),
});
export type WebhookConfig = z.output<typeof WebhookConfig>;

export const WebhookTarget = z.strictObject({
  role: Visible.describe("What to grant, in the receiver's own words"),
  parameters: z.record(Visible, Visible).optional().describe('More that the receiver needs to know; shown on the card'),
});
export type WebhookTarget = z.output<typeof WebhookTarget>;

const Text = z.string().min(1).max(2000);
const TextMap = z.record(z.string().min(1).max(100), Text).refine((map) => Object.keys(map).length <= 50);

export const ResolveAnswer = z.strictObject({ principal: z.strictObject({ id: Visible, name: Visible }) });
export const CheckAnswer = z.strictObject({ fingerprint: z.string().regex(/^\S{1,200}$/) });
export const GrantAnswer = z.union([
  z.strictObject({ receipt: TextMap, secret: TextMap.optional() }),
  z.strictObject({ accepted: TextMap }),
]);
export type GrantAnswer = z.output<typeof GrantAnswer>;
export const RevokeAnswer = z.strictObject({ revoked: z.literal(true) });
export const InspectAnswer = z.strictObject({ presence: z.enum(['present', 'absent', 'unknown']) });
export const EndSessionsAnswer = z.strictObject({
  ended: z.number().int().nonnegative(),
  left: z.number().int().nonnegative(),
});

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hash } = new URL(text);
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '' && hash === '';
}
