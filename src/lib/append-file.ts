// A file that only grows: each text is on the disk when the promise resolves. Readable by its owner alone.
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Throws what the file system says (ENOSPC, EACCES …); nothing is kept in memory for later. */
export async function appendDurably(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'a', 0o600);
  try {
    await file.appendFile(text); // goes on after a short write, which a disk that is nearly full answers with
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The last of such a file, at most so many bytes and perhaps cut off at its beginning; empty when there is none. */
export async function tailOf(path: string, bytes: number): Promise<string> {
  const file = await openIfThere(path);
  if (!file) return '';
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - bytes);
    const tail = Buffer.alloc(size - from);
    const { bytesRead } = await file.read(tail, 0, tail.length, from);
    return tail.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
