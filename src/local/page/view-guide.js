// @ts-check
// The newcomer's guide: one line with the next step and a button that goes there; five ticks that come by themselves.
import { stepsOf } from './guide-steps.js';
import { iconButton } from './icon-button.js';
import { icon } from './icons.js';
import { remember } from './memory.js';
import { forgetMilestones } from './milestones.js';
import { change, state } from './state.js';
import { testId } from './test-ids.js';
import { h } from './vdom.js';
import { isNarrow } from './window.js';

/** @typedef {import('./state.js').Snapshot} Snapshot @typedef {import('./guide-steps.js').Step} Step */

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
  if (next)
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
  const open = stepsOpen();
  return iconButton('chevron', 'All steps', () => change({ steps: !open }), {
    class: 'guide-all',
    'aria-expanded': String(open),
  });
}

function dismissButton() {
  const dismiss = () => {
    remember('guide', false);
    change({ guide: false });
  };
  return iconButton('close', 'Hide the guide', dismiss, testId('guide-dismiss'));
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
