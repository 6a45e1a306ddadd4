// Who a person is called inside a target: worked out from their e-mail address by a pattern, or looked up in a list.
// Must never guess: no falling back from the list to a pattern, no trimming, no dropping of "+tag". Whoever cannot be
// named for certain is refused, because a wrong name here gives access to somebody else.
import { z } from 'zod';
import { AdapterError, type PersonFacts } from '../ports/grant-adapter.ts';

const MAIL_MAX_CHARS = 254;
const NAME_MAX_CHARS = 200;
// ASCII only, checked before lower-casing: 'K' (U+212A, KELVIN SIGN).toLowerCase() is 'k', so two addresses would become one.
const MAIL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*$/;
// What a pattern may build a name from. Narrower than MAIL: quotes and slashes are legal in addresses, never in names.
const PLAIN_MAIL = /^[a-z0-9._+-]+@[a-z0-9.-]+$/;
const PATTERN = /^[A-Za-z0-9._@+-]{0,60}\{mail(?:\.local)?\}[A-Za-z0-9._@+-]{0,60}$/;
const PRINTABLE = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+$/u;

export type People =
  | { readonly kind: 'pattern'; readonly pattern: string; readonly domains: readonly string[] | undefined }
  | { readonly kind: 'list'; readonly names: Readonly<Record<string, string>> };

const Pattern = z
  .string()
  .regex(PATTERN, 'write {mail.local} or {mail} once, with nothing around it but letters, digits and . _ @ + -');
const Domain = z
  .string()
  .regex(/^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*$/, 'write a mail domain such as acme.test')
  .transform((domain) => domain.toLowerCase());
const Mail = z.string().max(MAIL_MAX_CHARS).regex(MAIL, 'write an e-mail address, in plain ASCII');
const Name = z.string().min(1).max(NAME_MAX_CHARS).regex(PRINTABLE, 'the name holds characters that cannot be seen');

const OnePattern = Pattern.transform((pattern): People => ({ kind: 'pattern', pattern, domains: undefined }));
const PatternInDomains = z
  .strictObject({ pattern: Pattern, domains: z.array(Domain).min(1) })
  .transform(({ pattern, domains }): People => ({ kind: 'pattern', pattern, domains }));
const List = z
  .record(Mail, Name)
  .superRefine(refuseTwins)
  .transform((names): People => ({ kind: 'list', names: lowerKeys(names) }));

/**
 * The `people:` setting, shared by all adapters. One of
 * - `"{mail.local}"` or `"{mail}"`, with fixed text around it if need be: `"jit_{mail.local}"`;
 * - `{ pattern: "{mail.local}", domains: [acme.test] }`: the same, for addresses of these domains alone. Use it where people
 *   of several domains share a chat: `bob@acme.test` and `bob@agency.test` have one local part and are two people;
 * - a list `{ "ana@acme.test": "ana_ro" }`.
 */
export const People: z.ZodType<People> = z.union([OnePattern, PatternInDomains, List]);

/** The person's name in the target. Throws AdapterError 'missing' with the remedy when there is none for certain. */
export function nameInTarget(people: People, person: PersonFacts): string {
  const mail = mailOf(person);
  switch (people.kind) {
    case 'list':
      return listed(people.names, mail);
    case 'pattern':
      return built(people, mail);
  }
}

function mailOf(person: PersonFacts): string {
  if (person.email === undefined) {
    throw unmapped(
      "Your record has no e-mail address, and the target's people are found by it. Ask an operator to add it.",
    );
  }
  if (person.email.length > MAIL_MAX_CHARS || !MAIL.test(person.email)) {
    throw unmapped(
      'Your e-mail address holds characters that cannot be matched safely. Ask an operator to correct it.',
    );
  }
  return person.email.toLowerCase();
}

function listed(names: Readonly<Record<string, string>>, mail: string): string {
  const name = Object.hasOwn(names, mail) ? names[mail] : undefined;
  if (name !== undefined) return name;
  throw unmapped(`${mail} is not in this target's list of people. Ask an operator to add it under people.`);
}

function built(people: Extract<People, { kind: 'pattern' }>, mail: string): string {
  if (!PLAIN_MAIL.test(mail)) {
    throw unmapped(`${mail} holds characters that no name is built from. Ask an operator to list it under people.`);
  }
  const at = mail.lastIndexOf('@');
  if (people.domains !== undefined && !people.domains.includes(mail.slice(at + 1))) {
    throw unmapped(`${mail} is of a domain that this target does not admit. Ask an operator to add it under people.`);
  }
  // One pass with a function: a replacement string would give '$&' in an address a meaning.
  return people.pattern.replace(/\{mail(\.local)?\}/, (_, local) => (local === undefined ? mail : mail.slice(0, at)));
}

function refuseTwins(names: Readonly<Record<string, string>>, ctx: z.RefinementCtx): void {
  const seen = new Set<string>();
  for (const mail of Object.keys(names)) {
    if (seen.has(mail.toLowerCase()))
      ctx.addIssue({ code: 'custom', path: [mail], message: 'this address is listed twice' });
    seen.add(mail.toLowerCase());
  }
}

function lowerKeys(names: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(names).map(([mail, name]) => [mail.toLowerCase(), name]));
}

function unmapped(message: string): AdapterError {
  return new AdapterError('missing', message, 'no');
}
