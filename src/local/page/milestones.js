// @ts-check
// How far the newcomer's first story has come, read from what can be seen: nothing is ticked by pressing "next".
import { workspaceNow } from './clock.js';
import { recall, remember } from './memory.js';
import { change, state } from './state.js';
import { msOf } from './times.js';

/**
 * @typedef {import('./state.js').Snapshot} Snapshot
 * @typedef {import('./state.js').MessageShown} MessageShown
 * @typedef {{ readonly version: number, readonly since: number, readonly steps: readonly string[] }} Story
 */

export const STEPS = /** @type {const} */ (['asked', 'approved', 'connected', 'ended', 'read']);
/** Buttons that only a card of a request carries. */
const OF_A_REQUEST = /^(approve|deny|withdraw|extend|return)\b/;
/** @type {Story} */
const NEW_STORY = { version: 0, since: 0, steps: [] };

/** Looks again and remembers what is new. */
export function reached() {
  const { snapshot } = state;
  if (!snapshot) return;
  const story = storyOf(snapshot);
  const steps = STEPS.filter((step) => story.steps.includes(step) || isReached(step, story, snapshot));
  remember(nameOf(snapshot), { ...story, version: snapshot.version, steps });
  if (steps.join() !== state.milestones.join()) change({ milestones: steps });
}

/** Each start of the workspace is a new one: its version begins anew. @param {Snapshot} snapshot @returns {Story} */
function storyOf(snapshot) {
  const story = recall(nameOf(snapshot), NEW_STORY);
  return snapshot.version < story.version ? NEW_STORY : story;
}

/** @param {Snapshot} snapshot */
function nameOf(snapshot) {
  return `story.${snapshot.team.id}`;
}

/** Begins again; cards that are there already do not count. */
export function forgetMilestones() {
  const { snapshot } = state;
  if (!snapshot) return;
  remember(nameOf(snapshot), { version: snapshot.version, since: workspaceNow(), steps: [] });
  change({ milestones: [] });
}

/** @param {typeof STEPS[number]} step @param {Story} story @param {Snapshot} snapshot */
function isReached(step, story, snapshot) {
  switch (step) {
    case 'asked':
      return cardsIn(snapshot).some(({ message }) => msOf(message.ts) > story.since) || somebodyHasAccess();
    case 'approved':
      return somebodyHasAccess();
    case 'connected':
      return somebodyHasAccess() && holderHasSession();
    case 'ended':
      return story.steps.includes('approved') && state.target?.available === true && !somebodyHasAccess();
    case 'read':
      return story.steps.includes('ended') && state.thread !== undefined;
  }
}

function somebodyHasAccess() {
  return state.target?.available === true && state.target.roles.some(({ holders }) => holders.length > 0);
}

function holderHasSession() {
  if (state.target?.available !== true) return false;
  const holders = new Set(state.target.roles.flatMap((role) => role.holders.map(({ login }) => login)));
  return state.target.sessions.some(({ login }) => holders.has(login));
}

/**
 * The bot's cards that this person sees, newest last: with buttons of a request, or with a title and a thread.
 * @param {Snapshot} snapshot
 */
export function cardsIn(snapshot) {
  return snapshot.channels.flatMap(({ id, messages }) =>
    messages.filter((message) => isCard(message)).map((message) => ({ channel: id, message })),
  );
}

/** @param {MessageShown & { readonly replies: readonly MessageShown[] }} message */
function isCard({ blocks = [], replies }) {
  const titled = blocks.some(({ type }) => type === 'header') && replies.length > 0;
  return (
    titled ||
    blocks.some(
      ({ elements }) => Array.isArray(elements) && elements.some((one) => OF_A_REQUEST.test(String(one?.action_id))),
    )
  );
}
