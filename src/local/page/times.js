// @ts-check
// Times as people read them: in the reader's own zone (from the chat profile), 24 hours, with relative words.
// Pure: the time now is always handed in.

const LOCALE = 'en-GB';
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** @type {Readonly<Record<string, Intl.DateTimeFormatOptions>>} */
const SHAPES = {
  time: { hour: '2-digit', minute: '2-digit' },
  time_secs: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  date_num: { year: 'numeric', month: '2-digit', day: '2-digit' },
  date: { year: 'numeric', month: 'long', day: 'numeric' },
  date_short: { year: 'numeric', month: 'short', day: 'numeric' },
  date_long: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' },
  day: { weekday: 'long', month: 'long', day: 'numeric' },
};
/** `en-CA` writes ISO dates, which is what Slack's {date_num} is. */
const LOCALE_OF = /** @type {Readonly<Record<string, string>>} */ ({ date_num: 'en-CA' });

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/** @param {string} shape @param {string} zone */
function formatOf(shape, zone) {
  const key = `${shape} ${zone}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(LOCALE_OF[shape] ?? LOCALE, { ...SHAPES[shape], timeZone: knownZone(zone) });
  formats.set(key, made);
  return made;
}

/** A zone this browser does not know must not stop the page. @param {string} zone */
function knownZone(zone) {
  try {
    return new Intl.DateTimeFormat(LOCALE, { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}

/** @param {number} ms @param {string} shape one of SHAPES @param {string} zone @returns {string} */
export function shown(ms, shape, zone) {
  return formatOf(shape, zone).format(ms);
}

/** `Sunday 22 November 2026, 14:05:33 (Europe/Berlin)`. @param {number} ms @param {string} zone */
export function inFull(ms, zone) {
  return `${shown(ms, 'date_long', zone)}, ${shown(ms, 'time_secs', zone)} (${zone})`;
}

/** Slack's ts is unix seconds with microseconds. @param {string} ts */
export function msOf(ts) {
  return Math.round(Number(ts) * 1_000);
}

/** @param {number} ms @param {number} now @returns {string} `just now`, `3 min ago`, `in 2 h` */
export function relative(ms, now) {
  const away = Math.abs(now - ms);
  if (away < MINUTE_MS) return ms > now + 5_000 ? 'in less than a minute' : 'just now';
  const words =
    away < HOUR_MS
      ? `${Math.round(away / MINUTE_MS)} min`
      : away < DAY_MS
        ? `${Math.round(away / HOUR_MS)} h`
        : `${Math.round(away / DAY_MS)} d`;
  return ms > now ? `in ${words}` : `${words} ago`;
}

/** @param {number} ms @param {number} now @param {string} zone @returns {string} `Today`, `Yesterday`, `Friday, 20 November` */
export function dayWord(ms, now, zone) {
  const day = shown(ms, 'date_num', zone);
  if (day === shown(now, 'date_num', zone)) return 'Today';
  if (day === shown(now - DAY_MS, 'date_num', zone)) return 'Yesterday';
  if (day === shown(now + DAY_MS, 'date_num', zone)) return 'Tomorrow';
  return shown(ms, 'day', zone);
}

/** What is left until the end: `12:04`, `1:02:09`, never below zero. @param {number} leftMs */
export function countdown(leftMs) {
  const seconds = Math.max(0, Math.ceil(leftMs / 1_000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const tail = `${String(minutes).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}

/**
 * Slack's `<!date^…>` template.
 * https://docs.slack.dev/messaging/formatting-message-text#date-formatting
 * @param {string} template @param {number} ms @param {string} zone @param {number} now
 */
export function filledDate(template, ms, zone, now) {
  return template.replace(/\{([a-z_]+)\}/g, (whole, name) => datePart(name, ms, zone, now) ?? whole);
}

/** @param {string} name @param {number} ms @param {string} zone @param {number} now @returns {string | undefined} */
function datePart(name, ms, zone, now) {
  if (name === 'ago') return relative(ms, now);
  if (name.endsWith('_pretty')) return prettyDate(name.slice(0, -'_pretty'.length), ms, zone, now);
  return name === 'day' || !(name in SHAPES) ? undefined : shown(ms, name, zone);
}

/** @param {string} name @param {number} ms @param {string} zone @param {number} now */
function prettyDate(name, ms, zone, now) {
  const word = dayWord(ms, now, zone);
  if (word === 'Today' || word === 'Yesterday' || word === 'Tomorrow') return word.toLowerCase();
  return shown(ms, name in SHAPES ? name : 'date', zone);
}
