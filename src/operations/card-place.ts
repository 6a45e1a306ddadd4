// A card counts only where we put it, and not where another company can press it by now (threats C03, B02). A card whose
// place was never learnt (the answer to our post was lost) is adopted from the first press on it.
import type { AccessRequest, AccountRef, MessageRef, Surface } from '../core/model.ts';
import type { Refusal } from '../core/refusal.ts';
import { ChatError } from '../ports/chat-platform.ts';
import { change } from './change.ts';
import type { StoredClick } from './stored-click.ts';
import { suspectChannel } from './suspect-channel.ts';
import type { Tools } from './tools.ts';

const ADOPTS = { person: 'hallpass', kind: 'system', via: 'chat' } as const;

/** `facts_unavailable` when the platform could not be asked. Presses without a message (App Home) have no place. */
export async function placeProblem(
  tools: Tools,
  click: StoredClick,
  request: AccessRequest,
): Promise<Refusal | undefined> {
  const { message } = click;
  if (!message) return undefined;
  const surface = (await tools.store.surfaceAt(message))?.row ?? (await adopt(tools, click, message, request));
  if (surface?.request !== request.id) return { code: 'outdated' };
  if (!('channel' in surface.place)) return undefined;
  const { channel } = surface.place;
  try {
    const facts = await tools.chats[channel.platform]?.channel(channel);
    if (facts?.shared === false) return undefined;
    // No event told us: whatever else is shown there is looked at too.
    await change(tools, ADOPTS, (draft) => suspectChannel(tools, draft, channel.channel));
    return { code: 'channel_shared', channel: channel.channel };
  } catch (error) {
    if (error instanceof ChatError) return { code: 'facts_unavailable', what: 'group' };
    throw error;
  }
}

async function adopt(
  tools: Tools,
  click: StoredClick,
  message: MessageRef,
  request: AccessRequest,
): Promise<Surface | undefined> {
  const surfaces = await tools.store.surfacesOf(request.id);
  const lost = surfaces.find(({ row }) => !row.message && isPlaceOf(row.place, message, click.account));
  if (!lost) return undefined;
  const adopted = await change(tools, ADOPTS, async (draft) => {
    const row = await draft.surface(lost.row.id);
    // Its place was learnt meanwhile, and it is another one.
    if (!row || row.message) return undefined;
    await draft.keepSurface({ ...row, message });
    return { ...row, message };
  });
  return adopted.kind === 'done' ? adopted.value : undefined;
}

function isPlaceOf(place: Surface['place'], message: MessageRef, account: AccountRef): boolean {
  if ('channel' in place) return place.channel.channel === message.channel;
  return place.account.user === account.user && place.account.platform === message.platform;
}
