// A file that only grows: each text is on the disk when the promise resolves. Readable by its owner alone.
import { mkdir, open } from 'node:fs/promises';
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
