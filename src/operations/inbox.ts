// What people do to the bot, for every chat platform: each act is stored before it is answered, and answered from the
// store alone. Which words are used is for messages/; what may happen is for core/.
import { readButtonValue } from '../core/digest.ts';
import type { AccountRef } from '../core/model.ts';
import { passChoiceNote } from '../messages/answers.ts';
import { commentForm, denyForm, detailsForm, extendForm } from '../messages/forms.ts';
import { refusalNote } from '../messages/refusals.ts';
import type { Answer, Answers, ChatInbox, Origin } from '../ports/chat-platform.ts';
import { SWEEP } from './actors.ts';
import { change } from './change.ts';
import { runCommand } from './commands.ts';
import { passMeant, returnPass, said, withdrawRequest } from './end-early.ts';
import { requestFormFor, submit } from './fill-form.ts';
import { homeJob } from './jobs.ts';
import { viewOf } from './request-view.ts';
import { searchRoles } from './search-roles.ts';
import { storeClick } from './store-click.ts';
import { suspectChannel } from './suspect-channel.ts';
import type { Tools } from './tools.ts';

export function openInbox(tools: Tools): ChatInbox {
  const countOne = countRefused(tools);
  return {
    command: (event) => runCommand(tools, event, event.text.toWellFormed()),
    about: async (event) => requestFormFor(tools, { about: event.about, excerpt: event.excerpt.toWellFormed() }),
    press: (event) => press(tools, event, event.action, event.value),
    redraw: async ({ context, answers }) => requestFormFor(tools, { context, answers: wellFormed(answers) }).form,
    submitForm: (event) => submit(tools, event, { ...event, answers: wellFormed(event.answers) }),
    search: async (event) => searchRoles(tools.catalog, event.text),
    home: (event) => showHomeSoon(tools, event.account),
    changed: (event) => changed(tools, event),
    refused: ({ code }) => countOne(code),
  };
}

/** Half a surrogate pair has no UTF-8 and could never be kept in the log; it becomes U+FFFD here, at the edge. */
function wellFormed(answers: Answers): Answers {
  return Object.fromEntries(Object.entries(answers).map(([field, text]) => [field, text.toWellFormed()]));
}

const QUIET: Answer = { kind: 'quiet' };

async function press(tools: Tools, origin: Origin, action: string, value: string): Promise<Answer> {
  switch (action) {
    case 'approve':
    case 'keep':
    case 'take_back':
      await storeClick(tools, origin, action, value);
      return QUIET;
    case 'ask':
      return requestFormFor(tools, value === '-' ? {} : { role: value });
    case 'show':
      return runCommand(tools, origin, 'list');
    case 'return':
    case 'extend':
      return pressOnPass(tools, origin, action, value);
    case 'deny':
    case 'comment':
    case 'details':
    case 'withdraw':
      return pressOnRequest(tools, origin, action, value);
  }
  return { kind: 'note', note: refusalNote({ code: 'outdated' }, tools.catalog, { what: 'press' }) };
}

async function pressOnPass(tools: Tools, origin: Origin, action: 'return' | 'extend', value: string): Promise<Answer> {
  const grant = await passMeant(tools, undefined, readButtonValue(value)?.id ?? '');
  if (typeof grant === 'string') return { kind: 'note', note: passChoiceNote(grant) };
  if (action === 'return') return said(tools, await returnPass(tools, origin, grant));
  const person = (await tools.store.personAt(origin.account))?.row;
  if (person?.id !== grant.person)
    return { kind: 'note', note: refusalNote({ code: 'not_yours' }, tools.catalog, { what: 'extend' }) };
  const role = tools.catalog.roles[grant.offer.role];
  if (grant.status !== 'active' || !role) {
    return {
      kind: 'note',
      note: refusalNote({ code: 'not_live', status: grant.status }, tools.catalog, { what: 'extend' }),
    };
  }
  return { kind: 'form', form: extendForm(grant, role, await tools.store.now()) };
}

async function pressOnRequest(
  tools: Tools,
  origin: Origin,
  action: 'deny' | 'comment' | 'details' | 'withdraw',
  value: string,
): Promise<Answer> {
  const target = readButtonValue(value);
  const stored = target && (await tools.store.request(target.id));
  if (!target || !stored)
    return { kind: 'note', note: refusalNote({ code: 'unknown_request' }, tools.catalog, { what: action }) };
  if (action === 'withdraw') return said(tools, await withdrawRequest(tools, origin, stored.row.id));
  const view = await viewOf(tools, stored.row);
  if (action === 'details') return { kind: 'form', form: detailsForm(view, await tools.store.eventsOf(stored.row.id)) };
  // The form only carries where the press came from; the decision itself is checked when it is submitted.
  const context = formContext(value, origin);
  return { kind: 'form', form: action === 'deny' ? denyForm(view, context) : commentForm(view, context) };
}

function formContext(value: string, origin: Origin): string {
  const { message, channel } = origin;
  return JSON.stringify({ value, ...(message ? { message } : {}), ...(channel ? { channel: channel.channel } : {}) });
}

async function showHomeSoon(tools: Tools, account: AccountRef): Promise<void> {
  await change(tools, SWEEP, async (draft) => draft.job(homeJob(tools.ids, account, draft.now)));
}

/** A channel with cards in it may be shared with another company: people are alarmed, its cards are looked at (B02). */
async function changed(tools: Tools, event: { readonly kind: string; readonly id: string }): Promise<void> {
  const channels = [
    tools.catalog.auditChannel,
    ...Object.values(tools.catalog.roles).flatMap((role) => role.reviewers ?? []),
  ];
  const ours = channels.some((channel) => channel.channel === event.id);
  const code =
    event.kind === 'uninstalled'
      ? 'chat_uninstalled'
      : event.kind === 'channel' && ours
        ? 'channel_changed'
        : undefined;
  if (!code) return;
  await change(tools, SWEEP, async (draft) => {
    if (event.kind === 'channel') await suspectChannel(tools, draft, event.id);
    draft.record({
      type: 'alarm.raised',
      at: draft.now,
      actor: SWEEP,
      subject: {},
      data: { code, facts: { id: event.id } },
    });
  });
}

const COUNTED_FOR_MS = 60_000;

/**
 * Whoever knocks unsigned costs a number in memory; the log hears of it once a minute and code, or anybody could fill
 * the ledger from outside (threat A20).
 */
function countRefused(tools: Tools): (code: string) => void {
  const counts = new Map<string, { count: number; writtenAt: number }>();
  return (code) => {
    const now = tools.clock.now();
    const seen = counts.get(code) ?? { count: 0, writtenAt: Number.NEGATIVE_INFINITY };
    counts.set(code, seen);
    seen.count += 1;
    if (now - seen.writtenAt < COUNTED_FOR_MS) return;
    const count = seen.count;
    Object.assign(seen, { count: 0, writtenAt: now });
    change(tools, SWEEP, async (draft) => {
      draft.record({ type: 'ingress.refused', at: draft.now, actor: SWEEP, subject: {}, data: { code, count } });
    }).catch((error: unknown) =>
      tools.log.error('refused deliveries could not be written down', { code, count, error }),
    );
  };
}
