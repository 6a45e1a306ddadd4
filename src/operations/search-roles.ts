// Roles found while somebody types into the form, when there are more than a list can hold. Pure.
import type { Catalog, Role } from '../core/catalog.ts';
import type { FormOption } from '../ports/document.ts';

/** Slack's own limit for the answer to an external select. */
const OPTIONS_MAX = 100;

export function searchRoles(catalog: Catalog, text: string): readonly FormOption[] {
  const wanted = text.trim().toLowerCase();
  const found = Object.values(catalog.roles).filter((role) => wordsOf(role).includes(wanted));
  return found
    .sort((a, b) => a.title.localeCompare(b.title, 'en'))
    .slice(0, OPTIONS_MAX)
    .map(roleOption);
}

function roleOption(role: Role): FormOption {
  return { value: role.name, label: role.title, description: `${role.name} · ${role.target}` };
}

function wordsOf(role: Role): string {
  return `${role.name} ${role.title} ${role.target} ${role.description ?? ''}`.toLowerCase();
}
