// The command line's end of the control socket: one question, one answer. Throws ControlError with a remedy for everything
// that is not an answer; that nobody runs here is an answer too.
import { statSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { z } from 'zod';
import type { ControlAnswer } from './answers.ts';
import { ControlError } from './socket-file.ts';
import { ControlStatus } from './status.ts';

const SILENCE_MS = 30_000;
const ANSWER_BYTES_MAX = 256 * 1024;

const Answer: z.ZodType<ControlAnswer> = z.object({ done: z.boolean(), says: z.string() });

export function askStatus(path: string): Promise<ControlStatus | 'not_running'> {
  return ask(path, { method: 'GET', route: '/status' }, ControlStatus);
}

export function order(path: string, route: string, body: object): Promise<ControlAnswer | 'not_running'> {
  return ask(path, { method: 'POST', route, body }, Answer);
}

interface Question {
  readonly method: 'GET' | 'POST';
  readonly route: string;
  readonly body?: object;
}

async function ask<T>(path: string, question: Question, answer: z.ZodType<T>): Promise<T | 'not_running'> {
  if (process.platform === 'win32') return 'not_running';
  const said = await send(path, question).catch((error: unknown) => problemOf(path, error));
  if (said === 'not_running') return said;
  if (said.status !== 200) throw new ControlError(refusedBecause(path, said.status));
  const read = answer.safeParse(parsed(said.text));
  if (read.success) return read.data;
  throw new ControlError('The Hallpass that runs here is of another version than this command. Use its own.');
}

interface Said {
  readonly status: number;
  readonly text: string;
}

function send(path: string, { method, route, body }: Question): Promise<Said> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: path, method, path: route, timeout: SILENCE_MS, agent: false }, (response) => {
      textOf(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject);
    });
    asked.once('timeout', () =>
      asked.destroy(new ControlError(`Nothing was answered at ${path} for 30 s. Look at its log.`)),
    );
    asked.once('error', reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response) {
    bytes += part.length;
    if (bytes > ANSWER_BYTES_MAX)
      throw new ControlError('The answer is longer than any of Hallpass. Nothing was done with it.');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function problemOf(path: string, error: unknown): 'not_running' {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
    case 'ECONNREFUSED':
      return 'not_running';
    case 'EACCES':
    case 'EPERM':
      throw new ControlError(`${path} is not yours${ownerOf(path)}. Run this command as the user that runs Hallpass.`);
  }
  throw error instanceof ControlError ? error : new ControlError(`${path} does not answer as Hallpass does (${code}).`);
}

function ownerOf(path: string): string {
  try {
    return `: it belongs to user ${statSync(path).uid}`;
  } catch {
    return '';
  }
}

function refusedBecause(path: string, status: number): string {
  if (status === 403)
    return `Others than its owner can open ${path}, so that Hallpass takes no order there. Set it back to 0600, or start again.`;
  if (status === 400 || status === 404)
    return 'The Hallpass that runs here does not know this order. Its version is another one: use its own command.';
  return `The Hallpass that runs here could not do it (${status}). Its log says why.`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
