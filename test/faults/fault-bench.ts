// What the matrix needs of an adapter's bench besides the contract's: a target that can begin again, and one that can do
// a call by halves.
import type { GrantOrder, RevokeOrder } from '../../src/ports/grant-adapter.ts';
import type { AdapterBench } from '../contracts/grant-adapter-bench.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface FaultBench<Config, Target> extends AdapterBench<Config, Target> {
  /** A new case begins: nobody has anything, nothing is remembered, and time is this. */
  beginAgain?(time: VirtualTime): Promise<void>;
  /** Says that it has taken access back, or that there is none, and has not done it: as good as no answer. */
  readonly isNasty?: true;
  /** Does half of the call, where this target has calls of several steps. */
  half?: {
    grant?(order: GrantOrder<Target>): Promise<void>;
    revoke?(order: RevokeOrder<Target>): Promise<void>;
  };
}
