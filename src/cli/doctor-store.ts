// The doctor's lines about the store: that it can be opened, or made, and that what it relies on is as it must be.
import { existsSync } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type StoreSetting, storeUrl } from '../config/store-setting.ts';
import type { Finding } from '../ports/chat-platform.ts';
import { openStore, StoreError, type StoreTools } from '../store/open-store.ts';
import type { ServerReport } from '../store/postgres-check.ts';

/** Threat E01: decisions go by the store's clock; a machine that is this far off misleads whoever reads its log … */
const SKEW_WARNING_MS = 2_000;
/** … and signatures of chat platforms fail, and much else. */
const SKEW_WRONG_MS = 30_000;

export async function storeFindings(store: StoreSetting, tools: StoreTools): Promise<readonly Finding[]> {
  if (store.kind === 'postgres') return serverFindings(storeUrl(store), tools);
  if (!existsSync(store.file)) return [await freshFile(store.file)];
  return [
    await existing(
      storeUrl(store),
      store.file,
      tools,
      'Look at the file and its folder; restore the last backup if it is damaged.',
    ),
  ];
}

async function existing(url: string, name: string, tools: StoreTools, remedy: string): Promise<Finding> {
  try {
    const store = await openStore(url, tools, { readonly: true, forWork: true });
    const { size } = await store.ledgerHead();
    await store.close();
    return { what: 'store', state: 'ok', says: `${name}, ${size} entries in the log` };
  } catch (error) {
    return error instanceof StoreError ? refused(error, remedy) : wrong('cannot be opened', remedy);
  }
}

/** Messages of a store end with their remedy, which for some of them is all that there is to do. */
function refused({ code, message }: StoreError, remedy: string): Finding {
  const [says = '', ...todo] = message.split(/(?<=\.) /);
  if (code === 'moved' || code === 'newer') return wrong(says, todo.join(' '));
  // The first start of a new version does what is left to do: nothing is wrong.
  return code === 'outdated' ? doubt(says, todo.join(' ')) : wrong(message, remedy);
}

async function freshFile(file: string): Promise<Finding> {
  const folder = nearestFolder(dirname(file));
  try {
    if (!(await stat(folder)).isDirectory()) throw new Error('not a folder');
    await access(folder, constants.W_OK);
    return { what: 'store', state: 'ok', says: `${file} will be made at the first start` };
  } catch {
    return wrong(
      `${folder} cannot be written`,
      'Give this user the right to write there, or choose another path for “store”.',
    );
  }
}

function nearestFolder(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearestFolder(dirname(folder));
}

async function serverFindings(url: string, tools: StoreTools): Promise<readonly Finding[]> {
  const { examineServer } = await import('../store/postgres-check.ts');
  let report: ServerReport;
  try {
    report = await examineServer(url, tools.clock);
  } catch (error) {
    const says = error instanceof StoreError ? error.message : 'cannot be reached';
    return [wrong(says, 'Correct the address in “store” or in the environment, or what the message names.')];
  }
  const troubles = troublesOf(report);
  if (troubles.some(({ state }) => state === 'wrong')) return troubles;
  const name = `${report.server}, PostgreSQL ${report.version}`;
  const line = report.hasStore
    ? await existing(url, name, tools, 'Start Hallpass once, or look at the tables of this database.')
    : { what: 'store', state: 'ok' as const, says: `${name}; its tables will be made at the first start` };
  return [line, ...troubles];
}

function troublesOf(report: ServerReport): readonly Finding[] {
  const { version, server } = report;
  const skewSeconds = Math.round(Math.abs(report.skewMs) / 1000);
  return [
    ...(report.isNewEnough ? [] : [wrong(`${server} runs PostgreSQL ${version}`, 'Upgrade it to 13 or newer.')]),
    ...(report.isStandby
      ? [wrong(`${server} only follows another server`, 'Point “store” at the primary server.')]
      : []),
    ...(report.mayCreate ? [] : [rights(report)]),
    ...(report.isDurable
      ? []
      : [
          doubt(
            `${server} may lose commits that people were told of`,
            'Set fsync and synchronous_commit to on in its postgresql.conf.',
          ),
        ]),
    ...(Math.abs(report.skewMs) > SKEW_WARNING_MS ? [skew(report.skewMs, skewSeconds)] : []),
  ];
}

function rights({ hasStore, server }: ServerReport): Finding {
  const says = `this user may not create tables in ${server}`;
  const remedy = 'Give it a database of its own: create database hallpass owner <user>.';
  return hasStore ? doubt(`${says}, which the next version may need`, remedy) : wrong(says, remedy);
}

function skew(ms: number, seconds: number): Finding {
  const says = `this machine's clock is ${seconds} s ${ms > 0 ? 'ahead of' : 'behind'} the store's`;
  const remedy = 'Let both machines keep their time by NTP.';
  return Math.abs(ms) > SKEW_WRONG_MS ? wrong(says, remedy) : doubt(says, remedy);
}

function wrong(says: string, remedy: string): Finding {
  return { what: 'store', state: 'wrong', says, remedy };
}

function doubt(says: string, remedy: string): Finding {
  return { what: 'store', state: 'warning', says, remedy };
}
