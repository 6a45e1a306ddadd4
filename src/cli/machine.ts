// Commands for the operator of this machine: they ask the Hallpass that runs here, by its socket. Where none runs, orders go
// straight into the store, which is then free, and are carried out when Hallpass starts.
import { type Command, Option } from 'commander';
import { type ControlAnswer, closeAsked, confirmed, revoked } from '../control/answers.ts';
import { askStatus, order } from '../control/client.ts';
import type { ControlStatus } from '../control/status.ts';
import type { Tools } from '../operations/tools.ts';
import type { Printed } from './check.ts';

export interface MachineTools {
  /** Reads the configuration, runs with what it says and prints; prints what is wrong with it instead. */
  readonly withMachine: (run: (machine: Machine) => Promise<Printed>) => Promise<void>;
}
export interface Machine {
  /** Path of the control socket. */
  readonly socket: string;
  /** On the store itself. Throws StoreError when another process works on it. */
  readonly alone: (work: (tools: Tools) => Promise<ControlAnswer>) => Promise<ControlAnswer>;
}

export function addMachineCommands(program: Command, { withMachine }: MachineTools): void {
  program
    .command('status')
    .description('how the Hallpass that runs here stands')
    .action(() => withMachine(showStatus));
  program
    .command('revoke')
    .description('end a pass now, without chat')
    .argument('<pass>', 'pass_…, or the req_… that led to it')
    .addOption(new Option('--why <reason>', 'kept in the log and told in the thread').makeOptionMandatory())
    .action((pass: string, { why }: { readonly why: string }) => withMachine((machine) => revoke(machine, pass, why)));
  program
    .command('force-close')
    .description('ask security to close an overdue pass by hand; two of them have to state in chat that it is gone')
    .argument('<pass>', 'pass_…, as in the alarm')
    .addOption(new Option('--evidence <text>', 'what you saw in the target, and where').makeOptionMandatory())
    .action((pass: string, { evidence }: { readonly evidence: string }) =>
      withMachine((machine) => askToClose(machine, pass, evidence)),
    );
  program
    .command('person')
    .description('about the people Hallpass knows')
    .command('confirm')
    .description('lift a suspension after you have looked')
    .argument('<id>', 'person_…, as in the alarm')
    .action((id: string) => withMachine((machine) => confirm(machine, id)));
}

export function revoke(machine: Machine, pass: string, why: string): Promise<Printed> {
  return orderHere(machine, '/revoke', { pass, why }, (tools) => revoked(tools, pass, why));
}

export function askToClose(machine: Machine, pass: string, evidence: string): Promise<Printed> {
  return orderHere(machine, '/force-close', { pass, evidence }, (tools) => closeAsked(tools, pass, evidence));
}

function confirm(machine: Machine, person: string): Promise<Printed> {
  return orderHere(machine, '/person/confirm', { person }, (tools) => confirmed(tools, person));
}

async function orderHere(
  { socket, alone }: Machine,
  route: string,
  body: object,
  work: (tools: Tools) => Promise<ControlAnswer>,
): Promise<Printed> {
  const asked = await order(socket, route, body);
  const isHere = asked !== 'not_running';
  const { done, says } = isHere ? asked : await alone(work);
  const later =
    done && !isHere ? `No Hallpass runs here (nothing answers at ${socket}): what follows waits for one.\n` : '';
  return { text: `${says}\n${later}`, exitCode: done ? 0 : 1 };
}

export async function showStatus({ socket }: Pick<Machine, 'socket'>): Promise<Printed> {
  const status = await askStatus(socket);
  if (status !== 'not_running') return { text: statusText(status), exitCode: status.ready ? 0 : 1 };
  const text = `No Hallpass runs here: nothing answers at ${socket}.\nStart it, or run this in the folder where it runs, with the same HALLPASS_CONFIG. One that waits for its store (its log says so) listens when the store is there.\n`;
  return { text, exitCode: 1 };
}

function statusText({ version, pid, since, ready, chat, store, passes, held }: ControlStatus): string {
  const lines: readonly (readonly [string, string])[] = [
    ['Hallpass', `${version}, process ${pid}, since ${utc(since)}`],
    ['ready', ready ? 'yes' : 'no'],
    ['chat', chat ? 'connected' : 'not connected'],
    ['store', storeText(store)],
    ['live passes', passes ? String(passes.live) : 'not known: the store cannot be read'],
    ['overdue', passes ? String(passes.overdue) : 'not known'],
    ['held', heldText(held)],
  ];
  return lines.map(([name, says]) => `${name.padEnd(12)} ${says}\n`).join('');
}

function storeText({ writable, unwritableSince }: ControlStatus['store']): string {
  return writable || unwritableSince === undefined
    ? 'can be written'
    : `cannot be written since ${utc(unwritableSince)} (run-book: store-unwritable)`;
}

function heldText(held: ControlStatus['held']): string {
  if (!held) return 'not known';
  return held.length === 0 ? 'nothing' : held.map(({ target, why }) => `${target} (${why})`).join(', ');
}

function utc(at: number): string {
  return new Date(at).toISOString();
}
