// A file that is there whole or not at all, whatever happens meanwhile. Readable by its owner alone.
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The folder must be there. Throws what the file system says; the old file is then as it was. */
export async function replaceDurably(path: string, text: string): Promise<void> {
  const fresh = `${path}.new`;
  const file = await open(fresh, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(fresh, path);
  await syncFolder(dirname(path));
}

/** A new name is on the disk only when its folder is. Windows cannot open folders, and keeps names by itself. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
