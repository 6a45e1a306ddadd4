// The oldest Node that can run this. On an older one the SQLite driver ends the process without a word (it needs Node-API 10),
// so that is said before anything is opened.

const NODE_API = 10;

/** A sentence with the remedy, or `undefined` when this Node will do. */
export function nodeProblem(versions: {
  readonly node: string;
  readonly napi?: string | undefined;
}): string | undefined {
  if (Number(versions.napi ?? 0) >= NODE_API) return undefined;
  return `Node ${versions.node} is too old for Hallpass: it needs 22.14 or newer.\n  → “npm start” and “npm run hallpass -- <command>” bring one along.`;
}
