// A click as it waits to be judged: plain JSON in a job's payload.
import type { AccountRef, ChannelRef, Evidence, MessageRef } from '../core/model.ts';

export interface StoredClick {
  readonly action: 'approve' | 'deny' | 'comment' | 'revoke' | 'force_close' | 'why' | 'keep' | 'take_back';
  /** `<id>.<revision>.<digest>` for decisions; what to revoke for `revoke`; the pass for `force_close`; a role's name for `why`; a find for `keep` and `take_back`. */
  readonly value: string;
  readonly account: AccountRef;
  readonly delivery: string;
  readonly at: number;
  readonly message?: MessageRef;
  readonly channel?: string;
  readonly note?: string;
}

export function evidenceOf({ account, delivery, at, message }: StoredClick): Evidence {
  return { account, delivery, at, ...(message ? { message } : {}) };
}

/** Where the person pressed, to be answered beside it; `undefined`: privately. */
export function besideOf({ account, channel }: StoredClick): ChannelRef | undefined {
  return channel ? { platform: account.platform, channel } : undefined;
}
