// What the ledger commits to of a posted message: the same for what we sent and for what Slack gives back of it.
import { createHash } from 'node:crypto';

/** Slack adds these to what it stores. */
const ADDED_BY_SLACK = new Set(['block_id', 'emoji', 'verbatim']);

/** SHA-256 (hex) of text and blocks, keys in order, without what Slack adds. */
export function contentHash(text: string, blocks: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([text, plainOf(blocks ?? [])]))
    .digest('hex');
}

function plainOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainOf);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .filter(([name, item]) => !ADDED_BY_SLACK.has(name) && item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, item]) => [name, plainOf(item)]);
}
