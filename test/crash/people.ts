// What people do while programs are killed and stopped, through whichever process is up, and how it all ends.
import { type Sent, textOf } from '../fakes/fake-chat.ts';
import { NOT_TODAY_MS } from './life.ts';
import type { RunningProgram } from './process.ts';
import type { Truth } from './truth.ts';

/** Whatever there is to approve is approved; there is always somebody who asks, and sometimes somebody gives back. */
export async function peopleActIn(program: RunningProgram, truth: Truth, random: () => number): Promise<void> {
  while (program.isUp()) {
    await breathe(20);
    if (await approveOne(program, truth)) continue;
    if (!cardsOf(truth).some(({ message }) => isOpen(textOf(message)))) {
      for (const user of ['mia', 'kim'])
        await program.act('command', { ...originOf(truth, user), text: 'prod-db-readonly 2m fix INC-42' });
    } else if (random() < 0.05) await program.act('command', { ...originOf(truth, 'kim'), text: 'return' });
  }
}

export async function untilAllIsOver(program: RunningProgram, truth: Truth): Promise<void> {
  for (;;) {
    await breathe(100);
    if (await approveOne(program, truth)) continue;
    const { live, dueInMs } = (await program.act('jobs')) as { readonly live: number; readonly dueInMs: number };
    if (live === 0 && dueInMs > NOT_TODAY_MS) return;
  }
}

async function approveOne(program: RunningProgram, truth: Truth): Promise<boolean> {
  for (const { message, ref } of cardsOf(truth)) {
    const value = message.buttons?.find(({ action }) => action === 'approve')?.value;
    if (value === undefined) continue;
    const channel = { platform: 'slack', channel: ref.channel };
    await program.act('press', { ...originOf(truth, 'ana'), message: ref, channel, action: 'approve', value });
    return true;
  }
  return false;
}

function cardsOf({ chat }: Truth): readonly Sent[] {
  return chat.sent.filter(({ message, place }) => message.kind === 'card' && place.kind === 'channel');
}

function isOpen(text: string): boolean {
  return !/\| (Ended|Not given|Denied|Lapsed|Withdrawn)/.test(text);
}

let deliveries = 0;

function originOf({ chat, clock }: Truth, user: string) {
  deliveries += 1;
  return { account: chat.ref(`U-${user}`), delivery: `d${deliveries}`, at: clock.now() };
}

function breathe(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Park and Miller's generator: the same numbers in every run. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
