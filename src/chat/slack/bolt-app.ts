// Bolt, reduced to what it is good at here: finding the listener for a verified delivery. It opens no port and no
// connection, holds no token and calls no API.
import { App, type BlockAction, type MessageShortcut, type ViewSubmitAction } from '@slack/bolt';
import type { Log } from '../../ports/log.ts';
import { onBlockActions, onShortcut, onSlash } from './acts.ts';
import { callSettings } from './client-settings.ts';
import type { Desk } from './desk.ts';
import type { Dispatcher } from './dispatch.ts';
import { type EventReader, onEvent } from './events.ts';
import { FIELD_ACTION } from './form.ts';
import { libraryLog } from './library-log.ts';
import { onSubmission, onSuggestion } from './submissions.ts';

/** Hands the dispatcher its way into Bolt. One listener for each kind: Bolt asks every listener for every delivery. */
export function listen(dispatcher: Dispatcher, desk: Desk, reader: EventReader, log: Log): void {
  const { botId, botUserId, teamId } = desk.us;
  const app = new App({
    receiver: dispatcher.receiver,
    authorize: async () => ({ botId, botUserId, teamId }),
    // Never used for a call; without it Bolt's client would have the library's defaults.
    clientOptions: callSettings(undefined),
    // Bolt would keep the state of every conversation in memory.
    convoStore: false,
    ignoreSelf: false,
    logger: libraryLog(log),
  });
  app.command(/^\//, ({ body, ack }) => onSlash(desk, body, ack));
  app.action<BlockAction>({ type: 'block_actions' }, ({ body, ack }) => onBlockActions(desk, body, ack));
  app.view<ViewSubmitAction>({ type: 'view_submission' }, ({ body, ack }) => onSubmission(desk, body, ack));
  app.shortcut<MessageShortcut>({ type: 'message_action' }, ({ body, ack }) => onShortcut(desk, body, ack));
  app.options(FIELD_ACTION, ({ body, ack }) => onSuggestion(desk, body, ack));
  app.event(/^/, ({ body }) => onEvent(reader, body));
  // To the dispatcher, which sees to it that Slack learns of it.
  app.error(async (error) => {
    throw error;
  });
}
