// What the set-up tells people: progress on stderr (stdout belongs to the program that is started), and its one error.

const started = performance.now();

/** A progress line, with the seconds since the set-up began. */
export function say(message) {
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stderr.write(`[setup] ${seconds.padStart(5)} s  ${message}\n`);
}

/** The set-up cannot go on. `message` names what is wrong and the remedy; `signal` is there when somebody stopped us. */
export class SetupStopped extends Error {
  constructor(message, signal) {
    super(message);
    this.name = 'SetupStopped';
    this.signal = signal;
  }
}
