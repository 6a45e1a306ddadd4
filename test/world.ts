// A whole Hallpass on a clock that a test moves: real store, real operations, fake targets and a fake chat. Restarting it
// keeps store, targets and chat, as a crash would.
import type { Catalog } from '../src/core/catalog.ts';
import type { MessageRef } from '../src/core/model.ts';
import { openInbox } from '../src/operations/inbox.ts';
import { startJobs } from '../src/operations/run-jobs.ts';
import { sweep } from '../src/operations/sweep.ts';
import type { Tools } from '../src/operations/tools.ts';
import type { Answer, ChatInbox, Origin } from '../src/ports/chat-platform.ts';
import type { Ids } from '../src/ports/clock.ts';
import type { Button, Message } from '../src/ports/document.ts';
import type { Pager } from '../src/ports/pager.ts';
import type { Store } from '../src/ports/store.ts';
import { openStore } from '../src/store/open-store.ts';
import { type FakeAdapter, type FakeOptions, openFakeAdapter } from './fakes/fake-adapter.ts';
import { type FakeChat, openFakeChat, richText, type Sent, textOf } from './fakes/fake-chat.ts';
import { type ManualClock, manualClock } from './fakes/manual-clock.ts';
import { catalogOf, PEOPLE } from './world-catalog.ts';
import { countingIds, type Hook, quietLog, toolsOf } from './world-ports.ts';

export { catalogOf, OTHER_ROLE, ROLE } from './world-catalog.ts';
export { type Hook, type PortCall, quietLog, VKEY } from './world-ports.ts';

export interface World {
  readonly clock: ManualClock;
  readonly ids: Ids;
  readonly store: Store;
  /** The first target, `prod-db`; `billing` is the second, where there is one. */
  readonly fake: FakeAdapter;
  readonly billing: FakeAdapter;
  readonly chat: FakeChat;
  readonly checkpoints: string[];
  /** What the program that is alive logged as errors. */
  readonly errors: string[];
  tools: Tools;
  inbox: ChatInbox;
  /** Sees every call to store, chat and targets. */
  hook: Hook | undefined;
  /** The program ends as it stands; another one starts on what is left, perhaps with another configuration. */
  restart(changed?: { readonly catalog?: Catalog; readonly targets?: readonly string[] }): void;
  /** Runs everything due now. */
  settle(): Promise<void>;
  /** Moves the clock in steps, sweeping and running jobs at each, as the program would. */
  pass(seconds: number, stepSeconds?: number): Promise<void>;
  /** A delivery of its own, by this person; `at` where a message was pressed. */
  origin(user: string, at?: MessageRef): Origin;
  /** What the person sees at once: the lines of a note, or the kind of the answer. */
  say(user: string, text: string): Promise<string>;
  press(user: string, action: Button['action'], message: Message, at?: MessageRef): Promise<string>;
  /** The last card in the reviewer channel, as it is shown now. */
  card(): Sent;
  /** Everything this person alone was shown, oldest first: private messages and notes beside a card. */
  private(user: string): readonly string[];
  /** mia asks, ana approves, access is live. Answers with the card. */
  livePass(text?: string): Promise<Sent>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly catalog?: Catalog;
  readonly settleSeconds?: number;
  readonly expiresItself?: boolean;
  readonly sessions?: 'ended' | 'outlive' | 'none';
  readonly store?: Store;
  readonly pagers?: readonly Pager[];
  /** What the first target remembers of us. */
  readonly marks?: FakeOptions['marks'];
  /** Targets, chat and clock of another world, on a store of its own: a store that was put back, or lost. */
  readonly from?: World;
}

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const { from } = options;
  const clock = from?.clock ?? manualClock();
  const ids = from?.ids ?? countingIds();
  const store = options.store ?? (await openStore('sqlite::memory:', { clock, ids, log: quietLog }));
  const { settleSeconds = 0, expiresItself = false, sessions = 'none', marks = 'ids' } = options;
  const fake = from?.fake ?? openFakeAdapter({ clock, settleSeconds, expiresItself, sessions, marks });
  const billing = from?.billing ?? openFakeAdapter({ clock });
  const chat = from?.chat ?? openFakeChat(clock, PEOPLE);
  const checkpoints = from?.checkpoints ?? [];
  const errors: string[] = [];
  let catalog = options.catalog ?? catalogOf();
  let targets: readonly string[] = ['prod-db', 'billing'];
  let [deliveries, boots] = [from ? 1_000 : 0, 0];

  function boot(): Tools {
    boots += 1;
    const fakes = Object.fromEntries(
      Object.entries({ 'prod-db': fake, billing }).filter(([name]) => targets.includes(name)),
    );
    const owner = `boot-${boots}`;
    const isAlive = () => owner === `boot-${boots}`;
    const log = { ...quietLog, error: (message: string) => void (isAlive() && errors.push(message)) };
    const hook: Hook = (call, proceed) => (world.hook ? world.hook(call, proceed) : proceed());
    const { pagers = [] } = options;
    return toolsOf({ clock, ids, store, fakes, chat, pagers, checkpoints, catalog, log, owner, hook });
  }
  const world: World = {
    clock,
    ids,
    store,
    fake,
    billing,
    chat,
    checkpoints,
    errors,
    hook: undefined,
    tools: undefined as unknown as Tools,
    inbox: undefined as unknown as ChatInbox,
    restart(changed = {}) {
      catalog = changed.catalog ?? catalog;
      targets = changed.targets ?? targets;
      world.tools = boot();
      world.inbox = openInbox(world.tools);
    },
    async settle() {
      for (;;) {
        const started = await startJobs(world.tools, 100);
        if (started.length === 0) return;
        await Promise.all(started.map(({ ended }) => ended));
      }
    },
    async pass(seconds, stepSeconds = 1) {
      for (let passed = 0; passed < seconds; passed += stepSeconds) {
        await clock.advance(stepSeconds * 1000);
        await sweep(world.tools);
        await world.settle();
      }
    },
    origin(user, at) {
      const where = at ? { message: at, channel: { platform: at.platform, channel: at.channel } } : {};
      deliveries += 1;
      return { account: chat.ref(`U-${user}`), delivery: `d${deliveries}`, at: clock.now(), ...where };
    },
    say: async (user, text) => textOfAnswer(await world.inbox.command({ ...world.origin(user), text })),
    async press(user, action, message, at) {
      const button = message.buttons?.find((candidate) => candidate.action === action);
      if (!button) throw new Error(`no button ${action} on “${textOf(message)}”`);
      return textOfAnswer(await world.inbox.press({ ...world.origin(user, at), action, value: button.value }));
    },
    card() {
      const found = chat.sent.findLast(({ message, place }) => message.kind === 'card' && place.kind === 'channel');
      if (!found) throw new Error('no card was posted');
      return found;
    },
    private: (user) =>
      chat.sent
        .filter(({ place }) => 'account' in place && place.account.user === `U-${user}`)
        .map(({ message }) => textOf(message)),
    async livePass(text = 'prod-db-readonly 1h fix INC-42') {
      await world.say('mia', text);
      await world.settle();
      const card = world.card();
      await world.press('ana', 'approve', card.message, card.ref);
      await world.settle();
      await world.pass(15);
      return card;
    },
    close: () => store.close(),
  };
  world.restart();
  return world;
}

export function textOfAnswer(answer: Answer): string {
  return answer.kind === 'note' ? answer.note.lines.map(richText).join('\n') : answer.kind;
}
