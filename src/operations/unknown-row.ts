// A row in a status that this version does not know: a newer version wrote it, and an older one runs again (threat F12). It is
// left as it is, for only the version that knows the status knows what is owed; people are told, once for each status.
import type { GrantId, RequestId } from '../core/model.ts';
import { SWEEP } from './actors.ts';
import type { Draft } from './change.ts';
import type { Tools } from './tools.ts';

interface UnknownRow {
  readonly what: 'pass' | 'request';
  readonly id: string;
  readonly status: string;
}

export async function tellUnknown(tools: Tools, draft: Draft, { what, id, status }: UnknownRow): Promise<void> {
  const key = `unknown:${JSON.stringify([id, status])}`;
  if ((await tools.store.ownerOf(key)) !== undefined) return;
  tools.log.error('a row is in a status that this version does not know; it is left as it is', { id, status });
  // Of two that tell it in the same moment the second is refused the name, and with it the alarm.
  draft.claim({ key, owner: tools.ids.next('act') });
  const subject = what === 'pass' ? { grant: id as GrantId } : { request: id as RequestId };
  const facts = { what, status };
  draft.record({ type: 'alarm.raised', at: draft.now, actor: SWEEP, subject, data: { code: 'unknown_status', facts } });
}
