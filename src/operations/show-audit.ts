// The audit channel is told every event, one line each and in order; when more happen than a channel takes, lines share
// a message. A cursor in the store says how far it was told, so nothing is lost and nothing told twice.
import type { PersonId, Surface } from '../core/model.ts';
import { auditLine, auditNote } from '../messages/audit-line.ts';
import { ChatError } from '../ports/chat-platform.ts';
import type { Rich } from '../ports/document.ts';
import type { Job, StoredEvent } from '../ports/store.ts';
import { RUNNER } from './actors.ts';
import { change } from './change.ts';
import { auditJob } from './jobs.ts';
import { chatTrouble, postOnce } from './post-once.ts';
import { namesOf } from './request-view.ts';
import { over } from './run-grant.ts';
import { postedEvent } from './show-card.ts';
import type { Tools } from './tools.ts';

const LINES_MAX = 20;
const READ_AHEAD = 200;
const STREAM = 'audit';

export async function showAudit(tools: Tools, job: Job): Promise<void> {
  const channel = tools.catalog.auditChannel;
  const chat = tools.chats[channel.platform];
  if (!chat) return over(tools, job);
  const fresh: Surface = { id: STREAM, audience: 'audit', place: { channel }, told: -1 };
  const stream = (await tools.store.surface(STREAM))?.row ?? fresh;
  const { lines, upTo } = await waiting(tools, stream);
  if (upTo === stream.told) return over(tools, job);
  if (lines.length === 0) return keep(tools, job, toldTo(stream, upTo));
  // Which lines the message holds is stored before it is sent: were its answer lost and more lines had come meanwhile,
  // it would be looked for under another key, and told twice.
  if (stream.promised === undefined) await promise(tools, job, { ...stream, promised: upTo });
  try {
    const key = `${STREAM}:${stream.told + 1}-${upTo}`;
    const posted = await postOnce(chat, job, { kind: 'channel', channel }, auditNote(lines), key);
    await keep(tools, job, toldTo(stream, upTo), { key, posted });
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    await chatTrouble(tools, job, error);
  }
}

async function waiting(
  tools: Tools,
  { told, promised }: Surface,
): Promise<{ readonly lines: readonly Rich[]; readonly upTo: number }> {
  const lines: Rich[] = [];
  const last = promised ?? told + READ_AHEAD;
  let upTo = told;
  for (let number = told + 1; number <= last && lines.length < LINES_MAX; number += 1) {
    const event = await tools.store.event(number);
    if (!event) break;
    upTo = number;
    const line = auditLine(event, tools.catalog, await namesAround(tools, event));
    if (line) lines.push(line);
  }
  return { lines, upTo };
}

function namesAround(tools: Tools, { event }: StoredEvent) {
  const people = [
    event.actor.person,
    event.subject.person,
    'requester' in event.data ? event.data.requester : undefined,
  ];
  return namesOf(
    tools,
    people.filter((id): id is PersonId => id !== undefined && id !== 'hallpass'),
  );
}

function toldTo({ promised: _kept, ...stream }: Surface, told: number): Surface {
  return { ...stream, told };
}

async function promise(tools: Tools, job: Job, row: Surface): Promise<void> {
  await change(tools, RUNNER, (draft) => draft.keepSurface(row), { hold: job, keepHold: true });
}

async function keep(tools: Tools, job: Job, row: Surface, posting?: Parameters<typeof postedEvent>[1]): Promise<void> {
  await change(
    tools,
    RUNNER,
    async (draft) => {
      await draft.keepSurface(row);
      if (posting) draft.record(postedEvent(draft.now, posting, row));
      draft.job(auditJob(tools.ids, tools.catalog.auditChannel, draft.now));
    },
    { hold: job },
  );
}
