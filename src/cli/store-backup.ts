// `hallpass store backup` and `hallpass store restore`, for a store in a SQLite file. PostgreSQL has tools of its own for both;
// what is said of them is the very command.
import { readDoor } from '../lib/postgres-address.ts';
import { backupFile } from '../store/backup.ts';
import { StoreError, type StoreTools } from '../store/open-store.ts';
import { restoreFile } from '../store/restore.ts';
import type { Printed } from './check.ts';
import { type Verified, verifiedStore } from './verified-store.ts';

export interface BackupCommand {
  /** As openStore takes it. */
  readonly store: string;
  readonly file: string;
  readonly vkeys: readonly string[];
  readonly tools: StoreTools;
  /** A line for whoever waits. */
  readonly tell: (line: string) => void;
}

export async function storeBackup({ store, file, vkeys, tools, tell }: BackupCommand): Promise<Printed> {
  const own = fileOf(store);
  if (own === undefined) return { text: dumpText(store, file), exitCode: 1 };
  let verified: Verified | undefined;
  const look = async (partial: string): Promise<void> => {
    tell('verifying the log of the backup');
    verified = await verifiedStore(`sqlite:${partial}`, tools, vkeys);
  };
  const { bytes } = await backupFile(own, file, { onProgress: progressLines(tell), look });
  const isGood = verified?.ok === true;
  const restore = `To restore it: stop Hallpass, then run: hallpass store restore ${shown(file)}\n`;
  const text = `${file}: ${sizeText(bytes)}, every page looked through\n${verified?.text ?? ''}`;
  return { text: `${text}${isGood ? restore : NOT_GOOD}`, exitCode: isGood ? 0 : 1 };
}

const NOT_GOOD = 'The backup is kept, as evidence. Do not restore it before it is known what happened.\n';

export async function storeRestore({ store, file, vkeys, tools, tell }: BackupCommand): Promise<Printed> {
  const own = fileOf(store);
  if (own === undefined) return { text: dumpRestoreText(store, file), exitCode: 1 };
  const mark = new Date(tools.clock.now()).toISOString().replaceAll(/[:.]/g, '-');
  tell(`looking through ${file}`);
  const { kept } = await restoreFile(file, own, mark);
  const was = kept === undefined ? '' : `The store that was there is kept as ${kept}\n`;
  const { ok, text } = await restoredLog(store, tools, vkeys);
  return { text: `${file} was put in place of ${own}\n${was}${text}${ok ? AFTER : ''}`, exitCode: ok ? 0 : 1 };
}

/** A backup of an older version can be proven only when its tables are up to date, which the start sees to. */
async function restoredLog(store: string, tools: StoreTools, vkeys: readonly string[]) {
  try {
    return await verifiedStore(store, tools, vkeys);
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'outdated') throw error;
    return { ok: true, text: 'It is of an older version. Run hallpass audit verify after the first start.\n' };
  }
}

const AFTER = `Leave checkpoints.txt beside it as it is. Start Hallpass: it finds that the store is behind, holds new access, looks at the
targets first and takes back what it does not know of any more (docs/backup.md).
`;

function fileOf(store: string): string | undefined {
  return store.startsWith('sqlite:') ? store.slice('sqlite:'.length) : undefined;
}

const MEGABYTE_BYTES = 1_000_000;

function sizeText(bytes: number): string {
  return bytes < MEGABYTE_BYTES ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / MEGABYTE_BYTES).toFixed(1)} MB`;
}

const TOLD_PARTS = 10;

/** At most a line for each tenth. */
function progressLines(tell: BackupCommand['tell']): (done: number, of: number) => void {
  let told = 0;
  return (done, of) => {
    const part = of === 0 ? TOLD_PARTS : Math.floor((done / of) * TOLD_PARTS);
    if (part <= told) return;
    told = part;
    tell(`${done} of ${of} pages`);
  };
}

/** As a shell takes it. */
function shown(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function dumpText(store: string, file: string): string {
  const server = connectionOf(store);
  return `This store is in PostgreSQL, which makes its own backups, beside a running Hallpass and of one moment:
  pg_dump --format=custom --file=${shown(file)} ${server}
Of the whole server, with every change until any moment: pg_basebackup and an archive of the write-ahead log
(https://www.postgresql.org/docs/current/continuous-archiving.html). The password comes from PGPASSWORD or PGPASSFILE.
`;
}

function dumpRestoreText(store: string, file: string): string {
  const server = connectionOf(store);
  return `This store is in PostgreSQL. Stop all replicas, then put the dump into an empty database:
  pg_restore --exit-on-error --single-transaction --no-owner --dbname=${server} ${shown(file)}
What Hallpass does at the first start after it is in docs/backup.md.
`;
}

/** Without the password: it would be seen by whoever sees the list of processes. */
function connectionOf(store: string): string {
  const door = readDoor(store);
  if ('problem' in door) throw new StoreError('bad_url', `The URL of the store is wrong: ${door.problem}.`);
  const { host, port, user, database, tls, rootCertificate = 'system' } = door;
  const at = host.includes(':') ? `[${host}]` : host;
  const trust = tls === 'verify' ? `&sslrootcert=${encodeURIComponent(rootCertificate)}` : '';
  const where = `${encodeURIComponent(user)}@${at}:${port}/${encodeURIComponent(database)}`;
  return shown(`postgres://${where}?sslmode=${SSL_MODES[tls]}${trust}`);
}

/** In libpq's words: https://www.postgresql.org/docs/current/libpq-ssl.html */
const SSL_MODES = { off: 'disable', verify: 'verify-full', unverified: 'require' } as const;
