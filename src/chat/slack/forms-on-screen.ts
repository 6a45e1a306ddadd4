// Opening and redrawing forms in front of a person. A trigger is good for 3 s and once, so that a form is opened at once or
// the person is told to ask again.
import { ChatError } from '../../ports/chat-platform.ts';
import type { Form } from '../../ports/document.ts';
import { type Desk, sorry } from './desk.ts';
import { renderForm } from './form.ts';
import type { View } from './payloads.ts';
import { type Hearer, plainNote } from './private-answer.ts';
import { type Asked, tooLate } from './words.ts';

const TOO_LATE = new Set(['expired_trigger_id', 'exchanged_trigger_id', 'invalid_trigger_id', 'trigger_expired']);
/** The form was closed or drawn anew meanwhile: what is on the screen is newer than ours. */
const OVERTAKEN = new Set(['hash_conflict', 'not_found', 'view_not_found']);

/** Never rejects. */
export async function openForm(desk: Desk, hearer: Hearer, trigger: string, form: Form, asked: Asked): Promise<void> {
  try {
    const view = renderForm(form, desk.us);
    await desk.web.write((client) => client.views.open({ trigger_id: trigger, view }));
  } catch (error) {
    const late = error instanceof ChatError && TOO_LATE.has(error.code);
    await desk.tell(hearer, plainNote(late ? tooLate(asked) : sorry(desk, 'open a form', error)));
  }
}

/** Never rejects. `hash` lets the later of two redraws win (threat C14). */
export async function redrawForm(desk: Desk, view: View, form: Form): Promise<void> {
  try {
    const drawn = renderForm(form, desk.us);
    const of = { view_id: view.id, view: drawn, ...(view.hash && { hash: view.hash }) };
    await desk.web.write((client) => client.views.update(of));
  } catch (error) {
    if (!(error instanceof ChatError && OVERTAKEN.has(error.code))) sorry(desk, 'redraw a form', error);
  }
}
