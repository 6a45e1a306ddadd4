// "Did you mean …": the known words nearest to a mistyped one. Pure; only ever used to suggest, never to decide.

/** Longer words are cut: a suggestion for a novel is of no use, and the work stays bounded. */
const COMPARED_CHARACTERS = 64;

/** How many single-character insertions, deletions and replacements lie between two words. */
function editDistance(a: string, b: string): number {
  const left = [...a.slice(0, COMPARED_CHARACTERS)];
  const right = [...b.slice(0, COMPARED_CHARACTERS)];
  let row = right.map((_, index) => index + 1);
  left.forEach((character, line) => {
    let diagonal = line;
    let before = line + 1;
    row = right.map((other, index) => {
      const above = row[index] ?? 0;
      const cost = Math.min(above + 1, before + 1, diagonal + (character === other ? 0 : 1));
      diagonal = above;
      before = cost;
      return cost;
    });
  });
  return row.at(-1) ?? left.length;
}

/** 0 for the same word, small for a slip, `undefined` for words that have nothing to do with each other. */
export function slip(typed: string, known: string): number | undefined {
  const [a, b] = [typed.toLowerCase(), known.toLowerCase()];
  const distance = editDistance(a, b);
  if (distance <= Math.max(1, Math.floor(Math.min(a.length, b.length) / 3))) return distance;
  const begun = a.length >= 3 && (b.startsWith(a) || a.startsWith(b) || b.includes(a));
  return begun ? COMPARED_CHARACTERS + distance : undefined;
}

/** Up to `count` of the known words that `typed` may have meant, nearest first. */
export function nearest(typed: string, known: readonly string[], count: number): readonly string[] {
  return known
    .map((word) => ({ word, distance: slip(typed, word) }))
    .filter((found): found is { word: string; distance: number } => found.distance !== undefined)
    .sort((a, b) => a.distance - b.distance || (a.word < b.word ? -1 : 1))
    .slice(0, count)
    .map((found) => found.word);
}
