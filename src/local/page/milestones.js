// @ts-check
// How far the newcomer's first story has come, read from what can be seen: nothing is ticked by pressing "next".
import { recall, remember } from './memory.js';
import { change, state } from './state.js';

/** @typedef {import('./state.js').State} State @typedef {import('./state.js').BlockShown} BlockShown */

export const STEPS = /** @type {const} */ (['asked', 'approved', 'connected', 'ended', 'read']);
/** Buttons that only a card of a request carries. */
const OF_A_REQUEST = /approve|deny|withdraw|extend|return/i;

/** Looks again and remembers what is new. */
export function reached() {
  const team = state.snapshot?.team.id;
  if (team === undefined) return;
  const known = state.milestones.length > 0 ? state.milestones : recall(`steps.${team}`, /** @type {string[]} */ ([]));
  const now = STEPS.filter((step) => known.includes(step) || isReached(step, known));
  if (now.length !== state.milestones.length) change({ milestones: now });
  if (now.length !== known.length) remember(`steps.${team}`, now);
}

export function forgetMilestones() {
  const team = state.snapshot?.team.id;
  if (team !== undefined) remember(`steps.${team}`, []);
  change({ milestones: [] });
}

/** @param {typeof STEPS[number]} step @param {readonly string[]} known */
function isReached(step, known) {
  switch (step) {
    case 'asked':
      return hasCard() || somebodyHasAccess();
    case 'approved':
      return somebodyHasAccess();
    case 'connected':
      return somebodyHasAccess() && holderHasSession();
    case 'ended':
      return known.includes('approved') && state.target?.available === true && !somebodyHasAccess();
    case 'read':
      return known.includes('ended') && state.thread !== undefined;
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

function hasCard() {
  const { snapshot } = state;
  if (!snapshot) return false;
  const places = [...snapshot.channels, snapshot.direct];
  return places.some(({ messages }) => messages.some(({ blocks }) => blocks?.some(isCard) ?? false));
}

/** @param {BlockShown} block */
function isCard(block) {
  const elements = block.type === 'actions' && Array.isArray(block.elements) ? block.elements : [];
  return elements.some((element) => OF_A_REQUEST.test(String(element?.action_id ?? '')));
}
