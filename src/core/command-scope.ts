// Whom or what a revoke or a freeze is about. Pure.
import type { Command, Scope, Subject } from './command.ts';
import { type Line, missing, notAMention, problem, roleProblem, SUGGESTIONS, shorten } from './command-parts.ts';
import { type Read, readMention, readRole, readToken } from './command-words.ts';
import { nearest } from './nearest.ts';

/** Ids of requests and passes, as they stand on the cards. */
export const ID = /^(?:req|pass)_\S+$/i;

export function readSubject(line: Line): Read<Subject> | Command {
  const token = readToken(line.text, line.at);
  if (token === undefined) return missing('missing_subject', 'revoke');
  const mention = readMention(line.text, line.at);
  if (mention !== undefined) return { value: { kind: 'person', user: mention.value }, end: mention.end };
  if (token.value.startsWith('@')) return notAMention(token.value);
  if (ID.test(token.value)) return { value: { kind: 'id', id: token.value }, end: token.end };
  const role = readRole(line.text, line.at, line.context.roles);
  if (role.kind === 'role') return { value: { kind: 'role', role: role.name }, end: role.end };
  return role.kind === 'nothing' ? missing('missing_subject', 'revoke') : roleProblem(line, role);
}

/**
 * In an incident people type the reason and nothing else: words that are no scope freeze everything, which is the safe
 * side. Only a slip in the name of a target or role is asked back, since it would freeze far more than was meant.
 * Unfreezing everything is not the safe side: there, words that are no scope are asked back.
 */
export function readScope(line: Line, kind: 'freeze' | 'unfreeze'): Read<Scope> | Command {
  const { text, at, context } = line;
  const token = readToken(text, at);
  if (token === undefined) return { value: { kind: 'all' }, end: at };
  const mention = readMention(text, at);
  if (mention !== undefined) return { value: { kind: 'person', user: mention.value }, end: mention.end };
  if (token.value.startsWith('@')) return notAMention(token.value);
  const word = token.value.toLowerCase();
  if (word === 'all') return { value: { kind: 'all' }, end: token.end };
  const targets = context.targets ?? [];
  const target = targets.find((name) => name.toLowerCase() === word);
  if (target !== undefined) return { value: { kind: 'target', target }, end: token.end };
  const role = readRole(text, at, context.roles);
  if (role.kind === 'role') return { value: { kind: 'role', role: role.name }, end: role.end };
  if (role.kind === 'ambiguous' || role.kind === 'unclosed') return roleProblem(line, role);
  const known = [...targets, ...context.roles.map((entry) => entry.name)];
  const suggestions = nearest(word, known, SUGGESTIONS);
  if (suggestions.length === 0 && kind === 'freeze') return { value: { kind: 'all' }, end: at };
  return problem({ code: 'unknown_target', typed: shorten(token.value), suggestions });
}
