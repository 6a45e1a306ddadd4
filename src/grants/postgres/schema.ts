// The settings of a PostgreSQL target, and the rows that its catalogs answer with, as narrow as they are used.
import { z } from 'zod';
import { atOnceSetting } from '../../lib/at-once.ts';
import { People } from '../../lib/people-map.ts';
import { type Address, readAddress } from '../../lib/postgres-address.ts';
import { problemOfName } from './identifier.ts';

const Url = z.string().transform((text, ctx): Address => {
  const read = readAddress(text);
  if (!('problem' in read)) return read;
  ctx.addIssue({ code: 'custom', message: read.problem, input: undefined });
  return z.NEVER;
});

const RoleName = z.string().superRefine((name, ctx) => {
  const problem = problemOfName(name);
  if (problem !== undefined) ctx.addIssue({ code: 'custom', message: problem });
});

export const PostgresConfig = z.strictObject({
  url: Url.describe(
    'postgres://user:password@host:5432/database of the bot; TLS is verified unless the host is this machine',
  ),
  people: People.describe(
    'How the login role of a person is found: "{mail.local}", or { pattern, domains }, or a list of addresses',
  ),
  sessions: z
    .enum(['end', 'leave'])
    .default('end')
    .describe(
      'Whether ending a pass ends all sessions of that person in this server. A session that did SET ROLE keeps the right otherwise',
    ),
  at_once: atOnceSetting(4),
});
export type PostgresConfig = z.output<typeof PostgresConfig>;

export const PostgresTarget = z.strictObject({ role: RoleName.describe('The role that is granted') });
export type PostgresTarget = z.output<typeof PostgresTarget>;

/** An oid as text: it is 32 bits without a sign, and every catalog query casts it. */
export const Oid = z.string().regex(/^[1-9]\d{0,9}$/);

export const RoleRow = z.object({
  oid: Oid,
  name: z.string(),
  login: z.boolean(),
  superuser: z.boolean(),
  isUs: z.boolean(),
});
export type RoleRow = z.output<typeof RoleRow>;
