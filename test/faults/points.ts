// Where the program can stop: the steps of giving (G0–G8) and of taking back (R0–R7), each before and after, as calls that
// the program really makes. This table is the only place that maps the protocol's steps onto the program's.
import type { PortCall } from '../world-ports.ts';

/** What has happened in a case so far, as seen from the calls. */
export type Mark =
  | 'ordered'
  | 'grant claimed'
  | 'grant answered'
  | 'confirmed'
  | 'ending'
  | 'revoke claimed'
  | 'revoke answered'
  | 'seen absent';
type Marks = ReadonlySet<Mark>;

export interface Step {
  readonly name: StepName;
  readonly what: string;
  /** The call before which the program stops for `before`. */
  begins(call: PortCall, marks: Marks): boolean;
  /** The call after which it stops for `after`: answered or failed, and the program does not hear of it. */
  ends(call: PortCall, marks: Marks, answer: unknown): boolean;
}
type StepName = `G${0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}` | `R${0 | 1 | 2 | 3 | 4 | 5 | 6 | 7}`;
export type Side = 'before' | 'after';
export type PointName = `${StepName}.${Side}`;

type Test = (call: PortCall, marks: Marks) => boolean;

const STEPS: readonly Step[] = [
  at('G0', 'the decision: request approved, pass ordered, job stored, in one commit', commits('grant.ordered')),
  {
    name: 'G1',
    what: 'the job that gives is claimed (before: the first claim after the order)',
    begins: (call, marks) => claims(call) && marks.has('ordered'),
    ends: (call, _marks, answer) => handsOut(call, answer, 'grant'),
  },
  {
    name: 'G2',
    what: 'the look before: is the access there already? (after: that it was absent is stored)',
    begins: (call, marks) => asks('inspect')(call) && marks.has('grant claimed'),
    ends: commits('grant.cleared'),
  },
  at('G3', 'the intent: "attempt n is sent now" is stored', commits('grant.attempted')),
  at('G4', 'the call that gives', asks('grant')),
  at('G5', 'the first write after its answer: the failure stored, or the outcome of the look', writesAfter('grant')),
  at('G6', 'the look after, or the question to a target that works in its own time', looksAfter('grant')),
  at('G7', 'the outcome: pass confirmed and job finished, in one commit', commits('grant.confirmed')),
  {
    name: 'G8',
    what: 'the first message to people after that',
    begins: (call, marks) => speaks(call) && marks.has('confirmed'),
    ends: (call, marks) => speaks(call) && marks.has('confirmed'),
  },
  at('R0', 'the end is ordered: by the sweep at the deadline, or by the holder', commits('revoke.ordered')),
  {
    name: 'R1',
    what: 'the job that takes back is claimed (before: the first claim after the order)',
    begins: (call, marks) => claims(call) && marks.has('ending'),
    ends: (call, _marks, answer) => handsOut(call, answer, 'revoke'),
  },
  at(
    'R2',
    'the time is read, to tell whether the call is due: the last that the store is asked before it',
    (call, marks) => isStore(call, 'now') && marks.has('revoke claimed') && !marks.has('revoke answered'),
  ),
  at('R3', 'the call that takes back', asks('revoke')),
  at(
    'R4',
    'the first write after its answer: the failure stored, or the outcome of the first look',
    writesAfter('revoke'),
  ),
  {
    name: 'R5',
    what: 'the two looks (before: the first, after: the second)',
    begins: looksAfter('revoke'),
    ends: (call, marks) => asks('inspect')(call) && marks.has('seen absent'),
  },
  at('R6', 'sessions are ended and counted', asks('endSessions')),
  at('R7', 'the end: proven absent and job finished, in one commit', commits('grant.revoked')),
];

export const POINTS: readonly PointName[] = STEPS.flatMap(({ name }): PointName[] => [
  `${name}.before`,
  `${name}.after`,
]);

export function stepOf(point: PointName): { readonly step: Step; readonly side: Side } {
  const [name, side] = point.split('.');
  const step = STEPS.find((one) => one.name === name);
  if (!step || (side !== 'before' && side !== 'after')) throw new Error(`There is no crash point ${point}`);
  return { step, side };
}

/** What a call that is over tells. */
export function marksOf(call: PortCall, answer: unknown): readonly Mark[] {
  const marks: Mark[] = [];
  if (commits('grant.ordered')(call)) marks.push('ordered');
  if (handsOut(call, answer, 'grant')) marks.push('grant claimed');
  if (asks('grant')(call)) marks.push('grant answered');
  if (commits('grant.confirmed')(call)) marks.push('confirmed');
  if (commits('revoke.ordered')(call)) marks.push('ending');
  if (handsOut(call, answer, 'revoke')) marks.push('revoke claimed');
  if (asks('revoke')(call)) marks.push('revoke answered');
  if (commits('revoke.seen_absent')(call)) marks.push('seen absent');
  return marks;
}

function at(name: StepName, what: string, test: Test): Step {
  return { name, what, begins: test, ends: test };
}

function isStore({ port, method }: PortCall, name: string): boolean {
  return port === 'store' && method === name;
}

function claims(call: PortCall): boolean {
  return isStore(call, 'claim');
}

function handsOut(call: PortCall, answer: unknown, kind: string): boolean {
  return claims(call) && Array.isArray(answer) && answer.some((job: { readonly kind: string }) => job.kind === kind);
}

function commits(type: string): (call: PortCall) => boolean {
  return (call) => {
    if (!isStore(call, 'commit')) return false;
    const { events = [] } = call.args[0] as {
      readonly events?: readonly { readonly event: { readonly type: string } }[];
    };
    return events.some(({ event }) => event.type === type);
  };
}

function asks(method: string): (call: PortCall) => boolean {
  return (call) => call.port === 'target' && call.method === method;
}

function writesAfter(given: 'grant' | 'revoke'): Test {
  const methods = new Set(['renew', 'commit', 'defer']);
  return (call, marks) => call.port === 'store' && methods.has(call.method) && marks.has(`${given} answered`);
}

function looksAfter(given: 'grant' | 'revoke'): Test {
  return (call, marks) =>
    call.port === 'target' && (call.method === 'inspect' || call.method === 'poll') && marks.has(`${given} answered`);
}

function speaks({ port, method }: PortCall): boolean {
  return port === 'chat' && (method === 'post' || method === 'update');
}
