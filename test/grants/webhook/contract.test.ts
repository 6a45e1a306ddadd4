// The webhook adapter keeps the adapter contract, against a real HTTP receiver.
import { grantAdapterContract } from '../../contracts/grant-adapter.ts';
import { faultMatrix } from '../../faults/fault-matrix.ts';
import { webhookFaultBench } from '../../faults/subjects.ts';
import { webhookBench } from './bench.ts';

grantAdapterContract('webhook', webhookBench);
grantAdapterContract('webhook to a receiver that works in its own time and hands out a secret', async () => {
  const bench = await webhookBench();
  bench.receiver.worksInItsOwnTime(3);
  bench.receiver.handsOut({ password: 'canary-handed-out' });
  return bench;
});
faultMatrix('webhook', webhookFaultBench);
