// @ts-check
// Which addresses may become a link. Everything a bot or a person writes passes here before it is an `href`:
// `javascript:`, `data:` and friends must never be reachable by a click.

const SCHEMES = new Set(['https:', 'http:', 'mailto:']);
const OWN_FILE = /^\/local\/files\/[A-Za-z0-9_-]+\?as=[A-Za-z0-9_-]+$/;
const OWN_PLACE = /^#[A-Za-z0-9_./?=:-]*$/;

/**
 * @param {string} address as written; leading blanks and control characters are what attackers hide schemes behind
 * @returns {boolean}
 */
export function isSafeUrl(address) {
  if (OWN_FILE.test(address) || OWN_PLACE.test(address)) return true;
  if (!URL.canParse(address)) return false;
  return SCHEMES.has(new URL(address).protocol);
}
