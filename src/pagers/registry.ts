// Every kind of pager there is, once. A folder beside this file that is not in the list is a mistake, and so is the reverse:
// a test compares the two.
import type { PagerKind } from '../ports/pager.ts';
import { pagerduty } from './pagerduty/index.ts';
import { smtp } from './smtp/index.ts';
import { webhook } from './webhook/index.ts';

export const pagers: readonly PagerKind[] = [pagerduty, smtp, webhook];
