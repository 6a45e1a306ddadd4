// The settings of a mail pager. Strict about addresses: they end up in headers and in the dialogue with the server.
import { z } from 'zod';
import { type Secret, secretOf } from '../../lib/secret.ts';

const RECIPIENTS_MAX = 20;
/** 465 is TLS from the first byte (RFC 8314), 587 begins in the clear and is upgraded (RFC 6409, RFC 3207). */
const PORTS = { tls: 465, starttls: 587, none: 25 } as const;

// A part of what RFC 5321 permits: nothing quoted, nothing that means something in a header or a command.
const Address = z
  .string()
  .max(254)
  .regex(
    /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/,
    'write one e-mail address',
  );
const Host = z
  .string()
  .regex(
    /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*)$/,
    'write a host name or an address',
  );

const Fields = z.strictObject({
  host: Host.describe('The mail server that takes our mail'),
  port: z.number().int().min(1).max(65_535).optional().describe('Default: 587, or 465 with tls: tls'),
  tls: z
    .enum(['starttls', 'tls', 'none'])
    .default('starttls')
    .describe(
      'Encryption: starttls (upgraded, and never without), tls (from the start), none (only to this machine itself)',
    ),
  ca: z
    .string()
    .refine((text) => text.includes('-----BEGIN CERTIFICATE-----'), 'write certificates in PEM form')
    .optional()
    .describe('Certificates of the authority that vouches for the server, where it is none of the well-known'),
  user: z.string().min(1).max(200).optional().describe('Login name at the server'),
  password: z
    .string()
    .min(1)
    .transform((text): Secret => secretOf(text))
    .optional()
    .describe('Password that belongs to user'),
  from: Address.describe('Sender of the pages'),
  to: z.array(Address).min(1).max(RECIPIENTS_MAX).describe('Who is to be reached'),
});

export const SmtpConfig = Fields.superRefine((config, context) => {
  if (config.tls === 'none' && !isLoopback(config.host))
    context.addIssue({
      code: 'custom',
      path: ['tls'],
      message: 'without encryption mail goes to this machine itself alone',
    });
  if ((config.user === undefined) !== (config.password === undefined))
    context.addIssue({
      code: 'custom',
      path: [config.user === undefined ? 'password' : 'user'],
      message: 'user and password belong together',
    });
}).transform((config) => ({ ...config, port: config.port ?? PORTS[config.tls] }));
export type SmtpConfig = z.output<typeof SmtpConfig>;

function isLoopback(host: string): boolean {
  return host.toLowerCase() === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
