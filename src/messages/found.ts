// After a rollback, where a target has no room for our mark: access that nobody can tell the origin of, and what becomes of it.
import type { Catalog } from '../core/catalog.ts';
import type { PersonId, Principal } from '../core/model.ts';
import type { Button, Note, Rich } from '../ports/document.ts';
import { note } from './phrases.ts';
import { type Names, personSpan, roleTitle } from './view.ts';

export interface FoundView {
  readonly target: string;
  readonly role: string;
  readonly principal: Principal;
  readonly person: PersonId;
  readonly state: 'open' | 'kept' | 'revoked';
  readonly by?: PersonId;
}

/** Fits the question and what it becomes when somebody chose. */
export function foundNote(id: string, found: FoundView, catalog: Catalog, names: Names): Note {
  const { target, role, principal, person, state } = found;
  const what: Rich = [
    { strong: state === 'open' ? 'Whose is this?' : 'Access of unknown origin.' },
    ' ',
    personSpan(names, person),
    ` has ${roleTitle(catalog, role)} in ${target} as `,
    { code: principal.name },
    ', and no live pass accounts for it.',
  ];
  if (state !== 'open') return note('ended', what, chosen(found, names));
  const why: Rich = [
    'The store was put back to an earlier state, so that a pass may be forgotten; or somebody else gave it. ',
    `Only people in ${catalog.security} can choose. Until then nothing is changed there.`,
  ];
  return { ...note('alarm', what, why), buttons: buttons(id, found) };
}

function chosen({ state, by }: FoundView, names: Names): Rich {
  const who = personSpan(names, by ?? 'hallpass');
  return state === 'kept'
    ? [who, ' chose that it stays. Hallpass does not ask about it again.']
    : [who, ' chose to take it back. Its card shows how that goes.'];
}

function buttons(id: string, { target }: FoundView): readonly Button[] {
  const confirm = {
    title: 'Take it back?',
    text: `The access in ${target} ends now, whoever gave it.`,
    yes: 'Take it back',
    no: 'Leave it',
  };
  return [
    { action: 'keep', label: 'Keep', value: id, style: 'plain' },
    { action: 'take_back', label: 'Revoke', value: id, style: 'danger', confirm },
  ];
}
