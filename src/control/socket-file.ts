// The socket file through which the command line reaches a running Hallpass: its owner alone may connect, from the moment it is
// there. What a dead process left is replaced; what a living one answers is left alone. Knows nothing of what is said over it.
import { lstatSync, mkdirSync, unlinkSync } from 'node:fs';
import { connect, type Server } from 'node:net';
import { dirname } from 'node:path';

/** What fits into `sun_path` everywhere: 104 bytes on macOS and the BSDs, 108 on Linux, the last of them a zero. */
const PATH_BYTES_MAX = 103;
const OWNER_ONLY = 0o177;
const OTHERS = 0o077;

/** The message names the remedy. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
}

/** Throws ControlError when another Hallpass answers there: two would write into the same folder. */
export async function refuseCompany(path: string): Promise<void> {
  if (!(await isAnswered(path))) return;
  throw new ControlError(
    `Another Hallpass runs here: it answers at ${path}. Stop that first, or give this one a folder of its own, or another control_socket.`,
  );
}

/** Removes what a dead process left. Throws ControlError when there is no room for a socket. */
export async function makeRoom(path: string): Promise<void> {
  if (Buffer.byteLength(path) > PATH_BYTES_MAX)
    throw new ControlError(
      `${path} is too long for a socket: ${PATH_BYTES_MAX} bytes at most. Give a shorter control_socket, for example a relative one.`,
    );
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return;
  if (!found.isSocket())
    throw new ControlError(`${path} is there and is no socket. Move it away, or give another control_socket.`);
  await refuseCompany(path);
  unlinkSync(path);
}

/** The rights are set by the very call that makes the file, so that there is no moment with wider ones. */
export function bindPrivately(server: Server, path: string): void {
  const before = process.umask(OWNER_ONLY);
  try {
    server.listen(path); // binds before it returns; only the news of it comes later
  } finally {
    process.umask(before);
  }
}

/** Only the owner of this process can have connected: nobody else may open the file. */
export function isPrivate(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isSocket() === true && (found.mode & OTHERS) === 0 && found.uid === process.getuid?.();
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
