// The spool as two files in a folder of this machine: obligations.json, replaced whole, and spool.jsonl, which grows. Both
// are the owner's alone. One process at a time works in the folder. Must not decide what is owed.
import { mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Log } from '../ports/log.ts';
import type { Obligation, Remembered, Spool, SpooledEnd } from '../ports/spool.ts';
import { appendDurably } from './append-file.ts';
import { replaceDurably, syncFolder } from './replace-file.ts';

const OBLIGATIONS_FILE = 'obligations.json';
const SPOOL_FILE = 'spool.jsonl';
/** Given up when the disk is full, which is the hour when the spool is needed most: room for about 1,500 lines. */
const RESERVE_FILE = 'spool.reserve';
const RESERVE_BYTES = 256 * 1024;

const GrantIdText = z.string().transform((id) => id as SpooledEnd['grant']);
const Jsonish = z.record(z.string(), z.json());
const ObligationText: z.ZodType<Obligation> = z.object({
  grant: GrantIdText,
  target: z.string(),
  principal: z.object({ id: z.string(), name: z.string() }),
  entitlement: Jsonish,
  receipt: z.record(z.string(), z.string()).exactOptional(),
  expiresAt: z.int(),
  status: z.enum(['granting', 'active', 'extending', 'revoking']),
});
const RememberedText = z.object({
  v: z.literal(1),
  deploymentId: z.string(),
  at: z.int(),
  aheadMs: z.int(),
  obligations: z.array(ObligationText),
});
const EndText = z.object({
  v: z.literal(1),
  id: z.string().min(1),
  grant: GrantIdText,
  doneAt: z.int(),
  attempts: z.int(),
  seen: z.enum(['absent', 'present', 'unknown']),
});

type Append = (path: string, text: string) => Promise<void>;

/** Makes the folder (0700) and keeps some room on its disk. A disk that takes nothing is no reason not to start. */
export async function openSpool(folder: string, log: Log, append: Append = appendDurably): Promise<Spool> {
  const paths = {
    obligations: join(folder, OBLIGATIONS_FILE),
    spool: join(folder, SPOOL_FILE),
    reserve: join(folder, RESERVE_FILE),
  };
  await prepare(folder, paths, log);
  const inTurn = oneAtATime();
  return {
    remembered: () => inTurn(() => readObligations(paths.obligations, log)),
    remember: (all) => inTurn(() => replaceDurably(paths.obligations, `${JSON.stringify({ v: 1, ...all })}\n`)),
    append: (end) => inTurn(() => appendLine(paths, end, append)),
    ends: () => inTurn(() => readEnds(paths.spool, log)),
    drop: (ids) => inTurn(() => dropEnds(paths, ids, log)),
  };
}

type Paths = { readonly obligations: string; readonly spool: string; readonly reserve: string };

async function prepare(folder: string, paths: Paths, log: Log): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const spool = await open(paths.spool, 'a', 0o600);
    await spool.close();
    await keepReserve(paths.reserve);
    await syncFolder(folder);
  } catch (error) {
    log.warn('there is no room for the spool of ended passes', { folder, error });
  }
}

async function keepReserve(path: string): Promise<void> {
  const { size } = await stat(path).catch(() => ({ size: 0 }));
  if (size < RESERVE_BYTES) await replaceDurably(path, '.'.repeat(RESERVE_BYTES));
}

/** Each line brings its own line ends: what a crash cut off before it stays apart. */
async function appendLine({ spool, reserve }: Paths, end: SpooledEnd, append: Append): Promise<void> {
  const line = `\n${JSON.stringify({ v: 1, ...end })}\n`;
  try {
    await append(spool, line);
  } catch (error) {
    if (!isFull(error)) throw error;
    await rm(reserve, { force: true });
    await append(spool, line);
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

async function readEnds(path: string, log: Log): Promise<readonly SpooledEnd[]> {
  const text = await textOf(path);
  return text.split('\n').flatMap((line) => {
    if (line.trim() === '') return [];
    const read = EndText.safeParse(parsed(line));
    if (!read.success) log.warn('a line of the spool was cut off and says nothing', { path });
    return read.success ? [withoutVersion(read.data)] : [];
  });
}

async function readObligations(path: string, log: Log): Promise<Remembered | undefined> {
  const text = await textOf(path);
  if (text === '') return undefined;
  const read = RememberedText.safeParse(parsed(text));
  if (!read.success) log.error('what is owed cannot be read from this file: it is made again from the store', { path });
  return read.success ? withoutVersion(read.data) : undefined;
}

/** Nothing left: the file is emptied, which needs no room. */
async function dropEnds(paths: Paths, ids: ReadonlySet<string>, log: Log): Promise<void> {
  const left = (await readEnds(paths.spool, log)).filter(({ id }) => !ids.has(id));
  if (left.length > 0) {
    await replaceDurably(paths.spool, left.map((end) => `${JSON.stringify({ v: 1, ...end })}\n`).join(''));
    return;
  }
  const file = await open(paths.spool, 'a', 0o600);
  try {
    await file.truncate(0);
    await file.sync();
  } finally {
    await file.close();
  }
  await keepReserve(paths.reserve).catch((error: unknown) => {
    log.warn('there is no room for the spool of ended passes', { folder: dirname(paths.spool), error });
  });
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function withoutVersion<T extends { readonly v: 1 }>({ v: _version, ...rest }: T): Omit<T, 'v'> {
  return rest;
}

function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let before: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = before.then(work);
    before = mine.catch(() => undefined);
    return mine;
  };
}
