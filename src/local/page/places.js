// @ts-check
// Where the page is, as the address after `#`: reload, Back and a second tab as another person just work.
// `#/U0MIA/channel/C0ACCESS?thread=C0ACCESS:1732.0001`. Pure but for the two functions that touch the address.

/**
 * @typedef {import('./state.js').Place} Place
 * @typedef {import('./state.js').Thread} Thread
 * @typedef {{ readonly me?: string, readonly place?: Place, readonly thread?: Thread }} Address
 */

const ADDRESS =
  /^#\/([A-Z0-9_]+)(?:\/(?:channel\/([A-Z0-9_]+)|(home|messages|target)))?(?:\?thread=([A-Z0-9_]+):([0-9.]+))?$/;

/** @param {string} hash @returns {Address} */
export function readAddress(hash) {
  const [, me, channel, view, threadChannel, ts] = ADDRESS.exec(hash) ?? [];
  if (!me) return {};
  return {
    me,
    ...(channel ? { place: { view: 'channel', channel } } : {}),
    ...(view === 'home' || view === 'messages' || view === 'target' ? { place: { view } } : {}),
    ...(threadChannel && ts ? { thread: { channel: threadChannel, ts } } : {}),
  };
}

/** @param {Address} address */
export function writeAddress({ me, place, thread }) {
  const where = place ? `/${place.view}${place.view === 'channel' ? `/${place.channel}` : ''}` : '';
  const aside = thread ? `?thread=${thread.channel}:${thread.ts}` : '';
  return `#/${me ?? ''}${where}${aside}`;
}

/** @param {Place | undefined} a @param {Place | undefined} b */
export function samePlace(a, b) {
  return writeAddress({ ...(a ? { place: a } : {}) }) === writeAddress({ ...(b ? { place: b } : {}) });
}
