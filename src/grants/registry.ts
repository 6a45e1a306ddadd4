// Every kind of target that access can be given in, once. A folder beside this file that is not in the list is a mistake, and
// so is the reverse: a test compares the two.
import type { GrantAdapter } from '../ports/grant-adapter.ts';
import { postgres } from './postgres/index.ts';
import { webhook } from './webhook/index.ts';

export const adapters: readonly GrantAdapter[] = [postgres, webhook];
