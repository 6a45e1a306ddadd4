// What is to be run: which cases over which target and store.
import { CASES, type FaultCase, nameOf, sampled } from './cases.ts';
import type { StoreBench } from './store-bench.ts';
import { SUBJECTS, type SubjectName } from './subjects.ts';

export interface Planned {
  readonly subject: SubjectName;
  readonly store: StoreBench['name'];
  readonly cases: readonly FaultCase[];
}
/** Every how manieth case is whose. */
export interface Share {
  readonly at: number;
  readonly of: number;
}

const STORES = ['sqlite', 'postgres'] as const;
/** Of the cases over PostgreSQL as the store, each of which takes several times as long. */
const ON_POSTGRES = 200;
const SEED = 20_261_122;

export function planOf(env: { readonly [name: string]: string | undefined }): readonly Planned[] {
  const wanted = env['HALLPASS_FAULT'];
  if (wanted) return planOfSome(wanted);
  const onPostgres = sampled(Number(env['HALLPASS_FAULTS_ON_POSTGRES'] ?? ON_POSTGRES), SEED);
  const plan = SUBJECTS.flatMap((subject): Planned[] => [
    { subject, store: 'sqlite', cases: CASES },
    { subject, store: 'postgres', cases: onPostgres },
  ]);
  return plan.filter(({ cases }) => cases.length > 0);
}

/** `postgres M3 G4.after reply_lost` is one case, `postgres M3` many; with ` on postgres` PostgreSQL is the store as well. */
function planOfSome(wanted: string): readonly Planned[] {
  const [text = '', on = 'sqlite'] = wanted.split(' on ');
  const [target, ...rest] = text.trim().split(/\s+/);
  const subject = SUBJECTS.find((one) => one === target);
  const store = STORES.find((one) => one === on);
  const beginning = rest.join(' ');
  const cases = CASES.filter((one) => beginning === '' || /^(?:$|[ .])/.test(without(nameOf(one), beginning)));
  if (subject && store && cases.length > 0) return [{ subject, store, cases }];
  throw new Error(`HALLPASS_FAULT is a target (${SUBJECTS.join(', ')}) and a case: "postgres M3 G4.after reply_lost"`);
}

function without(name: string, beginning: string): string {
  return name.startsWith(beginning) ? name.slice(beginning.length) : '-';
}

export function fullName({ subject, store }: Planned, one: FaultCase): string {
  return `${subject} ${nameOf(one)}${store === 'sqlite' ? '' : ` on ${store}`}`;
}

export function shareOf(text: string | undefined): Share | undefined {
  const [at, of] = (text ?? '').split('/').map(Number);
  return at === undefined || of === undefined ? undefined : { at, of };
}
