// Submitting and closing modals, and what the app's answer does to them (`response_action`).
// Slack's client checks a form before it sends it; so does this.
import {
  type ActOptions,
  actor,
  answerFields,
  notSent,
  type Outcome,
  outcome,
  responseAction,
  type Stage,
  send,
} from './acting.ts';
import { filledIn, openView } from './acts-view.ts';
import type { Answers } from './control-api.ts';
import { type Fields, fieldsOf } from './fields.ts';
import { formErrors } from './form-checks.ts';
import { closedPayload, submissionPayload } from './payloads.ts';
import type { Block, View } from './records.ts';
import type { State } from './state.ts';
import { closeViews, makeView, openViews, pushView, refuseView, replaceView } from './views.ts';

/** The submit button. Field errors, of the client or of the app, leave the view open. */
export async function submitView(
  stage: Stage,
  userId: string,
  answers: Answers,
  options: ActOptions = {},
): Promise<Outcome> {
  const { state } = stage;
  const user = actor(state, userId);
  const view = filledIn(openView(state, user), answers);
  const fieldErrors = formErrors(view.blocks, view.values);
  replaceView(state, { ...view, errors: fieldErrors });
  if (Object.keys(fieldErrors).length > 0) return notSent(state, user, { fieldErrors });
  const payload = submissionPayload(state, user, view);
  const delivery = await send(stage, { type: 'interactive', payload, takesAnswer: true }, options);
  if (!delivery.acked) return outcome(state, user, delivery);
  return outcome(state, user, delivery, follow(state, view, answerFields(delivery)));
}

type Followed = Pick<Partial<Outcome>, 'failure' | 'fieldErrors'>;

/** What the app's answer does to the form. An answer that Slack would not take leaves the view open. */
function follow(state: State, view: View, answer: Fields): Followed {
  const { action, view: given } = responseAction(answer);
  switch (action) {
    case undefined:
      closeViews(state, view.user, [view.id]);
      return {};
    case 'clear':
      closeViews(
        state,
        view.user,
        openViews(state, view.user).map(({ id }) => id),
      );
      return {};
    case 'errors':
      return showErrors(state, view, fieldsOf(answer, 'errors') ?? {});
    case 'update':
    case 'push':
      return given ? showNext(state, view, given, action) : { failure: 'invalid_arguments' };
    default:
      return { failure: 'invalid_response_action' };
  }
}

/** Slack shows an error only at an input block; other block ids make the whole answer fail. */
function showErrors(state: State, view: View, errors: Fields): Followed {
  const inputs = new Set(view.blocks.filter(isInput).map(({ block_id }) => block_id));
  const entries = Object.entries(errors);
  const known = entries.length > 0 && entries.every(([id, text]) => inputs.has(id) && typeof text === 'string');
  if (!known) return { failure: 'invalid_errors' };
  const fieldErrors = Object.fromEntries(entries.map(([id, text]) => [id, String(text)]));
  const now = state.views.get(view.id);
  if (now) replaceView(state, { ...now, errors: fieldErrors });
  return { fieldErrors };
}

function isInput(block: Block): boolean {
  return block.type === 'input';
}

function showNext(state: State, view: View, given: Fields, action: 'update' | 'push'): Followed {
  const replaces = action === 'update' ? view : undefined;
  const wrong = refuseView(state, given, 'modal', replaces);
  if (wrong) return { failure: wrong.error };
  const next = makeView(state, view.user, given, replaces);
  if (replaces) replaceView(state, next);
  else if (!pushView(state, next)) return { failure: 'push_limit_reached' };
  return {};
}

/** The Cancel button of the topmost view, or with `all` the ✕ of the whole stack. */
export async function closeView(stage: Stage, userId: string, all = false, options: ActOptions = {}): Promise<Outcome> {
  const { state } = stage;
  const user = actor(state, userId);
  const top = openView(state, user);
  const cleared = all || top.clear_on_close;
  const closing = cleared ? openViews(state, user.id) : [top];
  closeViews(
    state,
    user.id,
    closing.map(({ id }) => id),
  );
  const told = closing
    .filter(({ notify_on_close }) => notify_on_close)
    .map((view) => closedPayload(state, user, view, cleared));
  const deliveries = await Promise.all(
    told.map((payload) => send(stage, { type: 'interactive', payload, takesAnswer: false }, options)),
  );
  const last = deliveries.at(-1);
  return last ? outcome(state, user, last) : notSent(state, user);
}
