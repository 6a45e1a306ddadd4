// What people type after the command's name. Each verb leads to the same operations as the buttons do: there is no
// second way to decide (threat B15).
import type { Command } from '../core/command.ts';
import { parseCommand } from '../core/command-line.ts';
import type { Refusal } from '../core/refusal.ts';
import {
  acceptedNote,
  askedNote,
  commandProblemNote,
  helpNote,
  laterNote,
  listNote,
  onItNote,
  passChoiceNote,
} from '../messages/answers.ts';
import { cardNote } from '../messages/card.ts';
import { refusalNote } from '../messages/refusals.ts';
import type { Answer, Origin } from '../ports/chat-platform.ts';
import { ask, askForMore } from './ask.ts';
import { passMeant, returnPass, said } from './end-early.ts';
import { requestFormFor } from './fill-form.ts';
import { namesOf, viewOf } from './request-view.ts';
import { storeClick } from './store-click.ts';
import type { Tools } from './tools.ts';

const LISTED_MAX = 10;

export async function runCommand(tools: Tools, origin: Origin, text: string): Promise<Answer> {
  const command = parseCommand(text, {
    roles: Object.values(tools.catalog.roles),
    targets: Object.keys(tools.catalog.targets),
  });
  switch (command.kind) {
    case 'form':
      return requestFormFor(tools, { ...given(command) });
    case 'submit':
      return submitLine(tools, origin, command);
    case 'list':
      return list(tools, origin);
    case 'return':
      return returnByName(tools, origin, command.id);
    case 'extend':
      return extendByName(tools, origin, command);
    case 'why':
      await storeClick(tools, origin, 'why', command.role);
      return note(onItNote('why'));
    case 'approve':
    case 'deny':
      return showCardOf(tools, command.id);
    case 'revoke':
      return revoke(tools, origin, command);
    case 'force_close':
      await storeClick(tools, origin, 'force_close', command.id, command.evidence);
      return note(onItNote('force_close'));
    case 'help':
      return note(helpNote(tools.catalog, await isKnownOther(tools, origin)));
    case 'problem':
      return note(commandProblemNote(command.problem, tools.catalog));
    case 'freeze':
    case 'unfreeze':
    case 'breakglass':
    case 'delegate':
    case 'review':
    case 'report':
    case 'audit':
      return note(laterNote(command.kind, tools.catalog));
  }
}

function note(said: Extract<Answer, { kind: 'note' }>['note']): Answer {
  return { kind: 'note', note: said };
}

function no(tools: Tools, refusal: Refusal, what: string): Answer {
  return note(refusalNote(refusal, tools.catalog, { what }));
}

function given(command: { readonly durationSeconds?: number; readonly reason?: string }) {
  const { durationSeconds, reason } = command;
  return { ...(durationSeconds === undefined ? {} : { durationSeconds }), ...(reason === undefined ? {} : { reason }) };
}

/** All there: asked at once. Something missing: the form, with what was typed. */
async function submitLine(
  tools: Tools,
  origin: Origin,
  command: Extract<Command, { kind: 'submit' }>,
): Promise<Answer> {
  const role = tools.catalog.roles[command.role];
  const isComplete =
    command.durationSeconds !== undefined && (command.reason !== undefined || !role?.requires.includes('reason'));
  if (!role || !isComplete) return requestFormFor(tools, { role: command.role, ...given(command) });
  const { durationSeconds = 0, reason = '' } = command;
  const asked = await ask(tools, origin, { purpose: { kind: 'access' }, role: role.name, durationSeconds, reason });
  if (asked.kind === 'refused') return no(tools, asked.refusal, 'ask');
  return note(asked.kind === 'asked' ? askedNote(role.name, tools.catalog) : acceptedNote());
}

/** By what the store knows alone: where a group of the platform may have them, only the platform can tell. */
async function isKnownOther(tools: Tools, origin: Origin): Promise<boolean> {
  const security = tools.catalog.groups[tools.catalog.security];
  const person = (await tools.store.personAt(origin.account))?.row;
  if (!security || !person?.email || security.platformGroups.length > 0) return false;
  return !security.members.includes(person.email);
}

async function list(tools: Tools, origin: Origin): Promise<Answer> {
  const person = (await tools.store.personAt(origin.account))?.row;
  const requests = person ? (await tools.store.requestsOf(person.id, LISTED_MAX)).map(({ row }) => row) : [];
  const passes = person ? (await tools.store.liveGrants({ person: person.id }, LISTED_MAX)).map(({ row }) => row) : [];
  return note(listNote({ catalog: tools.catalog, requests, passes, now: await tools.store.now() }));
}

async function returnByName(tools: Tools, origin: Origin, id: string | undefined): Promise<Answer> {
  const person = (await tools.store.personAt(origin.account))?.row;
  const grant = await passMeant(tools, person?.id, id);
  if (typeof grant === 'string') return note(passChoiceNote(grant));
  return said(tools, await returnPass(tools, origin, grant));
}

async function extendByName(
  tools: Tools,
  origin: Origin,
  command: Extract<Command, { kind: 'extend' }>,
): Promise<Answer> {
  const person = (await tools.store.personAt(origin.account))?.row;
  const grant = await passMeant(tools, person?.id, command.id);
  if (typeof grant === 'string') return note(passChoiceNote(grant));
  const asked = await askForMore(tools, origin, grant, command.durationSeconds, command.why ?? '');
  if (asked.kind === 'refused') return no(tools, asked.refusal, 'extend');
  return note(asked.kind === 'asked' ? askedNote(grant.offer.role, tools.catalog) : acceptedNote());
}

/** Shows the card as it is now, with its buttons, to this person alone; it decides nothing (law 11). */
async function showCardOf(tools: Tools, id: string): Promise<Answer> {
  const stored = await tools.store.request(id);
  if (!stored) return no(tools, { code: 'unknown_request' }, 'show');
  const view = await viewOf(tools, stored.row);
  const names = await namesOf(tools, [stored.row.requester]);
  return note(cardNote({ ...view, names: { ...view.names, ...names } }));
}

async function revoke(tools: Tools, origin: Origin, command: Extract<Command, { kind: 'revoke' }>): Promise<Answer> {
  const { subject } = command;
  const value =
    subject.kind === 'id'
      ? `id:${subject.id}`
      : subject.kind === 'role'
        ? `role:${subject.role}`
        : `person:${subject.user}`;
  await storeClick(tools, origin, 'revoke', value, command.why ?? '');
  return note(onItNote('revoke'));
}
