// @ts-check
// The newcomer's guide: one line with the next step and a button that goes there; five ticks that come by themselves.
import { actors } from './conversations.js';
import { icon } from './icons.js';
import { remember } from './memory.js';
import { forgetMilestones, STEPS } from './milestones.js';
import { go, switchTo } from './navigate.js';
import { hintOf } from './people.js';
import { firstPlace } from './refresh.js';
import { change, state } from './state.js';
import { testId } from './test-ids.js';
import { h } from './vdom.js';
import { isNarrow } from './window.js';

/**
 * @typedef {import('./state.js').Snapshot} Snapshot
 * @typedef {import('./state.js').PersonShown} PersonShown
 * @typedef {import('./state.js').Place} Place
 * @typedef {{ readonly id: typeof STEPS[number], readonly title: string, readonly text: string, readonly button?: string, readonly go?: () => void }} Step
 */

/** @param {Snapshot} snapshot */
export function guide(snapshot) {
  if (!state.guide) return null;
  const steps = stepsOf(snapshot);
  const next = steps.find(({ id }) => !state.milestones.includes(id));
  return h(
    'section',
    { class: 'guide', 'aria-label': 'Guide', key: 'guide', ...testId('guide') },
    h(
      'div',
      { class: 'guide-line' },
      ticks(steps, next),
      words(next),
      h('div', { class: 'guide-buttons' }, goButton(next), allButton(), dismissButton()),
    ),
    stepsOpen() &&
      h(
        'ol',
        { class: 'guide-steps' },
        steps.map((step, index) => stepRow(step, index, step === next)),
      ),
  );
}

/** @param {Snapshot} snapshot @param {RegExp} hint @returns {PersonShown | undefined} */
function somebody(snapshot, hint) {
  return actors(snapshot).find((person) => hint.test(hintOf(person)));
}

/** @param {PersonShown | undefined} person */
function firstName(person) {
  return person?.realName.split(' ')[0] ?? 'somebody';
}

/** @param {Snapshot} snapshot @returns {readonly Step[]} */
function stepsOf(snapshot) {
  const asker = somebody(snapshot, /asks/);
  const approver = somebody(snapshot, /approves/);
  const [mia, ana] = [firstName(asker), firstName(approver)];
  const command = snapshot.app.commands[0]?.command ?? '/jit';
  const as = (/** @type {PersonShown | undefined} */ person, /** @type {Place} */ place) => () =>
    person && person.id !== snapshot.me.id ? void switchTo(person.id, place) : go(place);
  const isAsker = asker?.id === snapshot.me.id;
  const isApprover = approver?.id === snapshot.me.id;
  const channel = firstPlace(snapshot);
  return [
    {
      id: 'asked',
      title: `Ask as ${mia}`,
      text: isAsker
        ? `You are ${mia}. Type ${command} in a channel, press Enter, and send the form.`
        : `Become ${mia} and type ${command} in a channel.`,
      button: isAsker ? 'Go to the channel' : `Become ${mia}`,
      go: as(asker, channel),
    },
    {
      id: 'approved',
      title: `Approve as ${ana}`,
      text: isApprover
        ? `You are ${ana}. Find the card and press Approve.`
        : `Become ${ana}, find the card and press Approve. ${mia} cannot approve her own request.`,
      button: isApprover ? 'Look for the card' : `Become ${ana}`,
      go: as(approver, reviewPlace(snapshot, approver) ?? channel),
    },
    {
      id: 'connected',
      title: 'Use the pass',
      text: `As ${mia}, run a query in the target. Before the pass the database refused it.`,
      button: 'Open the target',
      go: as(asker, { view: 'target' }),
    },
    {
      id: 'ended',
      title: 'Watch it end',
      text: 'Wait for the deadline, or return the pass from its card: the database takes the role back and ends the session.',
      button: 'Watch the target',
      go: () => go({ view: 'target' }),
    },
    {
      id: 'read',
      title: 'Read the thread',
      text: 'Open the thread under the card: who, what, when, why it ended, and that the target was looked at.',
      button: 'Open the channel',
      go: () => go(channel),
    },
  ];
}

/** Where the approver finds a card: the first channel that both the bot and the approver are in and the asker's is not. @param {Snapshot} snapshot @param {PersonShown | undefined} approver @returns {Place | undefined} */
function reviewPlace(snapshot, approver) {
  if (!approver) return undefined;
  const carded = snapshot.channels.filter(
    (channel) =>
      channel.members.includes(approver.id) && channel.messages.some(({ blocks }) => (blocks?.length ?? 0) > 0),
  );
  const named = snapshot.channels.find(
    ({ name, members }) => /review|approv/.test(name) && members.includes(approver.id),
  );
  const channel = named ?? carded[0];
  return channel && { view: 'channel', channel: channel.id };
}

/** @param {readonly Step[]} steps @param {Step | undefined} next */
function ticks(steps, next) {
  const done = steps.filter(({ id }) => state.milestones.includes(id)).length;
  return h(
    'div',
    { class: 'ticks', role: 'img', 'aria-label': `${done} of ${steps.length} steps done` },
    steps.map((step) =>
      h('span', {
        key: step.id,
        class: `tick${state.milestones.includes(step.id) ? ' is-done' : ''}${step === next ? ' is-next' : ''}`,
      }),
    ),
  );
}

/** @param {Step | undefined} next */
function words(next) {
  if (!next)
    return h(
      'p',
      { class: 'guide-words' },
      h('strong', null, 'That was the whole story. '),
      'Access was asked for, approved, used, and taken back.',
    );
  return h('p', { class: 'guide-words' }, h('strong', null, `${next.title}. `), next.text);
}

/** @param {Step | undefined} next */
function goButton(next) {
  if (next?.go)
    return h(
      'button',
      { type: 'button', class: 'button button-pass', onclick: next.go, ...testId('guide-go') },
      next.button,
    );
  return h(
    'button',
    { type: 'button', class: 'button button-pass', onclick: forgetMilestones, ...testId('guide-again') },
    'Start over',
  );
}

function stepsOpen() {
  return state.steps ?? (state.milestones.length === 0 && !isNarrow());
}

function allButton() {
  return h(
    'button',
    {
      type: 'button',
      class: 'icon-button guide-all',
      'aria-label': 'All steps',
      title: 'All steps',
      'aria-expanded': String(stepsOpen()),
      onclick: () => change({ steps: !stepsOpen() }),
    },
    icon('chevron'),
  );
}

function dismissButton() {
  const dismiss = () => {
    remember('guide', false);
    change({ guide: false });
  };
  return h(
    'button',
    {
      type: 'button',
      class: 'icon-button',
      'aria-label': 'Hide the guide',
      title: 'Hide the guide',
      onclick: dismiss,
      ...testId('guide-dismiss'),
    },
    icon('close'),
  );
}

/** @param {Step} step @param {number} index @param {boolean} next */
function stepRow(step, index, next) {
  const done = state.milestones.includes(step.id);
  return h(
    'li',
    {
      ...testId('guide-step', String(index + 1)),
      'data-done': String(done),
      key: step.id,
      class: `guide-step${done ? ' is-done' : ''}${next ? ' is-next' : ''}`,
    },
    h('span', { class: 'guide-number' }, done ? icon('check') : String(index + 1)),
    h('span', null, h('strong', null, step.title), h('span', { class: 'hint' }, step.text)),
  );
}
