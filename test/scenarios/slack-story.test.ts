// The main job, end to end, as people see it in Slack and as PostgreSQL sees it, over both transports.
import { copyFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { auditVerify } from '../../src/cli/audit-verify.ts';
import { systemClock, systemIds } from '../../src/lib/system-clock.ts';
import type { Message } from '../../src/local/slack/records.ts';
import { openStore } from '../../src/store/open-store.ts';
import { usePostgres } from '../postgres-server.ts';
import { quietLog } from '../world.ts';
import { ANA, GUS, MIA, openStage, plain, REVIEW, type Stage, type Transport } from './stage.ts';

const postgres = usePostgres(18);

async function stageFor(transport: Transport): Promise<Stage> {
  const stage = await openStage(postgres(), { transport });
  onTestFinished(() => stage.close());
  return stage;
}

function hasButton(message: Message, action: string): boolean {
  return JSON.stringify(message.blocks ?? []).includes(`"action_id":"${action}"`);
}

/** The first line of a message, without what depends on how fast this machine is. */
function timeless(text: string): string {
  const [first = ''] = text.split('\n');
  return first.replace(/\d\d:\d\d UTC/, 'hh:mm UTC').replace(/\d+ seconds? after/, 'n seconds after');
}

function told(stage: Stage, words: string): () => boolean {
  return () => stage.thread().some((text) => text.includes(words));
}

/** Mia's own card in her direct messages with Hallpass, once it has this button. */
function ownCard(stage: Stage, action: string): () => Message | undefined {
  return () => stage.workspace.directMessages(MIA).find((message) => hasButton(message, action));
}

async function approved(stage: Stage, text: string): Promise<void> {
  await stage.workspace.slash(MIA, '/jit', text, REVIEW);
  const card = await stage.until('the card', () =>
    stage.workspace.messages(REVIEW).find((one) => hasButton(one, 'approve')),
  );
  await stage.workspace.click(ANA, { channel: REVIEW, ts: card.ts, actionId: 'approve' });
  await stage.until('access is live', told(stage, 'Access is live'));
}

async function verify(stage: Stage): Promise<{ readonly text: string; readonly exitCode: number }> {
  const tools = { clock: systemClock, ids: systemIds, log: quietLog };
  const store = await openStore(`sqlite:${stage.storeFile}`, tools, { readonly: true });
  try {
    return await auditVerify(store, {
      vkeys: [stage.vkey],
      checkpointFiles: [join(dirname(stage.storeFile), 'checkpoints.txt')],
    });
  } finally {
    await store.close();
  }
}

describe.each<Transport>(['http', 'socket'])('over %s', (transport) => {
  it('asks, refuses self-approval and a guest, grants, extends, is returned, and the thread tells it in order', async () => {
    const stage = await stageFor(transport);
    const { workspace } = stage;
    const asked = await workspace.slash(MIA, '/jit', 'shop-readonly 10m look at order 17', REVIEW);
    expect(asked.acked).toBe(true);
    expect(plain(workspace.ephemerals(MIA).at(-1)?.message.text ?? '')).toContain('Asked for Read the shop database.');
    const card = await stage.until('the card', () => workspace.messages(REVIEW)[0]);

    await workspace.click(MIA, { channel: REVIEW, ts: card.ts, actionId: 'approve' });
    await stage.until('self-approval is refused', told(stage, 'on their own request'));
    await workspace.click(GUS, { channel: REVIEW, ts: card.ts, actionId: 'approve' });
    await stage.until('a guest is refused', told(stage, 'may not decide'));
    expect(await stage.isMember('mia', 'shop_readonly')).toBe(false);

    await workspace.click(ANA, { channel: REVIEW, ts: card.ts, actionId: 'approve' });
    await stage.until('access is live', told(stage, 'Access is live'));
    expect(await stage.isMember('mia', 'shop_readonly')).toBe(true);
    const session = await stage.connect('mia');
    await session.query('set role shop_readonly');
    expect((await session.query('select what from orders where id = 17')).rows).toEqual([{ what: 'a kettle' }]);

    const own = await stage.until('my own card', ownCard(stage, 'extend'));
    const dm = workspace.snapshot(MIA).direct.id;
    await workspace.click(MIA, { channel: dm, ts: own.ts, actionId: 'extend' });
    await stage.until('the form for more time', () => workspace.openView(MIA)?.title?.text === 'Extend');
    const sent = await workspace.submitView(MIA, { duration: '5m', reason: 'one more order' });
    expect(sent.fieldErrors).toBeUndefined();
    const more = await stage.until('the card for more time', () =>
      workspace
        .thread(REVIEW, card.ts)
        .slice(1)
        .find((one) => hasButton(one, 'approve')),
    );
    await workspace.click(ANA, { channel: REVIEW, ts: more.ts, actionId: 'approve' });
    await stage.until('it is extended', told(stage, 'Extended'));

    await workspace.click(MIA, { channel: dm, ts: own.ts, actionId: 'return' });
    await stage.until('it has ended', told(stage, 'Access has ended'));
    expect(await stage.isMember('mia', 'shop_readonly')).toBe(false);
    await expect(session.query('select 1')).rejects.toThrow();

    expect(stage.thread().map(timeless)).toEqual([
      '@mia asked for this for 10 min.',
      '⛔ @mia pressed Approve on their own request. It does not count.',
      '⛔ Somebody who is not a member pressed Approve but may not decide this. It does not count.',
      '✅ @ana approved.',
      '⏳ Giving access in shop-db…',
      '✅ Access is live in shop-db: given, and seen there. It ends at hh:mm UTC.',
      '@mia asked for more time: 5 min.',
      '✅ More time: Read the shop database: Approved. The card of the pass shows its end.',
      '✅ @ana approved more time.',
      '✅ Extended: it now ends at hh:mm UTC.',
      '⏳ Ending: it was given back (@mia). Taking the access back…',
      '🏁 Access has ended. Looked twice in shop-db: it is gone, n seconds after it was due. 1 open session ended.',
    ]);
    const verdict = await verify(stage);
    expect(verdict.text).toContain('The log is whole');
    expect(verdict.exitCode).toBe(0);
  });

  it('runs to its deadline: the live session is killed, the membership is gone, and the log is whole', async () => {
    const stage = await stageFor(transport);
    await approved(stage, 'shop-readonly 10m look at order 17');
    const session = await stage.connect('mia');
    await session.query('set role shop_readonly');
    await session.query('select what from orders');
    await stage.until(
      'the holder is warned',
      () => stage.workspace.directMessages(MIA).find((one) => one.text.includes('Ends soon')),
      700,
    );
    await stage.until('it has ended', told(stage, 'Access has ended'), 700);
    await expect(session.query('select what from orders')).rejects.toThrow();
    expect(session.ended).toBe('57P01');
    expect(await stage.isMember('mia', 'shop_readonly')).toBe(false);
    expect(plain(stage.card().text)).toContain('Ended');
    expect(hasButton(stage.card(), 'approve')).toBe(false);
    expect((await verify(stage)).exitCode).toBe(0);
  });
});

describe('the log of that story', () => {
  it('J01, J05: any changed row is found, whichever it is', async () => {
    const stage = await stageFor('http');
    await approved(stage, 'shop-readonly 10m look at order 17');
    await stage.pass(700);
    await stage.until('it has ended', told(stage, 'Access has ended'));
    await stage.program.stop();
    const untouched = `${stage.storeFile}.copy`;
    copyFileSync(stage.storeFile, untouched);
    expect((await verify(stage)).exitCode).toBe(0);
    const changes = [
      "update events set leaf = replace(leaf, 'U0ANA', 'U0BEN') where seq = (select min(seq) from events where type = 'approval.given')",
      'delete from events where seq = (select max(seq) from events)',
      "update requests set body = replace(body, 'look at order 17', 'look at nothing')",
      'update grants set body = replace(body, \'"revoked"\', \'"failed"\')',
      "update event_texts set text = replace(text, 'order 17', 'order 18')",
      "update checkpoints set note = replace(note, char(10), char(10) || 'x')",
    ];
    for (const change of changes) {
      copyFileSync(untouched, stage.storeFile);
      tamper(stage.storeFile, change);
      expect((await verify(stage)).exitCode, change).toBe(1);
    }
    copyFileSync(untouched, stage.storeFile);
  });
});

/** As somebody with the file in their hands would: triggers are dropped first. */
function tamper(file: string, change: string): void {
  const db = new Sqlite(file);
  for (const { name } of db.prepare("select name from sqlite_master where type = 'trigger'").all() as {
    name: string;
  }[])
    db.exec(`drop trigger "${name}"`);
  const { changes } = db.prepare(change).run();
  db.close();
  expect(changes, change).toBeGreaterThan(0);
}
