// Compares the tree, as it grows, with the heads that were signed. Judges only at the end: whether a head that does not fit is of a
// stretch that was lost, and told so, is known when the whole log was read. Must not look at leaves.
import type { Finding } from './finding.ts';
import type { Hash } from './merkle.ts';
import type { SignedRoot, SignedRoots } from './signed-roots.ts';
import type { LossBook } from './told-loss.ts';

export interface HeadCheck {
  /** The tree has come to this size. `root` is called only when somebody signed for it. */
  reached(size: number, root: () => Hash): void;
  /** The largest size so far whose root was signed. */
  proven(): number;
  /** The log ends at this size. */
  finish(end: number): readonly Finding[];
}

/** Heads of one size, of which at least one does not fit. */
interface Misfit {
  readonly code: 'checkpoint_root_differs' | 'checkpoint_beyond_log';
  readonly index: number;
  readonly size: number;
  readonly heads: readonly SignedRoot[];
  /** What the leaves give. */
  readonly root?: Hash;
}

export function openHeadCheck(roots: SignedRoots, losses: LossBook): HeadCheck {
  const pending = new Map(roots);
  const misfits: Misfit[] = [];
  let proven = 0;
  return {
    reached(size, rootNow) {
      const heads = pending.get(size);
      if (heads === undefined) return;
      pending.delete(size);
      const root = rootNow();
      if (heads.some((head) => head.root !== root))
        misfits.push({ code: 'checkpoint_root_differs', index: proven, size, heads, root });
      const fitting = heads.find((head) => head.root === root);
      if (fitting === undefined) return;
      proven = size;
      losses.fits(fitting);
    },
    proven: () => proven,
    finish(end) {
      const never = [...pending].map(([size, heads]): Misfit => {
        // A smaller size that was never reached lies in a gap.
        if (size > end) return { code: 'checkpoint_beyond_log', index: end, size, heads };
        return { code: 'checkpoint_root_differs', index: proven, size, heads };
      });
      return [...misfits, ...never].flatMap((misfit) => judge(misfit, losses));
    },
  };
}

function judge({ code, index, size, heads, root }: Misfit, losses: LossBook): readonly Finding[] {
  const counted = heads.filter((head) => head.root === root || !losses.excuses(size, head));
  const forks = counted
    .slice(1)
    .map(({ checkpoint }): Finding => ({ code: 'checkpoint_fork', index: 0, end: size, checkpoint }));
  const wrong = counted
    .filter((head) => head.root !== root)
    .map(({ checkpoint }): Finding => ({ code, index, end: size, checkpoint }));
  return [...forks, ...wrong];
}
