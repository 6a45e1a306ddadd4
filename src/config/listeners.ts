// Where Hallpass listens: the public server that a chat platform calls, and the internal one for health and figures, which is
// nobody's business outside (threat I08).
import { isIPv4 } from 'node:net';
import { z } from 'zod';
import { doubtful, type Finding, quote, valueAt } from './finding.ts';

/** An address and a port; both have a default. */
export function listener(port: number, description: string) {
  return z
    .strictObject({
      host: z
        .string()
        .regex(/^[A-Za-z0-9.:-]+$/, 'this is neither an address nor a host name')
        .default('127.0.0.1')
        .meta({ description: 'Address to listen on; 0.0.0.0 for all', examples: ['127.0.0.1'] }),
      port: z
        .int()
        .min(0)
        .max(65_535)
        .default(port)
        .meta({ description: 'Port to listen on', examples: [port] }),
    })
    .prefault({})
    .describe(description);
}

export function checkListeners(file: unknown): readonly Finding[] {
  const host = valueAt(file, ['internal', 'host']);
  if (typeof host !== 'string' || isLoopback(host)) return [];
  const says = `health and figures are open to whoever reaches ${quote(host)}`;
  const remedy =
    'Use 127.0.0.1, or let a firewall or network policy admit only your monitoring: anybody else learns which targets there are.';
  return [doubtful(['internal', 'host'], says, remedy)];
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}
