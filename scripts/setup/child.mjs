// Runs another program to its end and passes our signals on to it.
// Never spawnSync: it would keep a Ctrl-C waiting until the child is done, and a killed install would look like a failed one.
import { spawn } from 'node:child_process';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Resolves when the program has ended: `code` or `signal` say how, `stoppedBy` names a signal that we were sent meanwhile.
 * Rejects only when the program could not be started.
 */
export function runChild(file, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, options);
    let stoppedBy;
    const passOn = (signal) => {
      stoppedBy = signal;
      if (!sentByTerminal(signal)) child.kill(signal);
    };
    const unlisten = listen(passOn);
    child.once('error', (error) => {
      unlisten();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      unlisten();
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

// Ctrl-C in a terminal reaches the whole process group, the child included; a second copy would read as "stop at once".
function sentByTerminal(signal) {
  return signal === 'SIGINT' && [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
}

/** Ends this process the way a child ended, so that our parent sees what it would have seen of the child. */
export function endLike({ code, signal }) {
  if (signal) process.kill(process.pid, signal);
  else process.exitCode = code ?? 1;
}
