// Reads the raw bytes of a request body, and never more than it may have. Decodes and interprets nothing.
import type { IncomingMessage } from 'node:http';

/** `broken`: the client went away or was cut off by the server's deadline; there is nobody left to answer. */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer | 'too_large' | 'broken'> {
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) return 'too_large';
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of request.iterator({ destroyOnReturn: false })) {
      bytes += part.length;
      if (bytes > limitBytes) return 'too_large';
      parts.push(part);
    }
  } catch {
    return 'broken';
  }
  return Buffer.concat(parts);
}
