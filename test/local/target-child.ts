// A process that starts the demo target in the folder it is given, says where it is, and waits to be ended.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startLocalTarget } from '../../src/local/target.ts';

let folder = process.argv[2] ?? '';
const quiet = (): void => undefined;
const info = (_: string, facts?: Readonly<Record<string, unknown>>): void => {
  folder = String(facts?.folder ?? folder);
};
const target = await startLocalTarget({
  dataDir: folder,
  log: { debug: quiet, info, warn: quiet, error: quiet },
  people: [{ login: 'mia' }, { login: 'ana' }],
});
process.stdin.resume();
process.on('SIGTERM', () => void target.stop().then(() => process.exit(0)));
// Leaves without an orderly stop, as after an error that nobody caught.
process.on('SIGUSR2', () => process.exit(1));
const pid = Number.parseInt(readFileSync(join(folder, 'cluster', 'postmaster.pid'), 'utf8'), 10);
console.log(JSON.stringify({ url: target.url, pid, folder }));
