// All cases of the adapter contract, as data: the contract runs them as tests, and grant-adapter.teeth.test.ts runs them
// against adapters that are wrong on purpose, to prove that each of them can fail.
import type { AdapterBench } from './grant-adapter-bench.ts';
import { edgeCases } from './grant-adapter-edges.ts';
import { lifeCases } from './grant-adapter-life.ts';

export interface AdapterCase<Config, Target> {
  readonly name: string;
  run(bench: AdapterBench<Config, Target>): Promise<void>;
}

export function grantAdapterCases<Config, Target>(): readonly AdapterCase<Config, Target>[] {
  return [...lifeCases<Config, Target>(), ...edgeCases<Config, Target>()];
}
