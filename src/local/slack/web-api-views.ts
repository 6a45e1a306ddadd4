// views.open, views.push, views.update, views.publish.
import { accept, invalidArguments, type Method, missing, type Reply, refuse } from './api-reply.ts';
import { type Fields, fieldsOf, textOf } from './fields.ts';
import type { View } from './records.ts';
import { changed, type State } from './state.ts';
import { redeemTrigger } from './triggers.ts';
import { makeView, openAlone, openViews, pushView, refuseView, replaceView, viewObject } from './views.ts';

function readView(
  state: State,
  args: Fields,
  wanted: View['type'],
  replaces?: View,
): { view: Fields } | { refusal: Reply } {
  const view = fieldsOf(args, 'view');
  if (!view) return { refusal: missing('view') };
  const wrong = refuseView(state, view, wanted, replaces);
  if (!wrong) return { view };
  return { refusal: wrong.problems.length > 0 ? invalidArguments(...wrong.problems) : refuse(wrong.error) };
}

/** The view is checked before the trigger is used up: a refused view may be tried again within the 3 s. */
function atTrigger(state: State, args: Fields, show: (user: string, view: Fields) => Reply): Reply {
  const trigger = textOf(args, 'trigger_id');
  if (trigger === undefined) return missing('trigger_id');
  const read = readView(state, args, 'modal');
  if ('refusal' in read) return read.refusal;
  const redeemed = redeemTrigger(state, trigger);
  return 'error' in redeemed ? refuse(redeemed.error) : show(redeemed.user, read.view);
}

export const open: Method = (state, args) =>
  atTrigger(state, args, (user, given) => {
    const view = makeView(state, user, given);
    openAlone(state, view);
    return shown(state, view.id);
  });

export const push: Method = (state, args) =>
  atTrigger(state, args, (user, given) => {
    if (openViews(state, user).length === 0) return refuse('not_found');
    const view = makeView(state, user, given);
    return pushView(state, view) ? shown(state, view.id) : refuse('push_limit_reached');
  });

/** Only open views; with `hash` only the version that the caller saw. */
export const update: Method = (state, args) => {
  const before = findView(state, args);
  if (!before) return refuse('not_found');
  const hash = textOf(args, 'hash');
  if (hash !== undefined && hash !== before.hash) return refuse('hash_conflict');
  const read = readView(state, args, before.type, before);
  if ('refusal' in read) return read.refusal;
  replaceView(state, makeView(state, before.user, read.view, before));
  return shown(state, before.id);
};

function findView(state: State, args: Fields): View | undefined {
  const [id, external] = [textOf(args, 'view_id'), textOf(args, 'external_id')];
  if (id !== undefined) return state.views.get(id);
  return [...state.views.values()].find((view) => external !== undefined && view.external_id === external);
}

export const publish: Method = (state, args) => {
  const user = textOf(args, 'user_id');
  if (user === undefined) return missing('user_id');
  const person = state.users.get(user);
  if (!person || person.team_id !== state.team.id) return invalidArguments('invalid `user_id`');
  const before = state.views.get(state.homes.get(user) ?? '');
  const hash = textOf(args, 'hash');
  if (hash !== undefined && hash !== before?.hash) return refuse('hash_conflict');
  const read = readView(state, args, 'home', before);
  if ('refusal' in read) return read.refusal;
  const view = { ...makeView(state, user, read.view, before), previous_view_id: null };
  state.views.set(view.id, view);
  state.homes.set(user, view.id);
  changed(state);
  return shown(state, view.id);
};

function shown(state: State, id: string): Reply {
  const view = state.views.get(id);
  return view ? accept({ view: viewObject(state, view) }) : refuse('not_found');
}
