// How the words after each verb are read. Pure; every function takes all words to the end of the line or names a problem.

import type { Command, Verb } from './command.ts';
import { readDuration } from './command-duration.ts';
import {
  badDuration,
  type Line,
  missing,
  notAMention,
  optional,
  problem,
  roleProblem,
  shorten,
  withWords,
} from './command-parts.ts';
import { ID, readScope, readSubject } from './command-scope.ts';
import { readMention, readRest, readRole, readToken, readWord } from './command-words.ts';

const AUDIT_ACTIONS = ['verify', 'export'] as const;

const READERS: { readonly [name in Verb]: (line: Line) => Command } = {
  request: readRequest,
  list: (line) => nothingMore(line, 'list'),
  return: readReturn,
  extend: readExtend,
  why: readWhy,
  approve: (line) => readDecision(line, 'approve'),
  deny: (line) => readDecision(line, 'deny'),
  revoke: readRevoke,
  'force-close': readForceClose,
  freeze: (line) => readFreeze(line, 'freeze'),
  unfreeze: (line) => readFreeze(line, 'unfreeze'),
  breakglass: readBreakglass,
  delegate: readDelegate,
  review: (line) => nothingMore(line, 'review'),
  report: (line) => ({ kind: 'report', ...optional('month', readRest(line.text, line.at)) }),
  audit: readAudit,
  help: (line) => ({ kind: 'help', ...optional('topic', readRest(line.text, line.at)) }),
};

export function isVerb(word: string): word is Verb {
  return Object.hasOwn(READERS, word);
}

export function readVerb(verb: Verb, line: Line): Command {
  return READERS[verb](line);
}

/** `[role] [duration] [reason]`: without a role it is the form, filled in as far as was typed. */
function readRequest(line: Line): Command {
  const role = readRole(line.text, line.at, line.context.roles);
  const named = role.kind === 'role';
  const duration = readDuration(line.text, named ? role.end : line.at);
  if (!named && role.kind !== 'nothing' && (role.kind !== 'unknown' || duration.kind === 'nothing'))
    return roleProblem(line, role);
  if (duration.kind === 'bad') return badDuration(duration);
  const end = duration.kind === 'duration' ? duration.end : named ? role.end : line.at;
  return withWords(line.text, end, (reason) => ({
    ...(named ? { kind: 'submit', role: role.name } : { kind: 'form' }),
    ...(duration.kind === 'duration' ? { durationSeconds: duration.seconds } : {}),
    ...optional('reason', reason),
  }));
}

function readReturn(line: Line): Command {
  const id = readToken(line.text, line.at);
  if (id === undefined) return { kind: 'return' };
  return nothingMore({ ...line, at: id.end }, 'return', { kind: 'return', id: id.value });
}

/** `[id] duration [why]`; the id may also stand behind the duration. */
function readExtend(line: Line): Command {
  const ahead = readDuration(line.text, line.at).kind === 'nothing' ? readToken(line.text, line.at) : undefined;
  const duration = readDuration(line.text, ahead?.end ?? line.at);
  if (duration.kind === 'bad') return badDuration(duration);
  if (duration.kind === 'nothing') return missing('missing_duration', 'extend');
  const behind = ahead === undefined ? readToken(line.text, duration.end) : undefined;
  const id = ahead ?? (behind !== undefined && ID.test(behind.value) ? behind : undefined);
  return withWords(line.text, Math.max(duration.end, id?.end ?? 0), (why) => ({
    kind: 'extend',
    ...(id === undefined ? {} : { id: id.value }),
    durationSeconds: duration.seconds,
    ...optional('why', why),
  }));
}

function readWhy(line: Line): Command {
  const role = readRole(line.text, line.at, line.context.roles);
  if (role.kind === 'nothing') return missing('missing_role', 'why');
  if (role.kind !== 'role') return roleProblem(line, role);
  return nothingMore({ ...line, at: role.end }, 'why', { kind: 'why', role: role.name });
}

function readDecision(line: Line, kind: 'approve' | 'deny'): Command {
  const id = readToken(line.text, line.at);
  if (id === undefined) return missing('missing_id', kind);
  return withWords(line.text, id.end, (note) => ({ kind, id: id.value, ...optional('note', note) }));
}

function readRevoke(line: Line): Command {
  const subject = readSubject(line);
  if ('kind' in subject) return subject;
  return withWords(line.text, subject.end, (why) => ({
    kind: 'revoke',
    subject: subject.value,
    ...optional('why', why),
  }));
}

/** Closing by hand is nothing to be done by half: without an id or without evidence it is asked back. */
function readForceClose(line: Line): Command {
  const id = readToken(line.text, line.at);
  if (id === undefined || !ID.test(id.value)) return missing('missing_pass', 'force-close');
  return withWords(line.text, id.end, (evidence) =>
    evidence === '' ? missing('missing_evidence', 'force-close') : { kind: 'force_close', id: id.value, evidence },
  );
}

function readFreeze(line: Line, kind: 'freeze' | 'unfreeze'): Command {
  const scope = readScope(line, kind);
  if ('kind' in scope) return scope;
  return withWords(line.text, scope.end, (why) => ({ kind, scope: scope.value, ...optional('why', why) }));
}

function readBreakglass(line: Line): Command {
  const role = readRole(line.text, line.at, line.context.roles);
  if (role.kind === 'nothing') return missing('missing_role', 'breakglass');
  if (role.kind !== 'role') return roleProblem(line, role);
  return withWords(line.text, role.end, (reason) =>
    reason === '' ? missing('missing_reason', 'breakglass') : { kind: 'breakglass', role: role.name, reason },
  );
}

function readDelegate(line: Line): Command {
  const mention = readMention(line.text, line.at);
  const token = readWord(line.text, line.at);
  if (token === undefined) return missing('missing_person', 'delegate');
  if (mention === undefined) return notAMention(token.value);
  const next = readWord(line.text, mention.end);
  const until = readRest(line.text, next?.value.toLowerCase() === 'until' ? next.end : mention.end);
  return until === '' ? missing('missing_until', 'delegate') : { kind: 'delegate', user: mention.value, until };
}

function readAudit(line: Line): Command {
  const word = readWord(line.text, line.at);
  if (word === undefined) return missing('missing_action', 'audit');
  const action = AUDIT_ACTIONS.find((known) => known === word.value.toLowerCase());
  if (action !== undefined) return { kind: 'audit', action, ...optional('range', readRest(line.text, word.end)) };
  const suggestions = AUDIT_ACTIONS.map((known) => `audit ${known}`);
  return problem({ code: 'unknown_verb', typed: shorten(`audit ${word.value}`), suggestions });
}

function nothingMore(line: Line, verb: 'list' | 'review' | 'return' | 'why', done?: Command): Command {
  const words = readRest(line.text, line.at);
  if (words !== '') return problem({ code: 'unexpected_words', verb, words: shorten(words) });
  return done ?? (verb === 'list' ? { kind: 'list' } : { kind: 'review' });
}
