// An inbox that keeps what it heard and answers what a test says: what every chat platform is tried with.
import type { Answer, ChatInbox, FormAnswer } from '../../src/ports/chat-platform.ts';
import type { Form, FormOption } from '../../src/ports/document.ts';

type Verb = keyof ChatInbox;
type Heard = { readonly [V in Verb]: { readonly verb: V; readonly event: Parameters<ChatInbox[V]>[0] } }[Verb];
type HeardOf<V extends Verb> = Extract<Heard, { readonly verb: V }>['event'];

export interface RecordingInbox extends ChatInbox {
  readonly heard: readonly Heard[];
  of<V extends Verb>(verb: V): readonly HeardOf<V>[];
  /** The first `count` events of this kind, as soon as they are there. */
  until<V extends Verb>(verb: V, count?: number): Promise<readonly HeardOf<V>[]>;
  /** What to answer from now on; a function may throw or take its time. */
  readonly says: {
    command: (event: HeardOf<'command'>) => Answer | Promise<Answer>;
    about: (event: HeardOf<'about'>) => Answer | Promise<Answer>;
    press: (event: HeardOf<'press'>) => Answer | Promise<Answer>;
    redraw: (event: HeardOf<'redraw'>) => Form | undefined | Promise<Form | undefined>;
    submitForm: (event: HeardOf<'submitForm'>) => FormAnswer | Promise<FormAnswer>;
    search: (event: HeardOf<'search'>) => readonly FormOption[] | Promise<readonly FormOption[]>;
    home: (event: HeardOf<'home'>) => void | Promise<void>;
    changed: (event: HeardOf<'changed'>) => void | Promise<void>;
  };
}

export function recordingInbox(): RecordingInbox {
  const heard: Heard[] = [];
  const watchers = new Set<() => void>();
  const says: RecordingInbox['says'] = {
    command: () => ({ kind: 'quiet' }),
    about: () => ({ kind: 'quiet' }),
    press: () => ({ kind: 'quiet' }),
    redraw: () => undefined,
    submitForm: () => ({ kind: 'done' }),
    search: () => [],
    home: () => undefined,
    changed: () => undefined,
  };
  function keep(entry: Heard): void {
    heard.push(entry);
    for (const watcher of [...watchers]) watcher();
  }
  function of<V extends Verb>(verb: V): readonly HeardOf<V>[] {
    return heard.filter((entry) => entry.verb === verb).map((entry) => entry.event as HeardOf<V>);
  }
  return {
    heard,
    says,
    of,
    until<V extends Verb>(verb: V, count = 1): Promise<readonly HeardOf<V>[]> {
      return new Promise<readonly HeardOf<V>[]>((resolve, reject) => {
        const patience = setTimeout(() => {
          watchers.delete(look);
          reject(new Error(`not heard within 5 s: ${verb}`));
        }, 5_000);
        function look(): void {
          if (of(verb).length < count) return;
          clearTimeout(patience);
          watchers.delete(look);
          resolve(of(verb).slice(0, count));
        }
        watchers.add(look);
        look();
      });
    },
    async command(event) {
      keep({ verb: 'command', event });
      return says.command(event);
    },
    async about(event) {
      keep({ verb: 'about', event });
      return says.about(event);
    },
    async press(event) {
      keep({ verb: 'press', event });
      return says.press(event);
    },
    async redraw(event) {
      keep({ verb: 'redraw', event });
      return says.redraw(event);
    },
    async submitForm(event) {
      keep({ verb: 'submitForm', event });
      return says.submitForm(event);
    },
    async search(event) {
      keep({ verb: 'search', event });
      return says.search(event);
    },
    async home(event) {
      keep({ verb: 'home', event });
      await says.home(event);
    },
    async changed(event) {
      keep({ verb: 'changed', event });
      await says.changed(event);
    },
    refused: (event) => keep({ verb: 'refused', event }),
  };
}
