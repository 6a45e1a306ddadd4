// @ts-check
// Questions to the snapshot: which conversation is open, what is new in it, who is who. Pure.

/**
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').Snapshot} Snapshot
 * @typedef {import('./state.js').ConversationShown} ConversationShown
 * @typedef {import('./state.js').MessageShown} MessageShown
 * @typedef {import('./state.js').PersonShown} PersonShown
 * @typedef {MessageShown & { readonly replies?: readonly MessageShown[] }} Row
 */

/** @param {Snapshot} snapshot @param {string} id @returns {ConversationShown | undefined} */
export function conversation(snapshot, id) {
  return id === snapshot.direct.id ? snapshot.direct : snapshot.channels.find((channel) => channel.id === id);
}

/** The conversation in the middle, when the middle shows one. @param {State} state @returns {ConversationShown | undefined} */
export function openConversation(state) {
  if (!state.snapshot || !state.place) return undefined;
  if (state.place.view === 'messages') return state.snapshot.direct;
  return state.place.view === 'channel' ? conversation(state.snapshot, state.place.channel) : undefined;
}

/** Everything in the middle, the private ones among the others, oldest first. @param {ConversationShown} place @returns {readonly Row[]} */
export function rowsOf(place) {
  const whispers = place.ephemerals.filter((message) => message.thread_ts === undefined);
  return [...place.messages, ...whispers].sort(byTs);
}

/** @param {ConversationShown} place @param {string} ts @returns {{ readonly root: Row | undefined, readonly replies: readonly Row[] }} */
export function threadOf(place, ts) {
  const root = place.messages.find((message) => message.ts === ts);
  const whispers = place.ephemerals.filter((message) => message.thread_ts === ts);
  return { root, replies: [...(root?.replies ?? []), ...whispers].sort(byTs) };
}

/** @param {MessageShown} a @param {MessageShown} b */
function byTs(a, b) {
  return Number(a.ts) - Number(b.ts);
}

/**
 * @param {ConversationShown} place @param {string} seen the last ts that was on screen @param {string} me
 * @returns {{ readonly count: number, readonly replies: boolean }} `replies`: only threads have something new
 */
export function unread(place, seen, me) {
  const fresh = (/** @type {MessageShown} */ message) => Number(message.ts) > Number(seen) && message.user !== me;
  return {
    count: rowsOf(place).filter(fresh).length,
    replies: place.messages.some((message) => message.replies.some(fresh)),
  };
}

/** @param {ConversationShown} place @returns {string} ts of the newest thing in it, `0` when empty */
export function newest(place) {
  const all = [...place.messages.flatMap((m) => [m, ...m.replies]), ...place.ephemerals];
  return all.reduce((last, { ts }) => (Number(ts) > Number(last) ? ts : last), '0');
}

/** @param {Snapshot} snapshot @param {string} id @returns {PersonShown | undefined} */
export function personOf(snapshot, id) {
  return snapshot.people.find((person) => person.id === id);
}

/** @param {Snapshot} snapshot @param {string} id */
export function nameOf(snapshot, id) {
  if (id === 'USLACKBOT') return 'Workspace';
  const person = personOf(snapshot, id);
  return person ? person.realName || person.name : 'Somebody unknown';
}

/** People one can act as. @param {Snapshot} snapshot */
export function actors(snapshot) {
  return snapshot.people.filter((person) => !person.isBot && person.id !== snapshot.app.botUserId);
}
