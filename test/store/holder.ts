// A process of its own that opens a store, says its id, and keeps it until it is ended; or says why it could not. Started by sqlite-lock.test.ts.
import { writeSync } from 'node:fs';
import { systemClock, systemIds } from '../../src/lib/system-clock.ts';
import { openStore, StoreError } from '../../src/store/open-store.ts';
import { quiet } from '../contracts/store-bench.ts';

const [, , file = ''] = process.argv;
try {
  const store = await openStore(`sqlite:${file}`, { clock: systemClock, ids: systemIds, log: quiet });
  writeSync(1, `${store.deploymentId}\n`);
  process.stdin.on('end', () => process.exit()).resume();
} catch (error) {
  if (!(error instanceof StoreError)) throw error;
  writeSync(1, `${error.code}\n`);
}
