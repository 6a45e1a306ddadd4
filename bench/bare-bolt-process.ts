// The floor: Bolt alone, with its own HTTP receiver, that acknowledges and does nothing else.
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { input, say } from './child.ts';
import { TEAM, type TOKENS } from './world.ts';

const { tokens, port } = await input<{ readonly tokens: typeof TOKENS; readonly port: number }>();
const receiver = new HTTPReceiver({ signingSecret: tokens.signingSecret, logLevel: LogLevel.ERROR });
const app = new App({
  receiver,
  authorize: async () => ({ botToken: tokens.botToken, botId: 'B0HALLPASS', botUserId: 'U0HALLPASS', teamId: TEAM }),
  logLevel: LogLevel.ERROR,
});
app.command(/^\//, async ({ ack }) => ack());
app.action(/./, async ({ ack }) => ack());
await app.start(port);
say({ port });
