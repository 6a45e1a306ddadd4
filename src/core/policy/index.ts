// Every policy rule there is, in the order their refusals are told. A folder test keeps this list complete.
import { approvers } from './rules/approvers.ts';
import { duration } from './rules/duration.ts';
import { eligibility } from './rules/eligibility.ts';
import { reason } from './rules/reason.ts';
import { standing } from './rules/standing.ts';

export const rules = [standing, eligibility, duration, reason, approvers] as const;
