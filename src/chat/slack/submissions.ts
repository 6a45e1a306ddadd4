// Forms that were sent off, and the options of long menus. What a form says is handed on as it is: a client can put anything
// into it, and the inbox looks everything up again (threats B19, C15).
import type { ViewResponseAction } from '@slack/bolt';
import type { PlainTextOption } from '@slack/types';

import type { FormAnswer } from '../../ports/chat-platform.ts';
import type { Note } from '../../ports/document.ts';
import { isForm } from './acts.ts';
import { type Ack, type Desk, tried } from './desk.ts';
import { optionsOf, renderForm } from './form.ts';
import { accountOf, answersOf, hearerOf, submitOrigin } from './origin.ts';
import { Submission, Suggestion, type View } from './payloads.ts';
import { plainNote } from './private-answer.ts';
import { visible } from './safe-text.ts';

export async function onSubmission(desk: Desk, body: unknown, ack: Ack<ViewResponseAction>): Promise<void> {
  const submission = Submission.parse(body);
  const { view } = submission;
  if (!isForm(view.callback_id)) {
    desk.inbox.refused({ code: 'unknown_form' });
    return ack();
  }
  const origin = submitOrigin(submission, desk.us.teamId, desk.clock.now());
  const filled = { form: view.callback_id, context: view.private_metadata, answers: answersOf(view) };
  const answer = await tried(desk, 'form', async () =>
    replyOf(desk, view, await desk.inbox.submitForm({ ...origin, ...filled })),
  );
  // The form stays open, so that what was typed is not lost with our failure.
  const reply = 'sorry' in answer ? problems(view, { '': answer.sorry }) : answer.done;
  await ack(reply.ack);
  if (reply.note) await desk.tell(hearerOf(origin, undefined), reply.note);
}

export async function onSuggestion(desk: Desk, body: unknown, ack: Ack<{ options: PlainTextOption[] }>): Promise<void> {
  const asked = Suggestion.parse(body);
  const account = accountOf(asked, desk.us.teamId);
  const found = await tried(desk, 'search', async () =>
    optionsOf(await desk.inbox.search({ account, field: asked.block_id, text: asked.value })),
  );
  await ack({ options: 'done' in found ? found.done : [] });
}

interface Reply {
  readonly ack?: ViewResponseAction;
  readonly note?: Note;
}

function replyOf(desk: Desk, view: View, answer: FormAnswer): Reply {
  switch (answer.kind) {
    case 'done':
      return answer.note ? { note: answer.note } : {};
    case 'problems':
      if (Object.keys(answer.problems).length === 0) throw new Error('a form was refused without a problem');
      return problems(view, answer.problems);
    case 'form':
      return { ack: { response_action: 'update', view: renderForm(answer.form, desk.us) } };
  }
}

/**
 * Slack shows a problem at a field or not at all, and takes the whole answer for broken when a name is none of the form's
 * fields: those go to the first one. A form without fields is closed and the person told otherwise.
 */
function problems(view: View, list: { readonly [field: string]: string }): Reply {
  const inputs = view.blocks.flatMap((block) => (block.type === 'input' && block.block_id ? [block.block_id] : []));
  const [first] = inputs;
  if (first === undefined) return { note: plainNote(Object.values(list).join(' ')) };
  const errors = new Map<string, string>();
  for (const [field, problem] of Object.entries(list)) {
    const place = inputs.includes(field) ? field : first;
    errors.set(place, [errors.get(place), visible(problem)].filter(Boolean).join(' '));
  }
  return { ack: { response_action: 'errors', errors: Object.fromEntries(errors) } };
}
