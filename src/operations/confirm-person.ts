// An operator has looked: a suspended person is who they say. The link to the old address is dropped, and the address that the
// organisation's record shows is pinned when the person is met next (law 8). What was found is for people; that it was, is logged.
import type { Actor, PersonId } from '../core/model.ts';
import { change } from './change.ts';
import { emailKey } from './people.ts';
import type { Tools } from './tools.ts';

const OPERATOR: Actor = { person: 'hallpass', kind: 'system', via: 'cli' };

export type Confirmed = 'confirmed' | 'unknown' | 'not_suspended';

export async function confirmPerson(tools: Tools, id: string): Promise<Confirmed> {
  const changed = await change(tools, OPERATOR, async (draft): Promise<Confirmed> => {
    const stored = await tools.store.person(id);
    if (!stored) return 'unknown';
    const { suspended, email, ...person } = stored.row;
    if (!suspended) return 'not_suspended';
    if (email !== undefined) draft.release(emailKey(email), id);
    draft.write({ kind: 'person', row: { ...person, email: undefined }, version: stored.version });
    const subject = { person: id as PersonId };
    draft.record({ type: 'person.confirmed', at: draft.now, actor: OPERATOR, subject, data: { after: suspended.why } });
    return 'confirmed';
  });
  if (changed.kind === 'taken') throw new Error('a confirmation that claims nothing was refused a name');
  return changed.value;
}
