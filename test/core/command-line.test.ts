// What people type after the command's name: every verb, every mistake, and no word that gets lost.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command, CommandContext, CommandProblem } from '../../src/core/command.ts';
import { COMMAND_MAX_CHARACTERS, parseCommand, REASON_MAX_CHARACTERS } from '../../src/core/command-line.ts';
import { cpuMs } from '../cpu-time.ts';

const ROLES = [
  { name: 'prod-db-readonly', title: 'Read production data' },
  { name: 'prod-db-admin', title: 'Administer the production database' },
  { name: 'audit', title: 'Read the audit trail' },
  { name: 'k8s.ops', title: "Ben's cluster" },
  { name: 'oncall', title: '24h on-call access' },
];
const CONTEXT: CommandContext = { roles: ROLES, targets: ['prod-db', 'cluster'], selfId: 'UBOT' };
const PASS = 'pass_01JD3Q8ZK6X4T2V9WB7M5N0RCE';

function parse(text: string): Command {
  return parseCommand(text, CONTEXT);
}
function problemOf(text: string): CommandProblem | undefined {
  const command = parse(text);
  return command.kind === 'problem' ? command.problem : undefined;
}

const UNDERSTOOD: readonly (readonly [string, Command])[] = [
  ['', { kind: 'form' }],
  [' \u00A0\u200B ', { kind: 'form' }],
  ['<@UBOT>', { kind: 'form' }],
  ['request', { kind: 'form' }],
  ['2h', { kind: 'form', durationSeconds: 7_200 }],
  ['2h fix INC-42', { kind: 'form', durationSeconds: 7_200, reason: 'fix INC-42' }],
  ['prod-db-readonly', { kind: 'submit', role: 'prod-db-readonly' }],
  [
    'prod-db-readonly 2h fix INC-42',
    { kind: 'submit', role: 'prod-db-readonly', durationSeconds: 7_200, reason: 'fix INC-42' },
  ],
  ['<@UBOT> prod-db-readonly 2h', { kind: 'submit', role: 'prod-db-readonly', durationSeconds: 7_200 }],
  ['PROD-DB-READONLY 2H', { kind: 'submit', role: 'prod-db-readonly', durationSeconds: 7_200 }],
  ['prod-db-readonly fix it', { kind: 'submit', role: 'prod-db-readonly', reason: 'fix it' }],
  [
    'prod-db-readonly 1 h 30 min fix',
    { kind: 'submit', role: 'prod-db-readonly', durationSeconds: 5_400, reason: 'fix' },
  ],
  ['prod-db-readonly 2h, fix', { kind: 'submit', role: 'prod-db-readonly', durationSeconds: 7_200, reason: 'fix' }],
  ['prod-db-readonly 503 errors', { kind: 'submit', role: 'prod-db-readonly', reason: '503 errors' }],
  ['prod-db-readonly 5xx 2nd try', { kind: 'submit', role: 'prod-db-readonly', reason: '5xx 2nd try' }],
  ['prod-db-readonly fix for 2h', { kind: 'submit', role: 'prod-db-readonly', reason: 'fix for 2h' }],
  [
    '"Read production data" 45 min x',
    { kind: 'submit', role: 'prod-db-readonly', durationSeconds: 2_700, reason: 'x' },
  ],
  ['\u201ERead production data\u201C 2h', { kind: 'submit', role: 'prod-db-readonly', durationSeconds: 7_200 }],
  ['\u2018read  PRODUCTION data\u2019', { kind: 'submit', role: 'prod-db-readonly' }],
  ['\u00ABRead production data\u00BB', { kind: 'submit', role: 'prod-db-readonly' }],
  ['`prod-db-readonly` 2h', { kind: 'submit', role: 'prod-db-readonly', durationSeconds: 7_200 }],
  ['\u201CBen\u2019s cluster\u201D', { kind: 'submit', role: 'k8s.ops' }],
  ['Ben\u2019s cluster 1h', { kind: 'submit', role: 'k8s.ops', durationSeconds: 3_600 }],
  ["'Ben's cluster' now", { kind: 'submit', role: 'k8s.ops', reason: 'now' }],
  [
    'Read\u00A0production   data 2h why not',
    { kind: 'submit', role: 'prod-db-readonly', durationSeconds: 7_200, reason: 'why not' },
  ],
  ['24h on-call access 1h', { kind: 'submit', role: 'oncall', durationSeconds: 3_600 }],
  ['request audit 1h', { kind: 'submit', role: 'audit', durationSeconds: 3_600 }],
  ['Request "audit"', { kind: 'submit', role: 'audit' }],
  ['LIST', { kind: 'list' }],
  ['return', { kind: 'return' }],
  [`return ${PASS}`, { kind: 'return', id: PASS }],
  [`Return \`${PASS}\``, { kind: 'return', id: PASS }],
  ['extend 30m', { kind: 'extend', durationSeconds: 1_800 }],
  [`extend ${PASS} 30m still broken`, { kind: 'extend', id: PASS, durationSeconds: 1_800, why: 'still broken' }],
  [`extend 30 min ${PASS} still`, { kind: 'extend', id: PASS, durationSeconds: 1_800, why: 'still' }],
  ['extend 30m still broken', { kind: 'extend', durationSeconds: 1_800, why: 'still broken' }],
  ['why audit', { kind: 'why', role: 'audit' }],
  ['why Read production data', { kind: 'why', role: 'prod-db-readonly' }],
  ['approve req_1', { kind: 'approve', id: 'req_1' }],
  ['deny req_1 not  now', { kind: 'deny', id: 'req_1', note: 'not  now' }],
  [`force-close ${PASS} the server is gone`, { kind: 'force_close', id: PASS, evidence: 'the server is gone' }],
  [`FORCE-CLOSE ${PASS} x`, { kind: 'force_close', id: PASS, evidence: 'x' }],
  [`revoke ${PASS}`, { kind: 'revoke', subject: { kind: 'id', id: PASS } }],
  ['revoke <@U123|ana maria> left us', { kind: 'revoke', subject: { kind: 'person', user: 'U123' }, why: 'left us' }],
  ['revoke <@W9>', { kind: 'revoke', subject: { kind: 'person', user: 'W9' } }],
  ['revoke audit leak', { kind: 'revoke', subject: { kind: 'role', role: 'audit' }, why: 'leak' }],
  ['freeze', { kind: 'freeze', scope: { kind: 'all' } }],
  ['freeze all breach', { kind: 'freeze', scope: { kind: 'all' }, why: 'breach' }],
  ['freeze someone stole a laptop', { kind: 'freeze', scope: { kind: 'all' }, why: 'someone stole a laptop' }],
  ['freeze PROD-DB leak', { kind: 'freeze', scope: { kind: 'target', target: 'prod-db' }, why: 'leak' }],
  ['freeze <@U1>', { kind: 'freeze', scope: { kind: 'person', user: 'U1' } }],
  ['freeze "Read the audit trail"', { kind: 'freeze', scope: { kind: 'role', role: 'audit' } }],
  ['unfreeze prod-db', { kind: 'unfreeze', scope: { kind: 'target', target: 'prod-db' } }],
  ['breakglass audit all is lost', { kind: 'breakglass', role: 'audit', reason: 'all is lost' }],
  ['delegate <@U2|ben> until friday', { kind: 'delegate', user: 'U2', until: 'friday' }],
  ['delegate <@U2> 3 days', { kind: 'delegate', user: 'U2', until: '3 days' }],
  ['review', { kind: 'review' }],
  ['report', { kind: 'report' }],
  ['report 2026-10', { kind: 'report', month: '2026-10' }],
  ['audit verify', { kind: 'audit', action: 'verify' }],
  ['audit EXPORT 2026-10', { kind: 'audit', action: 'export', range: '2026-10' }],
  ['help', { kind: 'help' }],
  ['help revoke', { kind: 'help', topic: 'revoke' }],
];

const REFUSED: readonly (readonly [string, CommandProblem])[] = [
  ['prod-db-readnoly 2h', { code: 'unknown_role', typed: 'prod-db-readnoly', suggestions: ['prod-db-readonly'] }],
  ['prod-db 2h', { code: 'unknown_role', typed: 'prod-db', suggestions: ['prod-db-admin', 'prod-db-readonly'] }],
  ['Raed production data', { code: 'unknown_role', typed: 'Raed', suggestions: ['prod-db-readonly'] }],
  ['"nothing like it" 2h', { code: 'unknown_role', typed: 'nothing like it', suggestions: [] }],
  ['__proto__', { code: 'unknown_role', typed: '__proto__', suggestions: [] }],
  ['constructor', { code: 'unknown_role', typed: 'constructor', suggestions: [] }],
  ['lst', { code: 'unknown_verb', typed: 'lst', suggestions: ['list'] }],
  ['retrun', { code: 'unknown_verb', typed: 'retrun', suggestions: ['return'] }],
  ['request lst', { code: 'unknown_role', typed: 'lst', suggestions: [] }],
  ['audit', { code: 'missing_action', verb: 'audit' }],
  ['audit erase', { code: 'unknown_verb', typed: 'audit erase', suggestions: ['audit verify', 'audit export'] }],
  ['"Read production data 2h', { code: 'unclosed_quote', typed: 'Read production data 2h' }],
  ['prod-db-readonly 1.5h fix', { code: 'bad_duration', typed: '1.5h', problem: 'fraction' }],
  ['prod-db-readonly -1h fix', { code: 'bad_duration', typed: '-1h', problem: 'negative' }],
  ['prod-db-readonly 1e9h', { code: 'bad_duration', typed: '1e9h', problem: 'unknown_unit' }],
  ['prod-db-readonly 2', { code: 'bad_duration', typed: '2', problem: 'no_unit' }],
  ['prod-db-readonly 1h 30', { code: 'bad_duration', typed: '1h 30', problem: 'no_unit' }],
  ['prod-db-readonly 1h; 99h', { code: 'bad_duration', typed: '1h 99h', problem: 'repeated_unit' }],
  ['prod-db-readonly 90s fix', { code: 'bad_duration', typed: '90s', problem: 'unknown_unit' }],
  ['prod-db-readonly 2 weeks', { code: 'bad_duration', typed: '2 weeks', problem: 'unknown_unit' }],
  ['prod-db-readonly 0m', { code: 'bad_duration', typed: '0m', problem: 'zero' }],
  ['prod-db-readonly 400d', { code: 'bad_duration', typed: '400d', problem: 'too_long' }],
  ['1.5h', { code: 'bad_duration', typed: '1.5h', problem: 'fraction' }],
  ['extend', { code: 'missing_duration', verb: 'extend' }],
  [`extend ${PASS}`, { code: 'missing_duration', verb: 'extend' }],
  [`extend ${PASS} -30m`, { code: 'bad_duration', typed: '-30m', problem: 'negative' }],
  ['why', { code: 'missing_role', verb: 'why' }],
  ['why audit today', { code: 'unexpected_words', verb: 'why', words: 'today' }],
  ['approve', { code: 'missing_id', verb: 'approve' }],
  ['deny  ', { code: 'missing_id', verb: 'deny' }],
  ['revoke', { code: 'missing_subject', verb: 'revoke' }],
  ['force-close', { code: 'missing_pass', verb: 'force-close' }],
  ['force-close the server is gone', { code: 'missing_pass', verb: 'force-close' }],
  [`force-close ${PASS}`, { code: 'missing_evidence', verb: 'force-close' }],
  [`force-close ${PASS} ${'x'.repeat(3_001)}`, { code: 'reason_too_long', length: 3_001, max: 3_000 }],
  ['revoke @ana', { code: 'not_a_mention', typed: '@ana' }],
  ['revoke ana', { code: 'unknown_role', typed: 'ana', suggestions: [] }],
  ['freeze prod-dbb leak', { code: 'unknown_target', typed: 'prod-dbb', suggestions: ['prod-db'] }],
  ['freeze @ana', { code: 'not_a_mention', typed: '@ana' }],
  ['unfreeze it is over', { code: 'unknown_target', typed: 'it', suggestions: [] }],
  ['breakglass', { code: 'missing_role', verb: 'breakglass' }],
  ['breakglass audit', { code: 'missing_reason', verb: 'breakglass' }],
  ['delegate', { code: 'missing_person', verb: 'delegate' }],
  ['delegate ben until friday', { code: 'not_a_mention', typed: 'ben' }],
  ['delegate <@U2> until', { code: 'missing_until', verb: 'delegate' }],
  ['list all', { code: 'unexpected_words', verb: 'list', words: 'all' }],
  [`return ${PASS} done`, { code: 'unexpected_words', verb: 'return', words: 'done' }],
];

describe('parseCommand', () => {
  it.each(UNDERSTOOD)('understands %j', (text, command) => {
    expect(parse(text)).toEqual(command);
  });

  it.each(REFUSED)('refuses %j', (text, problem) => {
    expect(problemOf(text)).toEqual(problem);
  });

  it('asks which role is meant when a name and a title both fit', () => {
    const roles = [
      { name: 'read', title: 'Anything' },
      { name: 'other', title: 'Read all' },
      { name: 'third', title: 'READ  ALL' },
    ];
    expect(parseCommand('read all', { roles })).toEqual({
      kind: 'problem',
      problem: { code: 'ambiguous_role', typed: 'read', roles: ['read', 'other', 'third'] },
    });
    expect(parseCommand('"read all"', { roles })).toEqual({
      kind: 'problem',
      problem: { code: 'ambiguous_role', typed: 'read all', roles: ['other', 'third'] },
    });
    expect(parseCommand('"read" all', { roles })).toEqual({ kind: 'submit', role: 'read', reason: 'all' });
  });

  it('asks so for a revoke and a freeze as well, and not for a quote that never ends', () => {
    const roles = ['read', 'read'].map((title, at) => ({ name: `role-${at}`, title }));
    const ambiguous = {
      kind: 'problem',
      problem: { code: 'ambiguous_role', typed: 'read', roles: ['role-0', 'role-1'] },
    };
    expect(parseCommand('revoke read', { roles })).toEqual(ambiguous);
    expect(parseCommand('freeze read', { roles })).toEqual(ambiguous);
    expect(parseCommand('freeze "read', { roles })).toMatchObject({
      problem: { code: 'unclosed_quote', typed: 'read' },
    });
  });

  it('shows at most 80 characters of what it did not understand', () => {
    const typedOf = (word: string) => problemOf(`revoke ${word}`);
    expect(typedOf('x'.repeat(80))).toMatchObject({ typed: 'x'.repeat(80) });
    expect(typedOf('x'.repeat(81))).toMatchObject({ typed: `${'x'.repeat(79)}…` });
  });

  it('takes 4,000 characters and not one more', () => {
    const words = (length: number) => `audit ${'x'.repeat(length - 'audit '.length)}`;
    expect(problemOf(words(COMMAND_MAX_CHARACTERS))?.code).not.toBe('too_long');
    expect(problemOf(words(COMMAND_MAX_CHARACTERS + 1))?.code).toBe('too_long');
  });

  it('suggests three roles at most, of equally near ones the first by name', () => {
    const unordered = ['db-c', 'db-a', 'db-d', 'db-b'].map((name) => ({ name, title: name }));
    expect(parseCommand('db-x', { roles: unordered })).toMatchObject({
      problem: { suggestions: ['db-a', 'db-b', 'db-c'] },
    });
  });

  it('suggests three roles at most', () => {
    const roles = ['db-a', 'db-b', 'db-c', 'db-d'].map((name) => ({ name, title: name }));
    expect(parseCommand('db-x', { roles })).toMatchObject({ problem: { suggestions: ['db-a', 'db-b', 'db-c'] } });
  });

  it('keeps a reason to the letter, but for the spaces around it', () => {
    const reason = 'fix  <!channel> \u202Eabc\n\n*now*\u00A0\u201Cplease\u201D &amp; `rm`';
    expect(parse(`audit-x ${reason}`).kind).toBe('problem');
    expect(parse(`prod-db-admin 1h\u00A0\n ${reason} \u200B`)).toEqual({
      kind: 'submit',
      role: 'prod-db-admin',
      durationSeconds: 3_600,
      reason,
    });
  });

  it('holds reasons to their length, and says so instead of cutting', () => {
    const long = 'x'.repeat(REASON_MAX_CHARACTERS);
    expect(parse(`prod-db-admin ${long}`)).toMatchObject({ kind: 'submit', reason: long });
    expect(problemOf(`prod-db-admin ${long}y`)).toEqual({ code: 'reason_too_long', length: 3_001, max: 3_000 });
    expect(problemOf('y'.repeat(COMMAND_MAX_CHARACTERS + 1))).toMatchObject({ code: 'too_long' });
  });

  it('never throws, and drops no word of a reason', () => {
    const piece = fc.constantFrom(
      ...['prod-db-readonly', '"Read', 'production', 'data"', '2h', '1', 'min', '<@U1|a b>', '<@UBOT>', '\u201C', "'"],
      ...['freeze', 'extend', 'revoke', 'pass_1', ' ', '\u00A0', '\u200B', '`', '__proto__', 'until', '\n', '-1h', 'x'],
    );
    const typed = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(piece, { maxLength: 12 }).map((all) => all.join(' ')),
    );
    fc.assert(
      fc.property(typed, (text) => {
        const command = parse(text);
        expect(command.kind).toBeTypeOf('string');
        if (command.kind === 'submit' || command.kind === 'form') {
          expect(text.replace(/[\s\u00AD\u200B-\u200D\u2060]+$/, '').endsWith(command.reason ?? '')).toBe(true);
        }
      }),
      { numRuns: 5_000, seed: 3 },
    );
  });

  it('finds role, duration and reason again in any line built from them', () => {
    const spaces = fc.constantFrom(' ', '  ', '\u00A0', ' \u200B', '\n');
    const role = fc.constantFrom('prod-db-admin', '"Read production data"', '\u201Cprod-db-readonly\u201D', 'K8S.OPS');
    const minutes = fc.integer({ min: 1, max: 1_439 });
    const reason = fc.array(fc.constantFrom('fix', 'INC-42', 'now!', '"quoted"', '<@U1>', 'list', '2h'), {
      minLength: 1,
    });
    fc.assert(
      fc.property(role, minutes, reason, spaces, (who, count, words, gap) => {
        const why = ['because', ...words].join(gap);
        const command = parse([who, `${count}m`, why].join(gap));
        expect(command).toMatchObject({ kind: 'submit', durationSeconds: count * 60, reason: why });
      }),
      { numRuns: 1_000 },
    );
  });

  it('takes time in step with the length of the text', () => {
    const roles = Array.from({ length: 500 }, (_, index) => ({ name: `role-${index}`, title: `Role number ${index}` }));
    const full = COMMAND_MAX_CHARACTERS;
    const lines = [' ', '"', '<@', "' ", '1h ', 'a', '9', '\u200B', 'role-1 '].map((piece) =>
      piece.repeat(full).slice(0, full),
    );
    for (const line of lines) {
      const took = cpuMs(() => {
        parseCommand(line, { roles, targets: roles.map((role) => role.name) });
        parseCommand(`freeze ${line}`.slice(0, full), { roles, targets: roles.map((role) => role.name) });
      });
      expect(took).toBeLessThan(1_000);
    }
  });
});
