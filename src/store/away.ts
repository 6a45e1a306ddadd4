// Whether a store that could not be opened may be there later, although nobody changes what it was asked for.
import { StoreError, type StoreFault } from './store-error.ts';

const LATER: readonly StoreFault[] = ['unreachable', 'busy', 'full', 'io', 'read_only', 'unknown_outcome'];

/**
 * Only of a server: a file that cannot be opened is for people to look at. A server that does not let us in is a mistake in
 * the configuration, unless somebody has access that has to end (`owes`): then its password was changed, and we wait.
 */
export function isAway(url: string, error: unknown, owes: boolean): boolean {
  if (!(error instanceof StoreError) || url.startsWith('sqlite:')) return false;
  return LATER.includes(error.code) || (error.code === 'denied' && owes);
}
