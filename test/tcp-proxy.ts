// A line between the program and a real server that a test can cut or freeze: how a target goes down or slow for real.

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  readonly port: number;
  /** Every connection is dropped, new ones are refused at once. */
  cut(): void;
  /** Connections stay open and nothing passes. */
  freeze(): void;
  heal(): void;
  close(): Promise<void>;
}

export async function openProxy(port: number): Promise<TcpProxy> {
  let state: 'open' | 'cut' | 'frozen' = 'open';
  const lines = new Set<readonly [Socket, Socket]>();
  const server = createServer((near) => {
    if (state === 'cut') {
      near.destroy();
      return;
    }
    const far = connect(port, '127.0.0.1');
    const line = [near, far] as const;
    lines.add(line);
    for (const end of line) {
      end.on('error', () => end.destroy());
      end.on('close', () => {
        near.destroy();
        far.destroy();
        lines.delete(line);
      });
    }
    near.on('data', (bytes) => state === 'open' && far.write(bytes));
    far.on('data', (bytes) => state === 'open' && near.write(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const drop = () => {
    for (const [near, far] of lines) {
      near.destroy();
      far.destroy();
    }
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      state = 'cut';
      drop();
    },
    freeze() {
      state = 'frozen';
    },
    heal() {
      // What was lost while frozen is lost: a half-sent conversation cannot go on.
      if (state === 'frozen') drop();
      state = 'open';
    },
    async close() {
      drop();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
