// What people are asked about access of unknown origin, and what the question becomes.
import { describe, expect, it } from 'vitest';
import type { PersonId } from '../../src/core/model.ts';
import { type FoundView, foundNote } from '../../src/messages/found.ts';
import { MIA, SAM } from '../core/scene.ts';
import { CATALOG, NAMES, noteText } from './scene.ts';

const FOUND: FoundView = {
  ...{ target: 'prod-db', role: 'prod-db-readonly', principal: { id: '16402', name: 'mia_db' } },
  person: MIA,
  state: 'open',
};
const ID = 'find_0123456789ABCDEF0123456789';

describe('access of unknown origin', () => {
  it('is asked about, with two buttons that carry nothing but its id', () => {
    const note = foundNote(ID, FOUND, CATALOG, NAMES);
    expect(noteText(note)).toContain(
      '@Mia has Read production data in prod-db as `mia_db`, and no live pass accounts for it.',
    );
    expect(noteText(note)).toContain('Only people in secops can choose. Until then nothing is changed there.');
    expect(note.tone).toBe('alarm');
    expect(note.buttons?.map(({ action, label, value }) => [action, label, value])).toEqual([
      ['keep', 'Keep', ID],
      ['take_back', 'Revoke', ID],
    ]);
    expect(note.buttons?.[1]?.confirm?.text).toContain('whoever gave it');
  });

  it.each([
    ['kept', 'chose that it stays'],
    ['revoked', 'chose to take it back'],
  ] as const)('%s: says who chose, and has no buttons', (state, words) => {
    const note = foundNote(ID, { ...FOUND, state, by: SAM }, CATALOG, NAMES);
    expect(noteText(note)).toContain(`@Sam ${words}`);
    expect(note.buttons).toBeUndefined();
    expect(note.tone).toBe('ended');
  });

  it('of somebody without a name, in a role that is gone', () => {
    const person = 'person_unknown' as PersonId;
    expect(noteText(foundNote(ID, { ...FOUND, person, role: 'gone' }, CATALOG, NAMES))).toContain(
      '`person_unknown` has gone in',
    );
  });
});
