// One set-up at a time: `npm start` and `npm test` may begin together in one folder.
// The lock names its owner; a lock whose owner is dead, or has not moved its mark for a minute (another machine, a pid
// that was given to somebody else), is taken over.
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './say.mjs';

const LOOK_EVERY_MS = 250;
const MARK_EVERY_MS = 5_000;
// Counted in looks and not in clock time: a laptop that slept must not take a living owner's lock.
const SILENT_LOOKS = 60_000 / LOOK_EVERY_MS;

/** Waits for the lock and returns the function that gives it back. */
export async function takeLock(path) {
  const mine = `${process.pid} ${hostname()} ${performance.timeOrigin}`;
  let told = false;
  let seen = { mark: undefined, looks: 0 };
  while (!create(path, mine)) {
    const lock = read(path);
    if (!lock) continue;
    seen = { mark: lock.mark, looks: lock.mark === seen.mark ? seen.looks + 1 : 0 };
    if (isDead(lock.text) || seen.looks >= SILENT_LOOKS) removeStale(path, lock.text);
    else {
      if (!told) say(`waiting for the set-up of process ${lock.text.split(' ')[0] || '(unknown)'}`);
      told = true;
      await sleep(LOOK_EVERY_MS);
    }
  }
  return hold(path, mine);
}

function create(path, text) {
  try {
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function read(path) {
  try {
    return { text: readFileSync(path, 'utf8'), mark: statSync(path).mtimeMs };
  } catch {
    return undefined; // given back between our two looks
  }
}

function isDead(text) {
  const [pid, host] = text.split(' ');
  if (!pid || host !== hostname()) return false; // not fully written yet, or a process that cannot be seen from here
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

// Two may find the same dead lock. The rename gives it to one of them; the other may catch the winner's new lock, and puts it back.
function removeStale(path, text) {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    if (readFileSync(aside, 'utf8') !== text) linkSync(aside, path);
  } catch {
    // another one was quicker: the next look shows what is there now
  }
  rmSync(aside, { force: true });
}

function hold(path, mine) {
  const mark = setInterval(() => touch(path), MARK_EVERY_MS).unref();
  return () => {
    clearInterval(mark);
    if (read(path)?.text === mine) rmSync(path, { force: true });
  };
}

function touch(path) {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // removed by hand: nothing to mark
  }
}
