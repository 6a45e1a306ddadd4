// Each line of the doctor's table, made to fail by a fixture. What Slack itself can be asked is tested with the platform.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { examine, isHealthy, type Patient } from '../../src/cli/doctor.ts';
import { findingsTable } from '../../src/cli/table.ts';
import type { Finding } from '../../src/ports/chat-platform.ts';
import { openStore } from '../../src/store/open-store.ts';
import { fakePager } from '../fakes/fake-pager.ts';
import { catalogOf, openWorld, quietLog, ROLE } from '../world.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'hallpass-doctor-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function patient(
  change: Partial<Patient> = {},
): Promise<{ readonly patient: Patient; readonly world: Awaited<ReturnType<typeof openWorld>> }> {
  const world = await openWorld();
  onTestFinished(() => world.close());
  const { clock, ids, tools, chat } = world;
  return {
    world,
    patient: {
      catalog: tools.catalog,
      store: { kind: 'sqlite', file: join(folder(), 'hallpass.db') },
      chat,
      targets: tools.targets,
      pagers: [fakePager()],
      clock,
      ids,
      log: quietLog,
      ...change,
    },
  };
}

function line(findings: readonly Finding[], what: string): Finding {
  const found = findings.find((finding) => finding.what === what);
  if (!found) throw new Error(`no line ${what}`);
  return found;
}

describe('hallpass check', () => {
  it('a healthy deployment: every line is ok', async () => {
    const { patient: healthy } = await patient();
    const findings = await examine(healthy);
    expect(findings.every((finding) => finding.state === 'ok')).toBe(true);
    expect(line(findings, 'store').says).toContain('will be made at the first start');
    expect(line(findings, 'target prod-db').says).toContain('may grant and revoke prod-db-readonly');
    expect(isHealthy(findings)).toBe(true);
  });

  it('a role that may be held for days is warned of', async () => {
    const long = { ...ROLE, duration: { ...ROLE.duration, maxSeconds: 7 * 86_400 } };
    const { patient: warned } = await patient({ catalog: catalogOf([long]) });
    const finding = line(await examine(warned), 'role prod-db-readonly');
    expect(finding).toMatchObject({
      state: 'warning',
      remedy: 'Lower roles.prod-db-readonly.duration.max; people can extend.',
    });
  });

  it('a store that is damaged', async () => {
    const file = join(folder(), 'hallpass.db');
    writeFileSync(file, 'this is no database at all, but it is long enough to look like one '.repeat(100));
    const { patient: broken } = await patient({ store: { kind: 'sqlite', file } });
    const finding = line(await examine(broken), 'store');
    expect(finding.state).toBe('wrong');
    expect(finding.remedy).toContain('backup');
  });

  it('a store that is there tells how long its log is', async () => {
    const file = join(folder(), 'hallpass.db');
    const { patient: running, world } = await patient({ store: { kind: 'sqlite', file } });
    const store = await openStore(`sqlite:${file}`, { clock: world.clock, ids: world.ids, log: quietLog });
    onTestFinished(() => store.close());
    expect(line(await examine(running), 'store')).toMatchObject({ state: 'ok', says: `${file}, 0 entries in the log` });
  });

  it('a path for the store that can never become a folder', async () => {
    const inTheWay = join(folder(), 'file');
    writeFileSync(inTheWay, '');
    const { patient: denied } = await patient({
      store: { kind: 'sqlite', file: join(inTheWay, 'deeper', 'hallpass.db') },
    });
    expect(line(await examine(denied), 'store')).toMatchObject({
      state: 'wrong',
      says: `${inTheWay} cannot be written`,
    });
  });

  it.each([
    ['unreachable', { kind: 'unreachable' }, 'address, network and TLS'],
    ['refused', { kind: 'refused' }, 'credentials and rights'],
    ['busy', { kind: 'busy', retryAfterSeconds: 1 }, 'try again in a minute'],
  ] as const)('a target that is %s', async (fault, outcome, remedy) => {
    const { patient: sick, world } = await patient();
    world.fake.script.always(outcome);
    const finding = line(await examine(sick), 'target prod-db');
    expect(finding.state).toBe('wrong');
    expect(finding.says).toContain(fault);
    expect(finding.remedy).toContain(remedy);
    expect(isHealthy([finding])).toBe(false);
  });

  it('a role that is missing in the target', async () => {
    const { patient: lacking, world } = await patient();
    world.fake.removeRole('readonly');
    const finding = line(await examine(lacking), 'target prod-db');
    expect(finding.state).toBe('wrong');
    expect(finding.remedy).toContain('Create what is missing');
  });

  it('shows what targets say without anything that could paint over the terminal', () => {
    const text = findingsTable([
      { what: 'target x', state: 'wrong', says: 'bad\u001b[2Jnews\r\nok  all is well', remedy: 'look\u0007' },
    ]);
    expect(text).not.toContain('\u001b[2J');
    expect(text.trimEnd().split('\n')).toHaveLength(2);
  });
});

describe('pagers', () => {
  it('none: warned of, in the words of the start', async () => {
    const { patient: alone } = await patient({ pagers: [] });
    const findings = await examine(alone);
    expect(line(findings, 'alarms')).toEqual({
      what: 'alarms',
      state: 'warning',
      says: 'alarms reach people only through the chat that may be down',
      remedy: 'Add a pager (mail, PagerDuty or webhook) under “alarms”; hallpass.example.yaml shows how.',
    });
    expect(isHealthy(findings)).toBe(true);
  });

  it('are each tried, and nobody is paged', async () => {
    const pagers = [fakePager('oncall'), fakePager('mail')];
    const { patient: paged } = await patient({ pagers });
    const findings = await examine(paged);
    for (const name of ['oncall', 'mail'])
      expect(line(findings, `pager ${name}`)).toMatchObject({ state: 'ok', says: 'reached; nobody was paged' });
    expect(pagers.map((pager) => [pager.tries(), pager.pages.length])).toEqual([
      [1, 0],
      [1, 0],
    ]);
  });

  it('are each paged where that is asked for', async () => {
    const pager = fakePager('oncall');
    const { patient: paged } = await patient({ pagers: [pager] });
    expect(line(await examine(paged, true), 'pager oncall').says).toBe('took a test page: see whether it arrived');
    expect(pager.pages).toEqual([
      expect.objectContaining({
        ...{ key: 'test', code: 'test', organization: 'acme', runBook: 'docs/run-book.md' },
        title: 'This is a test of Hallpass. Nothing is wrong.',
      }),
    ]);
  });

  it.each(['refused', 'invalid', 'busy', 'unreachable'] as const)('%s: wrong, with what to look at', async (fault) => {
    const pager = fakePager('oncall');
    pager.trouble = fault;
    const { patient: broken } = await patient({ pagers: [pager, fakePager('mail')] });
    const findings = await examine(broken);
    const finding = line(findings, 'pager oncall');
    expect(finding).toMatchObject({ state: 'wrong', says: `${fault}: it is ${fault}` });
    expect(finding.remedy).toMatch(/^(?:Look at|It is busy)/);
    expect(line(findings, 'pager mail').state).toBe('ok');
    expect(isHealthy(findings)).toBe(false);
  });
});
