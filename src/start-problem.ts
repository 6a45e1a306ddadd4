// What keeps a deployment from starting, in sentences with a remedy; anything else is a bug and goes to the log whole.
import { ControlError } from './control/socket-file.ts';
import { StoreError } from './store/open-store.ts';

/** `undefined`: nothing that an operator could know. */
export function startProblem(error: unknown): string | undefined {
  if (error instanceof StoreError || error instanceof ControlError) return `Hallpass did not start. ${error.message}`;
  const { code, port, address } = (error ?? {}) as NodeJS.ErrnoException & { port?: number; address?: string };
  if (code === 'EADDRINUSE')
    return `Hallpass did not start. Port ${port} on ${address} is taken.\n  → End the program that listens there, or set another port under “internal” or “http” in hallpass.yaml. Each Hallpass on one machine needs its own.`;
  if (code === 'EACCES' && port !== undefined)
    return `Hallpass did not start. This user may not listen on port ${port}.\n  → Set a port above 1023 under “internal” or “http” in hallpass.yaml, and let a proxy take the low one.`;
  if (code === 'EADDRNOTAVAIL')
    return `Hallpass did not start. ${address} is no address of this machine.\n  → Set “host” under “internal” or “http” in hallpass.yaml to one that is, or to 0.0.0.0 for all.`;
  return undefined;
}
