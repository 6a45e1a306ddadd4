// One case of the matrix by its name, and all of them. What a case does besides (how the pass ends, when a zombie wakes) is
// settled by the case itself, so that a name is enough to have it again.
import { OUTCOMES, type OutcomeName } from './outcomes.ts';
import { POINTS, type PointName } from './points.ts';

/**
 * M1 the replica that stopped starts again; M2 another one takes over and the first stays dead; M3 another one takes over
 * and the first comes back as a zombie, in the middle of its call; M4 the store is put back to the last signed head that was
 * seen outside, and another one starts on that.
 */
const RESTARTS = ['M1', 'M2', 'M3', 'M4'] as const;
type RestartName = (typeof RESTARTS)[number];

export interface FaultCase {
  readonly point: PointName;
  readonly outcome: OutcomeName;
  readonly restart: RestartName;
}

export const CASES: readonly FaultCase[] = RESTARTS.flatMap((restart) =>
  POINTS.flatMap((point) => OUTCOMES.map((outcome) => ({ point, outcome, restart }))),
);

export function nameOf({ restart, point, outcome }: FaultCase): string {
  return `${restart} ${point} ${outcome}`;
}

/** Whatever else can be one way or the other in a case; over all cases each meets everything. */
export interface Turns {
  /** The pass is given back, or runs to its deadline. */
  readonly ending: 'returned' | 'deadline';
  /** The holder gives it back at once, while it is still being given. */
  readonly impatient: boolean;
  /** The zombie wakes while the other is still at it, or when all is over. */
  readonly wakes: 'soon' | 'late';
  /** What is carried out late is so one minute late, or ten. */
  readonly lateBy: 'one' | 'ten';
  /** The machine's clock is an hour back after the restart (threat E02). */
  readonly clockBack: boolean;
  /** Which signed head the store is put back to; it is the one before the last where nothing else would tell of it. */
  readonly rollBackTo: 'last head' | 'head before';
  /** Somebody gave the same access by hand before the first look; it is taken by hand later, and asked for again. */
  readonly byHand: boolean;
}

export function turnsOf({ point, outcome, restart }: FaultCase): Turns {
  const at = POINTS.indexOf(point) + OUTCOMES.indexOf(outcome);
  const [odd, third] = [at % 2 === 1, Math.floor(at / 2) % 2 === 1];
  const isGiving = point.startsWith('G');
  return {
    ending: odd ? 'returned' : 'deadline',
    impatient: odd && third && isGiving,
    wakes: third ? 'soon' : 'late',
    lateBy: third ? 'one' : 'ten',
    clockBack: !odd && restart === 'M1' && !isGiving,
    rollBackTo: odd ? 'last head' : 'head before',
    byHand: point.startsWith('G2') && third,
  };
}

/** Has no factor in common with the number of cases, so that steps of this size come by all of them. */
const STRIDE = 611;

/** So many cases, spread over all of them; others with another seed. */
export function sampled(count: number, seed: number): readonly FaultCase[] {
  const indexes = Array.from({ length: Math.min(count, CASES.length) }, (_, at) => (seed + at * STRIDE) % CASES.length);
  return indexes.flatMap((index) => CASES[index] ?? []);
}
