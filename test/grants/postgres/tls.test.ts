// TLS towards a real PostgreSQL: who answers is verified, a server without TLS is not spoken to in clear by accident.
import { mkdtempSync, rmSync } from 'node:fs';
import { chmod, chown, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openApi } from '../../../src/grants/postgres/api.ts';
import { readAddress } from '../../../src/lib/postgres-address.ts';
import { systemClock } from '../../../src/lib/system-clock.ts';
import { serverAccount } from '../../../src/local/postgres-programs.ts';
import { faultFrom, never } from '../../contracts/grant-adapter-bench.ts';
import { selfSigned } from '../../fakes/certificate.ts';
import { startPostgres, type TestPostgres, usePostgres } from '../../postgres-server.ts';

const Encrypted = z.object({ ssl: z.boolean() });
const QUESTION = 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()';

async function ask(url: string, signal: AbortSignal = never()): Promise<boolean | undefined> {
  const address = readAddress(url);
  if ('problem' in address) throw new Error(address.problem);
  const api = openApi(address, systemClock, 4);
  try {
    const rows = await api.read(signal, (query) => query(Encrypted, QUESTION));
    return rows[0]?.ssl;
  } finally {
    await api.close();
  }
}

describe('a server that speaks TLS, with a certificate for another name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-test-tls-'));
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  let server: TestPostgres;
  beforeAll(async () => {
    const pair = selfSigned('db.acme.test');
    const { uid = process.getuid?.() ?? 0, gid = process.getgid?.() ?? 0 } = serverAccount();
    await chmod(folder, 0o755);
    await writeFile(files.cert, pair.cert, { mode: 0o644 });
    await writeFile(files.key, pair.key, { mode: 0o600 });
    await chown(files.key, uid, gid);
    server = await startPostgres(18, { ssl: 'on', ssl_cert_file: files.cert, ssl_key_file: files.key });
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const url = (host: string, query: string) => `${server.superuserUrl().replace('127.0.0.1', host)}${query}`;

  it('is verified against the file that the URL names', async () => {
    expect(await ask(url('127.0.0.1', `?sslmode=verify-full&sslrootcert=${encodeURIComponent(files.cert)}`))).toBe(
      true,
    );
  });

  it('is refused when its certificate is not trusted, with the remedy', async () => {
    const fault = await faultFrom(ask(url('127.0.0.1', '?sslmode=verify-full')));
    expect([fault.fault, fault.changed, fault.message]).toEqual([
      'refused',
      'no',
      expect.stringContaining('sslrootcert'),
    ]);
  });

  it('is refused when its certificate is for another name', async () => {
    const fault = await faultFrom(
      ask(url('localhost', `?sslmode=verify-full&sslrootcert=${encodeURIComponent(files.cert)}`)),
    );
    expect(fault.fault).toBe('refused');
  });

  it('is not verified only when the URL says so', async () => {
    expect(await ask(url('localhost', '?sslmode=no-verify'))).toBe(true);
    expect(await ask(url('localhost', '?sslmode=disable'))).toBe(false);
    expect(await ask(url('localhost', ''))).toBe(false);
  });

  it('is let go of at once when the caller gives up in the middle', async () => {
    const address = readAddress(url('localhost', '?sslmode=no-verify'));
    if ('problem' in address) throw new Error(address.problem);
    const api = openApi(address, systemClock, 4);
    const caller = new AbortController();
    const fault = faultFrom(
      api.read(caller.signal, async (query) => {
        const sleeping = query(z.unknown(), 'SELECT pg_sleep(5)');
        setImmediate(() => caller.abort());
        return sleeping;
      }),
    );
    const since = performance.now();
    expect((await fault).fault).toBe('unreachable');
    expect(performance.now() - since).toBeLessThan(2_000);
    await api.close();
  });

  it('says so when the file of certificates is not there', async () => {
    const fault = await faultFrom(ask(url('127.0.0.1', '?sslmode=verify-full&sslrootcert=/no/such/file.pem')));
    expect([fault.fault, fault.message]).toEqual(['refused', expect.stringContaining('sslrootcert')]);
  });
});

describe('a server without TLS', () => {
  const server = usePostgres();
  it('is refused where TLS was asked for, with the remedy', async () => {
    const fault = await faultFrom(ask(`${server().superuserUrl()}?sslmode=verify-full`));
    expect([fault.fault, fault.message]).toEqual(['refused', expect.stringContaining('sslmode=disable')]);
  });
});
