// The steps of docs/backup.md, walked: a backup beside a running Hallpass, access given and ended since, the restore, and what the
// first start after it finds. Real commands, real Slack code, a real PostgreSQL as target (F13).
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { runCli } from '../cli/run-cli.ts';
import { usePostgres } from '../postgres-server.ts';
import { ANA, AUDIT, MIA, openStage, plain, REVIEW, type Stage } from './stage.ts';

vi.setConfig({ testTimeout: 120_000 });
const postgres = usePostgres(18);
const book = readFileSync(new URL('../../docs/backup.md', import.meta.url), 'utf8');

/** Only what the document says is done here. */
async function command(stage: Stage, words: string, ...more: readonly string[]) {
  expect(book).toContain(`hallpass ${words}`);
  return runCli(
    dirname(stage.storeFile),
    ...words.split(' '),
    ...more,
    '--store',
    stage.storeFile,
    '--vkey',
    stage.vkey,
  );
}

async function pass(stage: Stage, text: string): Promise<void> {
  const { workspace } = stage;
  const before = new Set(workspace.messages(REVIEW).map(({ ts }) => ts));
  await workspace.slash(MIA, '/jit', text, REVIEW);
  const card = await stage.until('the card', () =>
    workspace
      .messages(REVIEW)
      .find((one) => !before.has(one.ts) && JSON.stringify(one.blocks ?? []).includes('"action_id":"approve"')),
  );
  await workspace.click(ANA, { channel: REVIEW, ts: card.ts, actionId: 'approve' });
  await stage.until('access is live', () => stage.thread().some((line) => line.includes('Access is live')));
}

const audit = (stage: Stage) => stage.workspace.messages(AUDIT).map(({ text }) => plain(text));

describe('a restore', () => {
  it('finds by itself what was given since, takes it back, and only then gives again', async () => {
    const stage = await openStage(postgres(), { edit: (yaml) => yaml.replace('count: 2', 'count: 1') });
    onTestFinished(() => stage.close());
    await pass(stage, 'shop-readonly 30m before the backup');

    const backup = join(dirname(stage.storeFile), 'hallpass-backup.db');
    expect(await command(stage, 'store backup', backup)).toMatchObject({ code: 0 });

    await pass(stage, 'shop-support 30m after the backup');
    expect(await stage.isMember('mia', 'shop_support')).toBe(true);
    await stage.until('a signed head outside', async () => {
      const { checkpoint } = await stage.program.tools.store.ledgerHead();
      return audit(stage).some((line) => line.includes(`Signed head of the log, ${checkpoint?.size} entries`));
    });

    // A store that somebody works on is not exchanged.
    expect(await command(stage, 'store restore', backup)).toMatchObject({
      code: 1,
      err: expect.stringContaining('is in use by process'),
    });
    await stage.program.stop();
    expect(await command(stage, 'store restore', backup)).toMatchObject({
      code: 0,
      out: expect.stringContaining('hallpass.db.before-restore-'),
    });
    const told = audit(stage).length;
    await stage.restart();

    await stage.until('the alarm', () => audit(stage).some((line) => line.includes('put back to an earlier state')));
    await stage.until(
      'what was given since is taken back',
      async () => !(await stage.isMember('mia', 'shop_support')),
      900,
    );
    expect(audit(stage).slice(told).join('\n')).toMatch(/access was found|ALARM/);
    // The pass from before the backup is in the store, and goes on to its end.
    expect(await stage.isMember('mia', 'shop_readonly')).toBe(true);
    await stage.until('new access again', () => audit(stage).some((line) => line.includes('access.released')), 900);
    await pass(stage, 'shop-support 10m once more');
    expect(await stage.isMember('mia', 'shop_support')).toBe(true);
    await stage.until('all of it ends', async () => !(await stage.isMember('mia', 'shop_readonly')), 3600);

    const verdict = await runCli(
      dirname(stage.storeFile),
      'audit',
      'verify',
      '--store',
      stage.storeFile,
      '--vkey',
      stage.vkey,
    );
    expect(verdict).toMatchObject({
      code: 0,
      out: expect.stringMatching(
        /^LOST .* signed heads? belongs? to entries that were lost in the rollback told in entry/m,
      ),
    });
    expect(await command(stage, 'store backup', `${backup}.later`)).toMatchObject({ code: 0 });
  });
});
