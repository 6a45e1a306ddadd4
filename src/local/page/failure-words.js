// @ts-check
// Sentences for everything that can go wrong between a press and the bot's answer. Pure.

import { RefusedError } from './api.js';

/** @typedef {import('./api.js').ActOutcome} ActOutcome */

/** @type {Readonly<Record<string, { readonly title: string, readonly text: string }>>} */
const WORDS = {
  operation_timeout: {
    title: 'Hallpass did not answer in time',
    text: 'It has 3 seconds and took longer. It may still have understood: look before you try again.',
  },
  no_connection: {
    title: 'Hallpass is not connected',
    text: 'Nobody was there to take this, so nothing happened. Try again in a moment.',
  },
  dispatch_failed: {
    title: 'This could not be delivered',
    text: 'Hallpass could not be reached or answered with an error. Nothing you see has changed.',
  },
  invalid_command: {
    title: 'There is no such command',
    text: 'Type / to see the commands of this workspace.',
  },
  trigger_expired: {
    title: 'Too late for a form',
    text: 'Hallpass took more than 3 seconds to open it. Try again.',
  },
};

/** What the workspace itself refuses, before anything is sent to the bot. @type {Readonly<Record<string, string>>} */
const REFUSALS = {
  user_deactivated: 'This person is deactivated and can do nothing here. Be somebody else.',
  not_available_to_guests_of_other_companies:
    'People of other companies have no commands, no forms and no app home here, only the buttons in shared channels.',
  channel_not_found: 'This person does not see that channel.',
  not_in_channel: 'This person is not a member of that channel.',
  is_archived: 'The channel is archived.',
  message_not_found: 'That message is not here any more.',
  no_such_action: 'That button is not there any more. The message has changed meanwhile.',
  no_open_view: 'That form is closed already.',
  no_home: 'There is no home page yet.',
  invalid_answer: 'One of the answers is not among the choices any more.',
};

/** @param {ActOutcome} outcome @returns {{ readonly title: string, readonly text: string } | undefined} */
export function failureOf({ failure, status }) {
  if (failure === undefined) return undefined;
  const words = WORDS[status === 'no_connection' ? 'no_connection' : failure];
  if (words) return { title: words.title, text: `${words.text} (${failure})` };
  return { title: 'That did not work', text: REFUSALS[failure] ?? `Slack calls it ${failure}.` };
}

/** @param {unknown} error @returns {{ readonly title: string, readonly text: string }} */
export function refusalOf(error) {
  const code = error instanceof RefusedError ? error.code : '';
  const words = Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined;
  if (words) return { title: 'Not possible', text: words };
  return { title: 'That did not work', text: error instanceof Error ? error.message : String(error) };
}
