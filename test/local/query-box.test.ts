// The query box of the page, on a real server: one session per login, bounded rows and time, and the server's own words.
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/lib/system-clock.ts';
import { openQueryBox, type QueryBox } from '../../src/local/query-box.ts';
import { usePostgres } from '../postgres-server.ts';

const TIMEOUT_MS = 200;

describe('the query box', () => {
  const server = usePostgres();
  let box: QueryBox | undefined;
  const open = (): QueryBox => {
    box = openQueryBox({
      urlOf: (login) => server().url(login, 'pw'),
      applicationName: 'this page',
      clock: systemClock,
      timeoutMs: TIMEOUT_MS,
    });
    return box;
  };
  beforeAll(async () => {
    await server().query(
      "CREATE ROLE mia LOGIN PASSWORD 'pw'; CREATE ROLE ana LOGIN PASSWORD 'pw'; CREATE ROLE extra; GRANT extra TO mia",
    );
  });
  afterEach(() => box?.close());

  it('answers with text as the server writes it', async () => {
    const answer = await open().run(
      'mia',
      "SELECT 1 AS n, NULL AS nothing, true AS yes, '2026-11-22'::date AS day, ARRAY[1,2] AS list, '{\"a\": 1}'::jsonb AS doc",
    );
    expect(answer).toEqual({
      command: 'SELECT',
      columns: ['n', 'nothing', 'yes', 'day', 'list', 'doc'],
      rows: [['1', null, 't', '2026-11-22', '{1,2}', '{"a": 1}']],
      rowCount: 1,
    });
  });

  it('shows two hundred rows and says how many there were', async () => {
    const answer = await open().run('mia', 'SELECT * FROM generate_series(1, 1000)');
    expect(answer.rows).toHaveLength(200);
    expect([answer.rows[0], answer.rows[199], answer.rowCount]).toEqual([['1'], ['200'], 1000]);
  });

  it('passes on what the server says, and goes on with the same session', async () => {
    const at = open();
    const pid = (await at.run('mia', 'SELECT pg_backend_pid()')).rows;
    expect((await at.run('mia', 'SELEC 1')).error).toEqual({
      code: '42601',
      message: 'syntax error at or near "SELEC"',
    });
    expect((await at.run('mia', 'SELECT 1; SELECT 2')).error?.code, 'one statement at a time').toBe('42601');
    expect((await at.run('mia', 'SELECT 1/0')).error?.code).toBe('22012');
    expect(await at.run('mia', '')).toMatchObject({ command: '', rows: [], rowCount: 0 });
    expect((await at.run('mia', 'SELECT pg_backend_pid()')).rows).toEqual(pid);
  });

  it('stops a statement that takes too long', async () => {
    expect((await open().run('mia', 'SELECT pg_sleep(60)')).error?.code).toBe('57014');
  });

  it('ends a session that switched the time limit off', async () => {
    const at = open();
    await at.run('mia', 'SET statement_timeout = 0');
    expect((await at.run('mia', 'SELECT pg_sleep(60)')).error).toBeDefined();
    expect((await at.run('mia', 'SELECT 1')).rows, 'a new session').toEqual([['1']]);
  });

  it('shows a session that was ended while nobody asked, once', async () => {
    const at = open();
    await at.run('mia', 'SELECT 1');
    await server().query("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'mia'");
    expect((await at.run('mia', 'SELECT 1')).error).toMatchObject({
      code: '57P01',
      message: expect.stringContaining('administrator command'),
    });
    expect((await at.run('mia', 'SELECT 1')).rows).toEqual([['1']]);
  });

  it('shows a session that is ended in the middle of a statement', async () => {
    const at = open();
    await at.run('mia', 'SET statement_timeout = 5000');
    const running = at.run('mia', 'SELECT pg_sleep(1)');
    for (let ended = 0; ended === 0; ) {
      const rows = await server().query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'mia' AND state = 'active'",
      );
      ended = rows.length;
    }
    expect((await running).error?.code).toBe('57P01');
    expect((await at.run('mia', 'SELECT 1')).rows).toEqual([['1']]);
  });

  it('puts a role on and takes it off again', async () => {
    const at = open();
    const who = 'SELECT current_user';
    expect((await at.run('mia', who, 'extra')).rows).toEqual([['extra']]);
    expect((await at.run('mia', who)).rows).toEqual([['mia']]);
    expect((await at.run('mia', who, 'postgres')).error?.code).toBe('42501');
    expect((await at.run('mia', who, 'no "such" role')).error?.code).toBe('22023');
    await at.run('mia', 'SET ROLE extra');
    expect((await at.run('mia', who)).rows, 'by hand').toEqual([['extra']]);
  });

  it('keeps people apart, and the questions of one in their order', async () => {
    const at = open();
    const answers = await Promise.all([
      at.run('mia', 'SELECT current_user'),
      at.run('ana', 'SELECT current_user'),
      at.run('mia', 'SELECT 2'),
    ]);
    expect(answers.map(({ rows }) => rows)).toEqual([[['mia']], [['ana']], [['2']]]);
  });

  it('says so when nobody can log in', async () => {
    await server().query("ALTER ROLE ana PASSWORD 'other'");
    expect((await open().run('ana', 'SELECT 1')).error).toMatchObject({
      code: '28P01',
      message: expect.stringContaining('password'),
    });
  });
});
