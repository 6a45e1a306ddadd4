// The forms people fill: drawn from the role's rules, drawn again when the role changes, and what becomes of the answers.
import { readButtonValue } from '../core/digest.ts';
import { parseDuration } from '../core/duration.ts';
import type { MessageRef } from '../core/model.ts';
import { acceptedNote, askedNote } from '../messages/answers.ts';
import { requestForm } from '../messages/forms.ts';
import { refusalNote, refusalText } from '../messages/refusals.ts';
import type { Answer, Answers, FormAnswer, Origin } from '../ports/chat-platform.ts';
import { type Asked, ask, askForMore } from './ask.ts';
import { storeClick } from './store-click.ts';
import type { Tools } from './tools.ts';

export interface Prefill {
  readonly role?: string;
  readonly durationSeconds?: number;
  readonly reason?: string;
  readonly about?: MessageRef;
  readonly excerpt?: string;
  readonly context?: string;
  readonly answers?: Answers;
}

/** All roles of the catalog are offered: who may not ask hears who decides, instead of not finding the role. */
export function requestFormFor(tools: Tools, prefill: Prefill): Extract<Answer, { kind: 'form' }> {
  const { answers = {} } = prefill;
  const role = tools.catalog.roles[answers['role'] ?? prefill.role ?? ''];
  const duration = answers['duration'] === undefined ? undefined : parseDuration(answers['duration']);
  const durationSeconds = duration?.ok ? duration.seconds : prefill.durationSeconds;
  const context = prefill.context ?? aboutContext(prefill);
  const reason = answers['reason'] ?? prefill.reason ?? quoted(excerptOf(context));
  const form = requestForm(tools.catalog, {
    context,
    ...(role ? { role } : {}),
    ...(durationSeconds === undefined ? {} : { durationSeconds }),
    ...(reason === undefined ? {} : { reason }),
  });
  return { kind: 'form', form };
}

const EXCERPT_CHARACTERS = 500;
/** As the form says; a client that does not keep to it is told so. */
const NOTE_MAX_CHARACTERS = 1000;

/** Waits in the form until a role is chosen and there is a field for it. */
function aboutContext({ about, excerpt = '' }: Prefill): string {
  // Written out in JSON a control character is six: they would not all fit into what a client keeps.
  const shortened = [...excerpt.replace(/\p{Cc}+/gu, ' ')].slice(0, EXCERPT_CHARACTERS).join('');
  return about ? JSON.stringify({ about, excerpt: shortened }) : '';
}

function excerptOf(context: string): string | undefined {
  const excerpt = parse(context)?.['excerpt'];
  return typeof excerpt === 'string' ? excerpt.toWellFormed() : undefined;
}

function quoted(excerpt: string | undefined): string | undefined {
  return excerpt ? `About: “${excerpt}”\n` : undefined;
}

export async function submit(
  tools: Tools,
  origin: Origin,
  filled: { readonly form: string; readonly context: string; readonly answers: Answers },
): Promise<FormAnswer> {
  switch (filled.form) {
    case 'request':
      return submitRequest(tools, origin, filled.context, filled.answers);
    case 'deny':
    case 'comment':
      return submitWords(tools, origin, filled.form, filled.context, filled.answers);
    case 'extend':
      return submitExtension(tools, origin, filled.context, filled.answers);
  }
  return { kind: 'done' };
}

async function submitRequest(tools: Tools, origin: Origin, context: string, answers: Answers): Promise<FormAnswer> {
  const role = answers['role'] ?? '';
  if (!tools.catalog.roles[role]) return problem('role', refusalText({ code: 'unknown_role', role }, tools.catalog));
  // Sent before the form was drawn again for the role: its other fields were never seen, so they come now.
  if (answers['duration'] === undefined) return requestFormFor(tools, { context, answers });
  const duration = parseDuration(answers['duration']);
  if (!duration.ok) return problem('duration', unclear(tools, answers['duration']));
  const about = aboutOf(context);
  const reason = (answers['reason'] ?? '').trim();
  const wish = {
    purpose: { kind: 'access' },
    role,
    durationSeconds: duration.seconds,
    reason,
    ...(about ? { about } : {}),
  } as const;
  return answer(tools, await ask(tools, origin, wish), role, 'role');
}

async function submitExtension(tools: Tools, origin: Origin, context: string, answers: Answers): Promise<FormAnswer> {
  const grant = (await tools.store.grant(context))?.row;
  if (!grant) return problem('duration', refusalText({ code: 'unknown_pass' }, tools.catalog));
  const text = answers['duration'] ?? '';
  const duration = parseDuration(text);
  if (!duration.ok) return problem('duration', unclear(tools, text));
  const asked = await askForMore(tools, origin, grant, duration.seconds, (answers['reason'] ?? '').trim());
  return answer(tools, asked, grant.offer.role, 'duration');
}

function unclear(tools: Tools, text: string): string {
  return refusalText({ code: 'duration_unclear', text }, tools.catalog);
}

/** What is no one field's fault is told at `field`, which the form is sure to have. */
function answer(tools: Tools, asked: Asked, role: string, field: string): FormAnswer {
  switch (asked.kind) {
    case 'asked':
      return { kind: 'done', note: askedNote(role, tools.catalog) };
    case 'repeat':
      return { kind: 'done', note: acceptedNote() };
    case 'refused':
      return problem(asked.field ?? field, refusalText(asked.refusal, tools.catalog));
  }
}

function problem(field: string, text: string): FormAnswer {
  return { kind: 'problems', problems: { [field]: text } };
}

/** Deny and comment: the words are stored as a click and judged with fresh facts. */
async function submitWords(
  tools: Tools,
  origin: Origin,
  action: 'deny' | 'comment',
  context: string,
  answers: Answers,
): Promise<FormAnswer> {
  const note = (answers['note'] ?? '').trim();
  if (note === '') return problem('note', refusalText({ code: 'note_missing' }, tools.catalog));
  const { length } = note;
  if (length > NOTE_MAX_CHARACTERS)
    return problem('note', refusalText({ code: 'reason_too_long', limit: NOTE_MAX_CHARACTERS, length }, tools.catalog));
  const from = readContext(context);
  const target = from && readButtonValue(from.value);
  if (!from || !target)
    return { kind: 'done', note: refusalNote({ code: 'outdated' }, tools.catalog, { what: action }) };
  const where = {
    ...(from.message ? { message: from.message } : {}),
    ...(from.channel ? { channel: { platform: origin.account.platform, channel: from.channel } } : {}),
  };
  await storeClick(tools, { ...origin, ...where }, action, from.value, note);
  return { kind: 'done' };
}

interface PressContext {
  readonly value: string;
  readonly message?: MessageRef;
  readonly channel?: string;
}

/** The client has seen this and may have changed it (threat C15): it only says where to look, everything is checked again. */
function readContext(context: string): PressContext | undefined {
  const read = parse(context);
  if (typeof read?.['value'] !== 'string') return undefined;
  const message = readMessageRef(read['message']);
  const channel = typeof read['channel'] === 'string' ? read['channel'] : undefined;
  return { value: read['value'], ...(message ? { message } : {}), ...(channel ? { channel } : {}) };
}

function aboutOf(context: string): MessageRef | undefined {
  return readMessageRef(parse(context)?.['about']);
}

function readMessageRef(value: unknown): MessageRef | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { platform, tenant, channel, message } = value as { readonly [key: string]: unknown };
  const texts = [platform, tenant, channel, message];
  if (!texts.every((text) => typeof text === 'string')) return undefined;
  return { platform, tenant, channel, message } as MessageRef;
}

function parse(text: string): { readonly [key: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as { [key: string]: unknown })
      : undefined;
  } catch {
    return undefined;
  }
}
