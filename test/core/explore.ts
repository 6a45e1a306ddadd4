// Walks everything that can be reached: from a first node by all moves, until no new kind of node turns up. Two nodes are
// of one kind when their keys are the same; the first of a kind stands for all.
import type { Decision } from '../../src/core/decision.ts';
import type { RefusalCode } from '../../src/core/refusal.ts';

export interface Explored<Node> {
  readonly nodes: ReadonlyMap<string, Node>;
  readonly moves: number;
  /** Kinds from which no node that is `over` can be reached. */
  readonly stuck: readonly string[];
}

export interface World<Node, Move> {
  readonly first: Node;
  keyOf(node: Node): string;
  movesFrom(node: Node): readonly Move[];
  /** Where the move leads, after everything that must hold was looked at; `undefined` when it leads nowhere. */
  step(node: Node, move: Move): Node | undefined;
  isOver(node: Node): boolean;
}

/** A runaway key is a mistake in the key: better a clear end than a machine without memory. */
const NODES_MAX = 200_000;

export function explore<Node, Move>(world: World<Node, Move>): Explored<Node> {
  const nodes = new Map([[world.keyOf(world.first), world.first]]);
  const into = new Map<string, Set<string>>();
  const waiting = [world.first];
  let moves = 0;
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const from = world.keyOf(node);
    for (const move of world.movesFrom(node)) {
      moves += 1;
      const next = world.step(node, move);
      if (next === undefined) continue;
      const key = world.keyOf(next);
      into.set(key, (into.get(key) ?? new Set()).add(from));
      if (nodes.has(key)) continue;
      nodes.set(key, next);
      waiting.push(next);
      if (nodes.size > NODES_MAX) throw new Error(`more than ${NODES_MAX} kinds: the last is ${key}`);
    }
  }
  const over = [...nodes].filter(([, node]) => world.isOver(node)).map(([key]) => key);
  const ending = reaching(over, into);
  return { nodes, moves, stuck: [...nodes.keys()].filter((key) => !ending.has(key)) };
}

/** All kinds from which one of the ends can be reached. */
function reaching(ends: readonly string[], into: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
  const found = new Set(ends);
  const waiting = [...ends];
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    for (const from of into.get(key) ?? []) {
      if (found.has(from)) continue;
      found.add(from);
      waiting.push(from);
    }
  }
  return found;
}

/** How `now` lies to an instant that matters, to the half second on which the threats turn. */
export function near(now: number, instant: number | undefined): string {
  if (instant === undefined) return '-';
  const past = now - instant;
  if (past === 0) return '0';
  const side = past < 0 ? '<' : '>';
  return Math.abs(past) <= 500 ? side : Math.abs(past) <= 1000 ? side.repeat(2) : side.repeat(3);
}

/** The instants around those that matter which are still to come. */
export function instantsAround(now: number, instants: readonly (number | undefined)[]): readonly number[] {
  const around = instants.flatMap((instant) =>
    instant === undefined ? [] : [instant - 1000, instant - 500, instant, instant + 500],
  );
  return [...new Set(around)].filter((instant) => instant > now);
}

/** Every name once, or it does not compile. */
export const keys = <Name extends string>(names: { readonly [name in Name]: true }) =>
  Object.keys(names).sort() as Name[];

export interface Seen {
  readonly accepted: Set<string>;
  readonly refused: Set<string>;
  readonly codes: Set<RefusalCode>;
  readonly broken: Set<string>;
}
export const nothingSeen = (): Seen => ({
  accepted: new Set(),
  refused: new Set(),
  codes: new Set(),
  broken: new Set(),
});

export function note(seen: Seen, type: string, decision: Decision): void {
  (decision.ok ? seen.accepted : seen.refused).add(type);
  if (!decision.ok) seen.codes.add(decision.refusal.code);
}
