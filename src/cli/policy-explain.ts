// `hallpass policy explain <role> <person>`: the policy run dry for one person, with facts read now.
import type { Person, PersonId } from '../core/model.ts';
import { whyNote } from '../messages/answers.ts';
import { explain } from '../operations/explain.ts';
import type { Tools } from '../operations/tools.ts';
import { ChatError } from '../ports/chat-platform.ts';
import type { Rich } from '../ports/document.ts';
import type { Printed } from './check.ts';

export async function policyExplain(tools: Tools, roleName: string, email: string): Promise<Printed> {
  const role = tools.catalog.roles[roleName];
  if (!role) return wrong(`There is no role “${roleName}”. Roles: ${Object.keys(tools.catalog.roles).join(', ')}.`);
  const person = await personBy(tools, email.toLowerCase());
  if (typeof person === 'string') return wrong(person);
  const note = whyNote(await explain(tools, role, person), tools.catalog);
  const isFree = note.tone === 'good';
  return { text: `${person.name} <${email}>\n${note.lines.map(plain).join('\n')}\n`, exitCode: isFree ? 0 : 2 };
}

function wrong(text: string): Printed {
  return { text: `${text}\n`, exitCode: 1 };
}

async function personBy(tools: Tools, email: string): Promise<Person | string> {
  const chat = Object.values(tools.chats)[0];
  try {
    const facts = await chat?.accountByEmail(email);
    if (!facts) return `Nobody in the chat workspace has the address ${email}.`;
    if (facts.standing !== 'member')
      return `${facts.name} is no full member (${facts.standing}) and can neither ask nor decide.`;
    const known = await tools.store.personAt(facts.account);
    return known?.row ?? { id: 'person_dry_run' as PersonId, name: facts.name, email, accounts: [facts.account] };
  } catch (error) {
    if (error instanceof ChatError)
      return `The chat platform could not be asked (${error.code}). Run “hallpass check”.`;
    throw error;
  }
}

function plain(line: Rich): string {
  return line
    .map((span) =>
      typeof span === 'string'
        ? span
        : 'strong' in span
          ? span.strong
          : 'code' in span
            ? span.code
            : 'name' in span
              ? span.name
              : new Date(span.time).toISOString(),
    )
    .join('');
}
