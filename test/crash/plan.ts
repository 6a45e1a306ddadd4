// Which lives are tried: each ending with each trouble of the target, stopped at every point where it makes a difference,
// or at a sample of them that is the same in every run.
import type { Outcome } from '../fakes/fake-script.ts';
import { broken } from './laws.ts';
import { type Crash, type LifeOptions, live, type Trouble } from './life.ts';

const MINUTE_MS = 60_000;

function times(count: number, outcome: Outcome): readonly Outcome[] {
  return Array.from({ length: count }, () => outcome);
}

export const TROUBLES: readonly Trouble[] = [
  { name: 'grant: reply lost', call: 'grant', outcomes: [{ kind: 'reply_lost' }] },
  { name: 'grant: timed out, not applied', call: 'grant', outcomes: times(2, { kind: 'timed_out' }) },
  { name: 'grant: refused', call: 'grant', outcomes: times(9, { kind: 'refused' }) },
  { name: 'grant: busy', call: 'grant', outcomes: times(2, { kind: 'busy', retryAfterSeconds: 40 }) },
  { name: 'grant: half done', call: 'grant', outcomes: [{ kind: 'partial' }] },
  { name: 'grant: applied late', call: 'grant', outcomes: times(20, { kind: 'applied_late', ms: 4 * MINUTE_MS }) },
  { name: 'grant: accepted', call: 'grant', outcomes: times(5, { kind: 'accepted', polls: 3 }) },
  {
    name: 'grant: stale read-back',
    call: 'grant',
    outcomes: times(3, { kind: 'stale', ms: 30_000 }),
    settleSeconds: 30,
  },
  {
    name: 'down for 10 minutes from the grant on',
    call: 'grant',
    outcomes: [{ kind: 'unreachable' }],
    lastsMs: 10 * MINUTE_MS,
  },
  { name: 'revoke: reply lost', call: 'revoke', outcomes: times(2, { kind: 'reply_lost' }) },
  { name: 'revoke: timed out, not applied', call: 'revoke', outcomes: times(3, { kind: 'timed_out' }) },
  { name: 'revoke: refused', call: 'revoke', outcomes: times(4, { kind: 'refused' }) },
  { name: 'revoke: busy', call: 'revoke', outcomes: times(2, { kind: 'busy', retryAfterSeconds: 20 }) },
  { name: 'revoke: half done', call: 'revoke', outcomes: times(2, { kind: 'partial' }) },
  {
    name: 'revoke: stale read-back',
    call: 'revoke',
    outcomes: times(3, { kind: 'stale', ms: 30_000 }),
    settleSeconds: 30,
  },
  { name: 'inspect: cannot tell', call: 'inspect', outcomes: times(4, { kind: 'unknown' }) },
  {
    name: 'revoke: down for 10 minutes',
    call: 'revoke',
    outcomes: [{ kind: 'unreachable' }],
    lastsMs: 25 * MINUTE_MS,
  },
];

export interface Tried {
  lives: number;
  crashes: number;
  calls: number;
  readonly violations: string[];
}

/** Lives of one kind: one that nothing stops, then one for each chosen point. */
export async function tryLives(options: LifeOptions, choose: <T>(points: readonly T[]) => readonly T[], tried: Tried) {
  const { effects, calls } = await one(options, tried);
  const points = effects.map(
    (at, index): Crash => (index % 2 === 0 ? { at, when: 'after' } : { at: at + 1, when: 'before' }),
  );
  const start: Crash = { at: 1, when: 'before' };
  tried.calls += calls;
  for (const crash of choose([start, ...points])) await one({ ...options, crash }, tried);
}

async function one(options: LifeOptions, tried: Tried) {
  const lived = await live(options);
  const mayComeLate = options.trouble?.outcomes.some(({ kind }) => kind === 'applied_late') ?? false;
  // Of the pass, if it was in doubt: it is looked at once more the next day.
  const found = [...lived.violations, ...(await broken(lived.world, mayComeLate, 1))];
  await lived.world.close();
  tried.lives += 1;
  tried.crashes += lived.crashed ? 1 : 0;
  tried.violations.push(...found.map((what) => `${nameOf(options)}: ${what}`));
  return lived;
}

export function nameOf({ ending, had, trouble, crash, sessions, expiresItself }: LifeOptions): string {
  const parts = [
    ending,
    had && `had it ${had}`,
    trouble?.name,
    sessions === 'ended' && 'sessions',
    expiresItself && 'expires itself',
    crash && `stopped ${crash.when} call ${crash.at}`,
  ];
  return parts.filter((part) => part).join(', ');
}
