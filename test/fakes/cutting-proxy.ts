// A TCP proxy in front of a real server that cuts the line at a chosen moment: when certain bytes pass, before or after they
// are handed on. What the server did by then is real.
import { connect, createServer, type Socket } from 'node:net';

export interface CuttingProxy {
  readonly port: number;
  /** Cut once when the client sends `text`: it never arrives ('before'), or it does and the answer is lost ('after'). */
  cutAt(text: string, when: 'before' | 'after'): void;
  /** How many connections were made through it. */
  readonly connections: number;
  /** How many were cut. */
  readonly cuts: number;
  close(): Promise<void>;
}

export async function cuttingProxy(serverPort: number): Promise<CuttingProxy> {
  let cut: { readonly text: string; readonly when: 'before' | 'after' } | undefined;
  let connections = 0;
  let cuts = 0;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    connections += 1;
    const upstream = connect(serverPort, '127.0.0.1');
    let silent = false;
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => open.delete(socket));
    }
    client.on('data', (bytes) => {
      const now = cut !== undefined && bytes.includes(cut.text) ? cut.when : undefined;
      if (now !== undefined) {
        cut = undefined;
        cuts += 1;
      }
      if (now === 'after') silent = true;
      if (now === 'before') upstream.destroy();
      else upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      // The server has answered, so it has done what it was told; the client never hears of it.
      if (silent) client.destroy();
      else client.write(bytes);
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    cutAt: (text, when) => {
      cut = { text, when };
    },
    get connections() {
      return connections;
    },
    get cuts() {
      return cuts;
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
