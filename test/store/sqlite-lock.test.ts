// One process works on a store file: who comes second is told by whom, and a killed owner leaves nothing behind.
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock, systemIds } from '../../src/lib/system-clock.ts';
import { type OpenOptions, openStore } from '../../src/store/open-store.ts';
import { quiet } from '../contracts/store-bench.ts';
import { event } from '../contracts/store-samples.ts';
import { startChild } from './child.ts';
import { scratchFolder } from './scratch.ts';

const folder = scratchFolder();
afterAll(folder.remove);

const open = (file: string, options?: OpenOptions) =>
  openStore(`sqlite:${file}`, { clock: systemClock, ids: systemIds, log: quiet }, options);

describe('two processes on one file', () => {
  it('the second is refused with the first one’s process id, and gets in once that was killed', async () => {
    const file = folder.fresh();
    const child = startChild(new URL('./holder.ts', import.meta.url), file);
    const deployment = (await child.lines.next()).value;
    await expect(open(file)).rejects.toMatchObject({
      code: 'in_use',
      message: expect.stringContaining(`process ${child.pid}.`),
    });
    await expect(open(file)).rejects.toMatchObject({ code: 'in_use' });
    await child.kill();
    const store = await open(file);
    expect(store.deploymentId).toBe(deployment);
    await store.close();
  });

  it('one may look while the other works', async () => {
    const file = folder.fresh();
    const child = startChild(new URL('./holder.ts', import.meta.url), file);
    const deployment = (await child.lines.next()).value;
    const reader = await open(file, { readonly: true });
    expect(reader.deploymentId).toBe(deployment);
    expect((await reader.ledgerHead()).size).toBe(0);
    await expect(reader.commit({ events: [event()] })).rejects.toMatchObject({ code: 'read_only' });
    await reader.close();
    await child.kill();
  });
});

describe('one process twice on one file', () => {
  it('is refused as well, by whatever name the file goes', async () => {
    const file = folder.fresh();
    const store = await open(file);
    mkdirSync(join(folder.path, 'sub'));
    symlinkSync(file, join(folder.path, 'sub', 'link.db'));
    symlinkSync(folder.path, join(folder.path, 'sub', 'folder'));
    const names = [
      file,
      join(folder.path, 'sub', 'link.db'),
      file.replace(folder.path, join(folder.path, 'sub', 'folder')),
    ];
    for (const name of names) {
      await expect(open(name)).rejects.toMatchObject({
        code: 'in_use',
        message: expect.stringContaining(`${process.pid}`),
      });
    }
    // None of the refused ones let go of the lock: only its process holds it (a POSIX lock falls with any closed copy).
    const child = startChild(new URL('./holder.ts', import.meta.url), file);
    expect((await child.lines.next()).value).toBe('in_use');
    await child.kill();
    await store.close();
    await (await open(file)).close();
  });
});
