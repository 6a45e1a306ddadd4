// Slack passes the contract of chat platforms, over both transports.
import type { AccountRef, ChannelRef } from '../../../src/core/model.ts';
import type { Message } from '../../../src/local/slack/records.ts';
import type { Workspace } from '../../../src/local/slack/workspace-types.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { type ChatRig, type ContractFault, chatPlatformContract } from '../../contracts/chat-platform.ts';
import * as rigs from './rig.ts';
import { ANA, BEN, MODES, type Mode, never, platformFor, REVIEW, TEAM, workspaceOn } from './rig.ts';
import { markupIn, textIn } from './shown.ts';

/** The machine's time, as the doctor compares it with the workspace's HTTP server; nothing here waits for anything. */
const REAL: Clock = { now: () => Date.now(), sleep: () => new Promise(() => undefined) };

const account = (user: string, tenant = TEAM): AccountRef => ({ platform: 'slack', tenant, user });
const channel = (id: string): ChannelRef => ({ platform: 'slack', channel: id });

for (const mode of MODES) chatPlatformContract(`slack over ${mode}`, () => slackRig(mode));

async function slackRig(mode: Mode): Promise<ChatRig> {
  const workspace = await workspaceOn(REAL, mode);
  const { platform, inbox } = await platformFor(workspace, mode, REAL);
  return {
    platform,
    inbox,
    now: REAL.now,
    channel: channel(REVIEW),
    sharedChannel: channel(rigs.SHARED),
    archivedChannel: channel(rigs.ARCHIVED),
    unknownChannel: channel('C0NOWHERE'),
    people: [account(ANA), account(BEN)],
    others: {
      guest: account(rigs.GUEST),
      stranger: account(rigs.STRANGER, 'T0OTHER'),
      bot: account(rigs.ROBOT),
      deactivated: account(rigs.GONE),
    },
    email: 'ana@acme.test',
    group: 'S0DBAS',
    unknownGroup: 'S0NONE',
    failNextPost: (fault) => workspace.failNext('chat.postMessage', 1, FAULTS[fault]),
    seen: (by, where) => shown(workspace, by, where).map(textIn),
    markup: (by, where) => shown(workspace, by, where).flatMap(markupIn),
    async press(by, message, actionId, twice) {
      const target = { channel: message.channel, ts: message.message, actionId };
      const { delivery } = await workspace.click(by.user, target);
      if (twice) await workspace.redeliver(delivery ?? never());
    },
    async command(by, text) {
      await workspace.slash(by.user, '/jit', text, REVIEW);
    },
    until: (what, look) => workspace.until(what, look),
  };
}

const FAULTS: Readonly<Record<ContractFault, Parameters<Workspace['failNext']>[2]>> = {
  lost: { applyThenDrop: true },
  busy: { status: 429, retryAfter: 7 },
  down: { status: 503 },
};

function shown(workspace: Workspace, by: AccountRef, where: ChannelRef | 'direct' | 'home'): readonly unknown[] {
  if (where === 'direct') return workspace.directMessages(by.user);
  if (where === 'home') return [workspace.home(by.user) ?? {}];
  const whispered = workspace.ephemerals(by.user).filter((one) => one.channel === where.channel);
  const messages: readonly Message[] = workspace.messages(where.channel);
  return [...messages, ...whispered.map(({ message }) => message)];
}
