// @ts-check
// The five steps of the newcomer's story: their words, and where the button of each leads.
import { actors } from './conversations.js';
import { cardsIn } from './milestones.js';
import { go, openThread, switchTo } from './navigate.js';
import { hintOf } from './people.js';
import { firstPlace } from './refresh.js';

/**
 * @typedef {import('./state.js').Snapshot} Snapshot
 * @typedef {import('./state.js').PersonShown} PersonShown
 * @typedef {import('./state.js').Place} Place
 * @typedef {typeof import('./milestones.js').STEPS[number]} StepId
 * @typedef {{ readonly id: StepId, readonly title: string, readonly text: string, readonly button: string, readonly go: () => void }} Step
 */

/** @param {Snapshot} snapshot @returns {readonly Step[]} */
export function stepsOf(snapshot) {
  const asker = somebody(snapshot, /asks/);
  const approver = somebody(snapshot, /approves/);
  return [ask(snapshot, asker), approve(snapshot, approver), use(snapshot, asker), end(), read(snapshot)];
}

/** @param {Snapshot} snapshot @param {RegExp} hint @returns {PersonShown} */
function somebody(snapshot, hint) {
  return actors(snapshot).find((person) => hint.test(hintOf(person))) ?? snapshot.me;
}

/** @param {PersonShown} person */
function firstName(person) {
  return person.realName.split(' ')[0] ?? person.realName;
}

/** @param {Snapshot} snapshot @param {PersonShown} person @param {Place} place */
function as(snapshot, person, place) {
  return () => (person.id === snapshot.me.id ? go(place) : void switchTo(person.id, { place }));
}

/** @param {Snapshot} snapshot @param {PersonShown} asker @returns {Step} */
function ask(snapshot, asker) {
  const name = firstName(asker);
  const command = snapshot.app.commands[0]?.command ?? '/jit';
  const here = asker.id === snapshot.me.id;
  return {
    id: 'asked',
    title: `Ask as ${name}`,
    text: `${here ? `You are ${name}. Type` : `Be ${name} and type`} ${command} in a channel, press Enter, and send the form.`,
    button: here ? 'Go to the channel' : `Be ${name}`,
    go: as(snapshot, asker, firstPlace(snapshot)),
  };
}

/** @param {Snapshot} snapshot @param {PersonShown} approver @returns {Step} */
function approve(snapshot, approver) {
  const name = firstName(approver);
  const here = approver.id === snapshot.me.id;
  return {
    id: 'approved',
    title: `Approve as ${name}`,
    text: `${here ? `You are ${name}. Find` : `Be ${name}, find`} the card and press Approve. Nobody approves their own request.`,
    button: here ? 'Go to the card' : `Be ${name}`,
    go: as(snapshot, approver, reviewPlace(snapshot, approver)),
  };
}

/** @param {Snapshot} snapshot @param {PersonShown} asker @returns {Step} */
function use(snapshot, asker) {
  return {
    id: 'connected',
    title: 'Use the pass',
    text: `As ${firstName(asker)}, run a query. Before the pass the database refused it.`,
    button: 'Open the target',
    go: as(snapshot, asker, { view: 'target' }),
  };
}

/** @returns {Step} */
function end() {
  return {
    id: 'ended',
    title: 'Watch it end',
    text: 'Wait for the deadline or press Return on the card: the database takes the role back and ends the session.',
    button: 'Watch the target',
    go: () => go({ view: 'target' }),
  };
}

/** @param {Snapshot} snapshot @returns {Step} */
function read(snapshot) {
  const last = cardsIn(snapshot)
    .filter(({ message }) => message.replies.length > 0)
    .sort((a, b) => Number(a.message.ts) - Number(b.message.ts))
    .at(-1);
  const follow = () => {
    if (!last) return go(firstPlace(snapshot));
    go({ view: 'channel', channel: last.channel });
    openThread({ channel: last.channel, ts: last.message.ts });
  };
  return {
    id: 'read',
    title: 'Read the thread',
    text: 'Under the card: who, what, when, why it ended, and that the target was looked at afterwards.',
    button: 'Open the thread',
    go: follow,
  };
}

/** Where the approver finds the card. @param {Snapshot} snapshot @param {PersonShown} approver @returns {Place} */
function reviewPlace(snapshot, approver) {
  const theirs = snapshot.channels.filter(({ members }) => members.includes(approver.id));
  const cards = cardsIn(snapshot).map(({ channel }) => channel);
  const channel =
    theirs.find(({ id }) => cards.includes(id)) ?? theirs.find(({ name }) => /review|approv|access/.test(name));
  return channel ? { view: 'channel', channel: channel.id } : firstPlace(snapshot);
}
