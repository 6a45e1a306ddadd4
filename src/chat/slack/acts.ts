// Commands, presses and shortcuts: three of the four things people do that can change anything (the fourth is in
// submissions.ts). Each is handed to the inbox, which stores it and answers; nothing is decided here (threat B18).
import type { Answer } from '../../ports/chat-platform.ts';
import type { ButtonAction, Form } from '../../ports/document.ts';
import { actionOf } from './blocks.ts';
import { type Ack, type Desk, type Tried, tried } from './desk.ts';
import { openForm, redrawForm } from './forms-on-screen.ts';
import { ABOUT_SHORTCUT } from './manifest.ts';
import { answersOf, hearerOf, pressOrigin, shortcutOrigin, slashOrigin } from './origin.ts';
import { BlockActions, MessageAction, Slash } from './payloads.ts';
import { type Ephemeral, ephemeral, type Hearer, plainNote } from './private-answer.ts';
import { shortened } from './safe-text.ts';
import { typedText } from './typed-text.ts';
import { type Asked, otherCommand } from './words.ts';

const EXCERPT_CHARACTERS = 300;

/** Complete by type: a new button or form does not compile until it is named here. */
const ACTIONS: Readonly<Record<ButtonAction, true>> = {
  approve: true,
  deny: true,
  details: true,
  comment: true,
  withdraw: true,
  return: true,
  extend: true,
  ask: true,
  revoke: true,
  keep: true,
  take_back: true,
  show: true,
};
const FORMS: Readonly<Record<Form['id'], true>> = {
  request: true,
  deny: true,
  extend: true,
  details: true,
  comment: true,
};

export function isForm(id: string): id is Form['id'] {
  return Object.hasOwn(FORMS, id);
}

export async function onSlash(desk: Desk, body: unknown, ack: Ack<Ephemeral>): Promise<void> {
  const slash = Slash.parse(body);
  if (slash.command !== desk.command) return ack(ephemeral(plainNote(otherCommand(desk.command)), desk.us));
  const origin = slashOrigin(slash, desk.clock.now());
  const text = typedText(slash.text).trim();
  const answer = await tried(desk, 'command', async () => ackOf(await desk.inbox.command({ ...origin, text }), desk));
  if ('sorry' in answer) return ack(ephemeral(plainNote(answer.sorry), desk.us));
  await ack(answer.done.ack);
  const { form } = answer.done;
  if (form) await openForm(desk, hearerOf(origin, slash.response_url), slash.trigger_id, form, 'command');
}

export async function onBlockActions(desk: Desk, body: unknown, ack: Ack): Promise<void> {
  const actions = BlockActions.parse(body);
  return actions.view?.type === 'modal' ? onFieldChanged(desk, actions, ack) : onPress(desk, actions, ack);
}

export async function onShortcut(desk: Desk, body: unknown, ack: Ack): Promise<void> {
  const chosen = MessageAction.parse(body);
  if (chosen.callback_id !== ABOUT_SHORTCUT.callbackId) return refuse(desk, 'unknown_shortcut', ack);
  const origin = shortcutOrigin(chosen, desk.us.teamId, desk.clock.now());
  const about = {
    platform: 'slack',
    tenant: desk.us.teamId,
    channel: chosen.channel.id,
    message: chosen.message_ts,
  };
  const excerpt = shortened(typedText(chosen.message?.text ?? ''), EXCERPT_CHARACTERS);
  const answer = await tried(desk, 'shortcut', () => desk.inbox.about({ ...origin, about, excerpt }));
  await ack();
  await give(desk, hearerOf(origin, chosen.response_url), chosen.trigger_id, answer, 'shortcut');
}

async function onPress(desk: Desk, press: BlockActions, ack: Ack): Promise<void> {
  const [pressed] = press.actions;
  const action = actionOf(pressed?.action_id ?? '');
  if (pressed?.type !== 'button' || !Object.hasOwn(ACTIONS, action)) return refuse(desk, 'unknown_action', ack);
  const origin = pressOrigin(press, desk.us.teamId, desk.clock.now());
  const value = pressed.value ?? '';
  const answer = await tried(desk, 'press', () => desk.inbox.press({ ...origin, action, value }));
  await ack();
  const hearer = hearerOf(origin, press.response_url, press.container?.thread_ts);
  await give(desk, hearer, press.trigger_id, answer, 'button');
}

async function onFieldChanged(desk: Desk, changed: BlockActions, ack: Ack): Promise<void> {
  const { view } = changed;
  if (!view || !isForm(view.callback_id)) return refuse(desk, 'unknown_form', ack);
  const origin = pressOrigin(changed, desk.us.teamId, desk.clock.now());
  const filled = { form: view.callback_id, context: view.private_metadata, answers: answersOf(view) };
  const form = await tried(desk, 'redraw', () => desk.inbox.redraw({ ...origin, ...filled }));
  await ack();
  if ('done' in form && form.done) await redrawForm(desk, view, form.done);
}

/** A command's note goes out with the acknowledgement: nothing is quicker, and it works in every channel. */
function ackOf(answer: Answer, desk: Desk): { readonly ack?: Ephemeral; readonly form?: Form } {
  switch (answer.kind) {
    case 'quiet':
      return {};
    case 'note':
      return { ack: ephemeral(answer.note, desk.us) };
    case 'form':
      return { form: answer.form };
  }
}

async function give(desk: Desk, hearer: Hearer, trigger: string, answer: Tried<Answer>, asked: Asked): Promise<void> {
  if ('sorry' in answer) return desk.tell(hearer, plainNote(answer.sorry));
  switch (answer.done.kind) {
    case 'quiet':
      return;
    case 'note':
      return desk.tell(hearer, answer.done.note);
    case 'form':
      return openForm(desk, hearer, trigger, answer.done.form, asked);
  }
}

async function refuse(desk: Desk, code: string, ack: Ack): Promise<void> {
  desk.inbox.refused({ code });
  await ack();
}
