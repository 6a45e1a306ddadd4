// Work is measured in processor time of this process: a machine that is busy with something else changes nothing.

/** Milliseconds of processor time that `work` took. */
export function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
