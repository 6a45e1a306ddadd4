// The settings of a webhook pager: where pages are posted to, and what signs them.
import { z } from 'zod';
import { Cidr } from '../../lib/network-address.ts';
import { type Secret, secretOf } from '../../lib/secret.ts';
import { keyIn } from '../../lib/standard-webhooks.ts';

export const WebhookPagerConfig = z.strictObject({
  // Kept as a secret: addresses of webhooks often carry a token in their path.
  url: z
    .string()
    .refine(isWebAddress, 'write an https:// address without user, password and #fragment')
    .transform((text): Secret => secretOf(text))
    .describe('Where every page is posted to'),
  secret: z
    .string()
    .refine((text) => keyIn(text) !== undefined, 'write whsec_ and 24 to 64 random bytes in base64')
    .transform((text): Secret => secretOf(text))
    .describe('Signs every page: whsec_ and random bytes in base64'),
  allow_private_networks: z
    .array(Cidr)
    .default([])
    .describe('Networks inside that the address may lead to; http:// is spoken to these alone'),
});
export type WebhookPagerConfig = z.output<typeof WebhookPagerConfig>;

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hash } = new URL(text);
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '' && hash === '';
}
