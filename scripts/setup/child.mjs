// Runs another program to its end and passes our signals on to it.
// Never spawnSync: it would keep a Ctrl-C waiting until the child is done, and a killed install would look like a failed one.
import { spawn } from 'node:child_process';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const PARENT_EVERY_MS = 1_000;

/**
 * Resolves when the program has ended: `code` or `signal` say how, `stoppedBy` names a signal that we were sent meanwhile.
 * Rejects only when the program could not be started. `kill: true` answers a signal with kill -9, for work that is
 * repaired anyway (npm goes on for seconds after a Ctrl-C).
 */
export function runChild(file, args, { kill = false, ...options }) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, options);
    let stoppedBy;
    const passOn = (signal) => {
      stoppedBy = signal;
      if (kill) child.kill('SIGKILL');
      else if (!sentByTerminal(signal)) child.kill(signal);
    };
    const unlisten = listen(passOn);
    const watch = watchParent(() => child.kill('SIGTERM'));
    const done = () => {
      unlisten();
      clearInterval(watch);
    };
    child.once('error', (error) => {
      done();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      done();
      resolve({ code, signal, stoppedBy });
    });
  });
}

function listen(handler) {
  for (const signal of SIGNALS) process.on(signal, handler);
  return () => {
    for (const signal of SIGNALS) process.off(signal, handler);
  };
}

// `kill` of npm ends npm and the shell between npm and us, and tells us nothing: without this the program would run on,
// unseen, with its port and its lease taken.
function watchParent(gone) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    gone();
  }, PARENT_EVERY_MS);
  if (process.env.npm_lifecycle_event === undefined) clearInterval(timer); // started directly: by nohup, a supervisor
  return timer;
}

// Ctrl-C in a terminal reaches the whole process group, the child included; a second copy would read as "stop at once".
function sentByTerminal(signal) {
  return signal === 'SIGINT' && [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
}

/** Ends this process the way a child ended, so that our parent sees what it would have seen of the child. */
export function endLike({ code, signal }) {
  if (signal) process.kill(process.pid, signal);
  else process.exitCode = code ?? 1;
}
