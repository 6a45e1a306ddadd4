// What people do in a case, each through whichever replica is up: ask, approve whatever waits, give back; and again when a
// replica died over it.
import type { Origin } from '../../src/ports/chat-platform.ts';
import { ASK } from './fault-catalog.ts';
import type { FaultWorld } from './fault-world.ts';
import type { Life } from './life.ts';
import type { Replica } from './replica.ts';

/** Asks again so often when nothing came of it: a case whose first pass failed is to reach its crash point all the same. */
export const ASKS_MAX = 3;

export async function act(life: Life): Promise<void> {
  const { world, course } = life;
  const replica = life.replicas.find((one) => one.isUp());
  if (!replica) return;
  if (life.one.restart === 'M4') await choose(world, replica, course.byHand ? 'keep' : 'take_back');
  await helpOut(life);
  const [live] = course.grants;
  if (live && wantsToReturn(life, live.status)) return say(world, replica, 'mia', 'return');
  if (live) return;
  if (course.pending) return approve(world, replica, course.pending.id);
  const isTakenBack = await takeBack(life);
  if (!life.isGiving || course.asks >= ASKS_MAX || (course.stoppedAt !== undefined && !isTakenBack)) return;
  // The first pass was asked for before the case began; whatever is being looked at still is no reason to ask again.
  if ((await world.store().requestsIn('evaluating', 1)).length > 0) return;
  course.asks += 1;
  await say(world, replica, 'mia', ASK);
}

function wantsToReturn({ turns, course, isGiving }: Life, status: string): boolean {
  if (isGiving && course.stoppedAt === undefined) return false;
  if (status === 'granting') return turns.impatient;
  return status === 'active' && turns.ending === 'returned';
}

/** Whoever gave access by hand takes it by hand, once the program has left it alone. */
async function takeBack({ course, stage, watch, holder }: Life): Promise<boolean> {
  if (!course.byHand) return false;
  await stage.bench.world.take(holder, stage.target);
  course.byHand = false;
  watch.dirty = true;
  return true;
}

/**
 * Access whose pass is forgotten, in a target that bears no mark and takes back only by the pass's own id: what Hallpass can
 * do is to ask, to try, and to alarm. Then an administrator takes it by hand.
 */
async function helpOut({ stage, course, watch, holder }: Life): Promise<void> {
  const isStuck = course.grants.some(
    (grant) => grant.status === 'revoking' && grant.ending.overdueSince !== undefined && course.putBack,
  );
  if (stage.connection.owned || !isStuck) return;
  await stage.bench.world.take(holder, stage.target);
  watch.dirty = true;
}

export function say(world: FaultWorld, replica: Replica, user: string, text: string): Promise<void> {
  return replica.run(() => replica.inbox.command({ ...originOf(world, user), text }));
}

/** Presses Approve on the card of this request. */
export async function approve(world: FaultWorld, replica: Replica, request: string): Promise<void> {
  const card = world.chat.sent.findLast(
    ({ message, place }) =>
      place.kind === 'channel' &&
      message.kind === 'card' &&
      message.buttons.some(({ action, value }) => action === 'approve' && value.startsWith(request)),
  );
  const value = card?.message.buttons?.find(({ action }) => action === 'approve')?.value;
  if (!card || value === undefined) return;
  const channel = { platform: card.ref.platform, channel: card.ref.channel };
  const origin = { ...originOf(world, 'ana'), message: card.ref, channel };
  await replica.run(() => replica.inbox.press({ ...origin, action: 'approve', value }));
}

/** After a rollback somebody of security takes back what nobody can tell the origin of, unless its giver says so. */
async function choose(world: FaultWorld, replica: Replica, action: 'keep' | 'take_back'): Promise<void> {
  for (const { message, ref } of world.chat.sent) {
    const value = message.buttons?.find((button) => button.action === action)?.value;
    if (value === undefined) continue;
    const channel = { platform: ref.platform, channel: ref.channel };
    const origin = { ...originOf(world, 'sam'), message: ref, channel };
    await replica.run(() => replica.inbox.press({ ...origin, action, value }));
  }
}

function originOf({ chat, time, delivery }: FaultWorld, user: string): Origin {
  return { account: chat.ref(`U-${user}`), delivery: delivery(), at: time.machine.now() };
}
