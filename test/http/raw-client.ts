// Bytes to a server and whatever comes back: for requests that no well-behaved client would send.
import { connect } from 'node:net';

export interface RawReply {
  /** 0 when the server closed without a word. */
  readonly status: number;
  readonly text: string;
}

/** Sends `parts` one after the other and waits until the server closes. */
export function sendBytes(port: number, ...parts: readonly (string | Buffer)[]): Promise<RawReply> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const got: Buffer[] = [];
    socket.on('data', (chunk) => got.push(chunk));
    // A server that refuses closes while we are still sending: what it said counts, not that it hung up.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      const text = Buffer.concat(got).toString();
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text });
    });
    for (const part of parts) socket.write(part);
  });
}

export function request(line: string, headers: Readonly<Record<string, string>> = {}, body = ''): string {
  const all = {
    host: 'localhost',
    connection: 'close',
    ...(body !== '' && { 'content-length': body.length }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `${line} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}
