// The control socket: who may connect, what becomes of files that are there, and that nothing is done without the verifier.
import { spawnSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { askToClose, revoke, showStatus } from '../../src/cli/machine.ts';
import { askStatus, order } from '../../src/control/client.ts';
import { type ControlServer, openControl } from '../../src/control/server.ts';
import { bindPrivately, makeRoom, refuseCompany } from '../../src/control/socket-file.ts';
import { statusOf } from '../../src/control/status.ts';
import type { Log } from '../../src/ports/log.ts';
import { eventsOf, HOLDER, passOf, worldWith } from '../operations/stories.ts';
import { quietLog, type World } from '../world.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'hallpass-control-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function open(world: World, path: string, log: Log = quietLog): Promise<ControlServer | undefined> {
  const standing = {
    version: '9.9.9',
    since: 5,
    ready: () => true,
    chat: () => true,
    troubleSince: () => undefined,
  };
  const server = await openControl(path, { tools: world.tools, status: statusOf(world.tools, standing) }, log);
  onTestFinished(() => server?.stop());
  return server;
}

const nobody = { alone: () => Promise.reject(new Error('a Hallpass runs here')) };

describe('orders from the machine', () => {
  it('status: who runs, how it stands, what is live', async () => {
    const world = await worldWith();
    const socket = join(folder(), 'h.sock');
    await open(world, socket);
    await world.livePass();
    expect(await askStatus(socket)).toMatchObject({
      version: '9.9.9',
      pid: process.pid,
      store: { writable: true },
      passes: { live: 1, overdue: 0 },
      held: [],
    });
    const { text, exitCode } = await showStatus({ socket });
    expect(exitCode).toBe(0);
    expect(text).toContain('live passes  1');
  });

  it('status when the store cannot be read says so, and is answered', async () => {
    const world = await worldWith();
    const socket = join(folder(), 'h.sock');
    await open(world, socket);
    world.hook = () => Promise.reject(new Error('away'));
    expect((await showStatus({ socket })).text).toContain('not known: the store cannot be read');
    world.hook = undefined;
  });

  it('revoke: ends the pass, names the machine and keeps the reason; again, it is refused with a sentence', async () => {
    const world = await worldWith({ sessions: 'none' });
    const socket = join(folder(), 'h.sock');
    await open(world, socket);
    await world.livePass();
    const { id } = await passOf(world);
    const done = await revoke({ socket, ...nobody }, id, 'laptop stolen');
    expect(done).toMatchObject({ exitCode: 0, text: expect.stringContaining(id) });
    await world.pass(10);
    expect(world.fake.target.has(HOLDER, 'readonly')).toBe(false);
    const ordered = (await eventsOf(world)).find(({ type }) => type === 'revoke.ordered');
    expect(ordered).toMatchObject({
      actor: { person: 'hallpass', kind: 'system', via: 'cli' },
      data: { because: 'revoked' },
      text: { why: 'laptop stolen' },
    });
    expect(await revoke({ socket, ...nobody }, id, 'again')).toMatchObject({ exitCode: 1 });
    expect(await revoke({ socket, ...nobody }, 'pass_nobody', 'x')).toMatchObject({ exitCode: 1 });
  });

  it('force-close: asks two people of security, and closes nothing by itself', async () => {
    const world = await worldWith({ sessions: 'none' });
    const socket = join(folder(), 'h.sock');
    await open(world, socket);
    await world.livePass();
    const { id } = await passOf(world);
    const machine = { socket, ...nobody };
    expect(await askToClose(machine, id, 'seen in psql')).toMatchObject({ exitCode: 1 });
    world.fake.script.always({ kind: 'unreachable' }, 'revoke', 'inspect');
    await world.say('mia', 'return');
    await world.pass(200, 5);
    const asked = await askToClose(machine, id, 'seen in psql: not a member any more');
    expect(asked).toMatchObject({ exitCode: 0, text: expect.stringContaining(`/jit force-close ${id}`) });
    expect((await passOf(world)).status).toBe('revoking');
  });

  it.each([{ pass: 'pass_1' }, { pass: 'pass_1', why: '  ' }, { pass: 'pass_1', why: 'x', more: 1 }, []])(
    'an order that is none changes nothing: %j',
    async (body) => {
      const world = await worldWith();
      const socket = join(folder(), 'h.sock');
      await open(world, socket);
      await expect(order(socket, '/revoke', body)).rejects.toThrow('does not know this order');
    },
  );

  it('an order that is far too long is not read', async () => {
    const world = await worldWith();
    const socket = join(folder(), 'h.sock');
    await open(world, socket);
    const long = { pass: 'pass_1', why: 'x'.repeat(100_000) };
    await expect(order(socket, '/revoke', long)).rejects.toThrow();
  });
});

describe('who may connect', () => {
  it('the owner alone, from the first moment: the file is made with 0600, whatever the umask', async () => {
    const path = join(folder(), 'h.sock');
    const before = process.umask(0);
    onTestFinished(() => void process.umask(before));
    const server = createServer();
    onTestFinished(() => void server.close());
    bindPrivately(server as unknown as Parameters<typeof bindPrivately>[0], path);
    // In the same turn as the bind: nobody can have come in between.
    expect(lstatSync(path).mode & 0o777).toBe(0o600);
    expect(process.umask()).toBe(0);
  });

  it.runIf(process.getuid?.() === 0)('another user is refused by the system, and told whose it is', async () => {
    const world = await worldWith();
    const path = folder();
    chmodSync(path, 0o755);
    const socket = join(path, 'h.sock');
    await open(world, socket);
    expect(asNobody(socket)).toBe('EACCES');
    chmodSync(socket, 0o666);
    expect(asNobody(socket)).toBe('connected');
    await expect(order(socket, '/revoke', { pass: 'pass_1', why: 'x' })).rejects.toThrow('takes no order');
  });

  it('and when others may open it after all, no order is taken until it is as it was', async () => {
    const world = await worldWith();
    const path = join(folder(), 'h.sock');
    await open(world, path);
    chmodSync(path, 0o666);
    await expect(askStatus(path)).rejects.toThrow('Set it back to 0600');
    await expect(order(path, '/revoke', { pass: 'pass_1', why: 'x' })).rejects.toThrow('takes no order');
    chmodSync(path, 0o600);
    expect(await askStatus(path)).toMatchObject({ version: '9.9.9' });
  });
});

describe('what is there already', () => {
  it('a file that a dead process left is replaced', async () => {
    const world = await worldWith();
    const path = join(folder(), 'h.sock');
    await leaveDead(path);
    expect(lstatSync(path).isSocket()).toBe(true);
    await expect(askStatus(path)).resolves.toBe('not_running');
    await open(world, path);
    expect(await askStatus(path)).toMatchObject({ version: '9.9.9' });
  });

  it('a living one is left alone: the second process says so and runs without', async () => {
    const world = await worldWith();
    const path = join(folder(), 'h.sock');
    await open(world, path);
    await expect(refuseCompany(path)).rejects.toThrow('Another Hallpass runs here');
    const said: unknown[] = [];
    expect(await open(world, path, { ...quietLog, error: (_, facts) => void said.push(facts) })).toBeUndefined();
    expect(JSON.stringify(said)).toContain('Another Hallpass runs here');
    expect(await askStatus(path)).toMatchObject({ version: '9.9.9' });
  });

  it('a file that is no socket is not touched', async () => {
    const path = join(folder(), 'h.sock');
    writeFileSync(path, 'precious');
    await expect(makeRoom(path)).rejects.toThrow('is no socket');
    expect(lstatSync(path).size).toBe(8);
  });

  it('a path that is too long is refused with the remedy', async () => {
    await expect(makeRoom(join(folder(), 'x'.repeat(100)))).rejects.toThrow('Give a shorter control_socket');
  });

  it('the file goes with the process', async () => {
    const world = await worldWith();
    const path = folder();
    const server = await open(world, join(path, 'h.sock'));
    expect(readdirSync(path)).toEqual(['h.sock']);
    await server?.stop();
    expect(readdirSync(path)).toEqual([]);
  });
});

describe('when nobody answers', () => {
  it('nothing runs: the order goes into the store, and people are told when it is done', async () => {
    const world = await worldWith({ sessions: 'none' });
    await world.livePass();
    const { id } = await passOf(world);
    const machine = {
      socket: join(folder(), 'h.sock'),
      alone: (work: (tools: World['tools']) => never) => work(world.tools),
    };
    const { text, exitCode } = await revoke(machine as never, id, 'chat is down');
    expect(exitCode).toBe(0);
    expect(text).toContain('what follows waits for one');
    expect((await passOf(world)).status).toBe('revoking');
    expect(await showStatus({ socket: machine.socket })).toMatchObject({
      exitCode: 1,
      text: expect.stringContaining('HALLPASS_CONFIG'),
    });
  });

  it('something else answers: that is said', async () => {
    const path = join(folder(), 'h.sock');
    const server = createServer((socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'));
    await listening(server, path);
    await expect(askStatus(path)).rejects.toThrow('another version');
  });
});

/** What happens to a process of another user that connects. */
function asNobody(path: string): string {
  const script = `require('net').connect(${JSON.stringify(path)}, () => { console.log('connected'); process.exit(); }).on('error', (e) => console.log(e.code))`;
  const { stdout } = spawnSync(process.execPath, ['-e', script], { uid: 65_534, gid: 65_534, cwd: '/' });
  return String(stdout).trim();
}

async function listening(server: Server, path: string): Promise<void> {
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(path, resolve));
}

/** A socket file whose process is gone. */
async function leaveDead(path: string): Promise<void> {
  spawnSync(process.execPath, [
    '-e',
    `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`,
  ]);
}
