// The settings of a PagerDuty pager, and the answer of its Events API.
import { z } from 'zod';
import { type Secret, secretOf } from '../../lib/secret.ts';

export const PagerDutyConfig = z.strictObject({
  // 32 characters: https://developer.pagerduty.com/docs/events-api-v2/trigger-events/
  routing_key: z
    .string()
    .regex(/^[A-Za-z0-9]{32}$/, 'an integration key has 32 letters and digits')
    .transform((text): Secret => secretOf(text))
    .describe('Integration key of an Events API v2 integration of the service that is to be paged'),
  // https://support.pagerduty.com/main/docs/service-regions
  region: z.enum(['us', 'eu']).default('us').describe('Service region of the account'),
});
export type PagerDutyConfig = z.output<typeof PagerDutyConfig>;

/** Not ours to be strict about: more keys may come. */
export const Accepted = z.object({ status: z.literal('success') });
