// What goes wrong in the world: each gets a clear sentence, and nothing is lost.
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Message } from '../../src/local/slack/records.ts';
import { usePostgres } from '../postgres-server.ts';
import { openProxy } from '../tcp-proxy.ts';
import { ANA, AUDIT, MIA, openStage, plain, REVIEW, SAM, type Stage, type StageOptions } from './stage.ts';

const postgres = usePostgres(18);

async function stageWith(options: StageOptions = {}): Promise<Stage> {
  const stage = await openStage(postgres(), { transport: 'http', ...options });
  onTestFinished(() => stage.close());
  return stage;
}

function hasButton(message: Message, action: string): boolean {
  return JSON.stringify(message.blocks ?? []).includes(`"action_id":"${action}"`);
}

async function typed(stage: Stage, text: string): Promise<string> {
  const before = stage.workspace.ephemerals(MIA).length;
  await stage.workspace.slash(MIA, '/jit', text, REVIEW);
  return stage.until(`an answer to ${text.slice(0, 40)}`, () => {
    const answers = stage.workspace.ephemerals(MIA);
    return answers.length > before ? plain(answers.at(-1)?.message.text ?? '') : undefined;
  });
}

function cardOf(stage: Stage): Promise<Message> {
  return stage.until('the card', () => stage.workspace.messages(REVIEW).find((one) => hasButton(one, 'approve')));
}

async function grantedPass(stage: Stage, text: string): Promise<Message> {
  await typed(stage, text);
  const card = await cardOf(stage);
  await stage.workspace.click(ANA, { channel: REVIEW, ts: card.ts, actionId: 'approve' });
  await stage.until('access is live', () => stage.thread().some((line) => line.includes('Access is live')));
  return card;
}

describe('what people type', () => {
  it.each([
    ['shop-readonyl 10m fix', 'There is no role “shop-readonyl”'],
    ['shop-readonly -1h fix', 'is not a duration that works here'],
    ['shop-readonly 1e9h fix', 'is not a duration that works here'],
    ['shop-readonly 31m fix', 'The longest time for this role is 30 min'],
    ['return', 'There is no such live pass of yours'],
    ['extend 10m', 'There is no such live pass of yours'],
    ['freeze all because', '“freeze” is not in this version'],
    [`shop-readonly 10m ${'x'.repeat(3001)}`, '3001 characters'],
  ])('%.40s is answered with a sentence', async (text, sentence) => {
    const stage = await stageWith();
    expect(await typed(stage, text)).toContain(sentence);
    expect(stage.workspace.messages(REVIEW)).toEqual([]);
  });

  it('C05, C06: a long reason full of markup and mentions is text, behind the fixed facts, and is kept whole', async () => {
    const stage = await stageWith();
    const hostile = `<!channel> <!here> @everyone <http://evil.test|docs> *approved* \`x\` & ${'line\n'.repeat(300)}`
      .slice(0, 2990)
      .trim();
    await typed(stage, `shop-readonly 10m ${hostile}`);
    const card = await cardOf(stage);
    const blocks = card.blocks ?? [];
    const markup = JSON.stringify(blocks.filter((block) => block['type'] !== 'rich_text'));
    expect(markup).not.toContain('<!channel');
    expect(markup).not.toContain('evil.test');
    expect(card.text).not.toContain('<!channel');
    expect(blocks.findIndex((block) => block['type'] === 'rich_text')).toBeGreaterThan(2);
    const stored = (await stage.program.tools.store.requestsIn('pending', 10))[0];
    expect(stored?.row.reason).toBe(hostile);
  });

  it('missing fields open the form with what was typed, and the form says on the field what is wrong', async () => {
    const stage = await stageWith();
    await stage.workspace.slash(MIA, '/jit', 'shop-readonly', REVIEW);
    const view = await stage.until('the form', () => stage.workspace.openView(MIA));
    expect(JSON.stringify(view)).toContain('shop-readonly');
    const refused = await stage.workspace.submitView(MIA, { duration: '10m', reason: '   ' });
    expect(refused.fieldErrors?.['reason']).toContain('Say in a few words');
    const asked = await stage.workspace.submitView(MIA, { duration: '10m', reason: 'order 17' });
    expect(asked.fieldErrors).toBeUndefined();
    await cardOf(stage);
  });

  it('an expired trigger is told, and the command works when it is typed again', async () => {
    const stage = await stageWith();
    stage.workspace.failNext('views.open', 1, { error: 'expired_trigger_id' });
    expect(await typed(stage, '')).toContain('Slack took too long to open the form');
    await stage.workspace.slash(MIA, '/jit', '', REVIEW);
    await stage.until('the form', () => stage.workspace.openView(MIA));
  });
});

describe('when things are down', () => {
  it('Slack down at the deadline: access ends on time, and the thread is told when Slack is back, each thing once', async () => {
    const stage = await stageWith();
    await grantedPass(stage, 'shop-readonly 5m order 17');
    stage.workspace.down();
    await stage.until('the membership is gone', async () => !(await stage.isMember('mia', 'shop_readonly')), 400);
    stage.workspace.up();
    await stage.until(
      'the thread tells the end',
      () => stage.thread().some((line) => line.includes('Access has ended')),
      600,
    );
    const lines = stage.thread();
    expect(new Set(lines).size).toBe(lines.length);
  });

  it('the target down at the deadline: an alarm, and the end as soon as it is back', async () => {
    const proxy = await openProxy(postgres().port);
    onTestFinished(() => proxy.close());
    const stage = await stageWith({ targetPort: proxy.port });
    await grantedPass(stage, 'shop-readonly 5m order 17');
    proxy.cut();
    await stage.until(
      'the alarm',
      () => stage.workspace.messages(AUDIT).some((one) => one.text.includes('ALARM: access is overdue')),
      1200,
    );
    expect(plain(stage.card().text)).toContain('OVERDUE');
    expect(await stage.isMember('mia', 'shop_readonly')).toBe(true);
    proxy.heal();
    await stage.until('it has ended', () => stage.thread().some((line) => line.includes('Access has ended')), 1200);
    expect(await stage.isMember('mia', 'shop_readonly')).toBe(false);
  });

  it('the target down when asked: the requester hears it, and no approver was bothered', async () => {
    const proxy = await openProxy(postgres().port);
    onTestFinished(() => proxy.close());
    const stage = await stageWith({ targetPort: proxy.port });
    proxy.cut();
    await typed(stage, 'shop-readonly 5m order 17');
    await stage.until(
      'the requester hears it',
      () => stage.workspace.directMessages(MIA).find((one) => one.text.includes('did not answer for several minutes')),
      900,
    );
    expect(stage.workspace.messages(REVIEW)).toEqual([]);
  });

  it('D07: ten minutes of 429 end with every message once, and the order in the thread kept', async () => {
    const stage = await stageWith();
    await typed(stage, 'shop-readonly 5m order 17');
    const card = await cardOf(stage);
    const until = stage.clock.now() + 600_000;
    for (const method of ['chat.postMessage', 'chat.update'])
      stage.workspace.failFor(method, until, { status: 429, retryAfter: 30 });
    await stage.workspace.click(ANA, { channel: REVIEW, ts: card.ts, actionId: 'approve' });
    await stage.until('access is live in the target', () => stage.isMember('mia', 'shop_readonly'));
    await stage.until(
      'and ended, with chat still limited',
      async () => !(await stage.isMember('mia', 'shop_readonly')),
      500,
    );
    await stage.until(
      'the thread tells the end',
      () => stage.thread().some((line) => line.includes('Access has ended')),
      900,
    );
    const lines = stage.thread();
    expect(lines.findIndex((line) => line.includes('approved.'))).toBeLessThan(
      lines.findIndex((line) => line.includes('Access is live')),
    );
    expect(lines.findIndex((line) => line.includes('Access is live'))).toBeLessThan(
      lines.findIndex((line) => line.includes('Access has ended')),
    );
    expect(new Set(lines).size).toBe(lines.length);
  });

  it('a lost answer never doubles a card or a reply', async () => {
    const stage = await stageWith();
    stage.workspace.failNext('chat.postMessage', 3, { applyThenDrop: true });
    await grantedPass(stage, 'shop-readonly 5m order 17');
    const cards = stage.workspace.messages(REVIEW).filter((one) => one.thread_ts === undefined);
    expect(cards).toHaveLength(1);
    const lines = stage.thread();
    expect(new Set(lines).size).toBe(lines.length);
  });
});

describe('security', () => {
  it('ends all passes of a role at once, and only security may', async () => {
    const stage = await stageWith();
    await grantedPass(stage, 'shop-readonly 10m order 17');
    await stage.workspace.slash(ANA, '/jit', 'revoke shop-readonly', REVIEW);
    await stage.until('Ana is refused', () =>
      JSON.stringify([stage.workspace.ephemerals(ANA), stage.workspace.directMessages(ANA)]).includes(
        'Only people in secops can do that',
      ),
    );
    expect(await stage.isMember('mia', 'shop_readonly')).toBe(true);
    await stage.workspace.slash(SAM, '/jit', 'revoke shop-readonly suspicious queries', REVIEW);
    await stage.until('it has ended', () => stage.thread().some((line) => line.includes('Access has ended')));
    expect(await stage.isMember('mia', 'shop_readonly')).toBe(false);
    expect(stage.thread().some((line) => line.includes('security ended it (@sam)'))).toBe(true);
  });
});
