// A target that is nasty on purpose, through a sample of the fault matrix.
import { faultMatrix } from './fault-matrix.ts';
import { nastyBench } from './nasty-bench.ts';

faultMatrix('nasty', async () => nastyBench());
