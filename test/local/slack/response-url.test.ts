// Response URLs: 5 uses in 30 minutes, and what they may change.
import { describe, expect, it } from 'vitest';
import { ANA, BEN, type Bench, BOT, bench, REVIEW } from './support.ts';

const post = (url: string, body: unknown) => fetch(url, { method: 'POST', body: JSON.stringify(body) });

async function ofCommand(on: Bench, channel = REVIEW): Promise<string> {
  const { delivery } = await on.workspace.slash(ANA, '/jit', '', channel);
  return String(delivery?.payload.response_url);
}

async function ofClick({ workspace, call }: Bench, ephemeral: boolean): Promise<{ url: string; ts: string }> {
  const blocks = [
    { type: 'actions', elements: [{ type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } }] },
  ];
  const method = ephemeral ? 'chat.postEphemeral' : 'chat.postMessage';
  const { body } = await call(method, { channel: REVIEW, user: ANA, text: 'card', blocks });
  const ts = String(body.ts ?? body.message_ts);
  const { delivery } = await workspace.click(ANA, { channel: REVIEW, ts, actionId: 'go' });
  return { url: String(delivery?.payload.response_url), ts };
}

describe('a response URL', () => {
  it('says something to one person, or to the channel', async () => {
    const on = await bench();
    const url = await ofCommand(on);
    expect(await (await post(url, { text: 'psst' })).text()).toBe('ok');
    await post(url, { text: 'all', response_type: 'in_channel' });
    expect(on.workspace.ephemerals(ANA).at(-1)).toMatchObject({ message: { text: 'psst', user: BOT } });
    expect(on.workspace.ephemerals(BEN)).toEqual([]);
    expect(on.workspace.messages(REVIEW)).toMatchObject([{ text: 'all', user: BOT }]);
  });

  it('works where the bot is no member', async () => {
    const on = await bench();
    expect((await post(await ofCommand(on, 'C0ELSE'), { text: 'x' })).status).toBe(200);
  });

  it('works five times; what is refused does not count', async () => {
    const on = await bench();
    const url = await ofCommand(on);
    expect(await (await post(url, {})).text()).toBe('no_text');
    for (let use = 0; use < 5; use += 1) expect((await post(url, { text: 'x' })).status).toBe(200);
    const sixth = await post(url, { text: 'x' });
    expect([sixth.status, await sixth.text()]).toEqual([404, 'used_url']);
  });

  it('works for 30 minutes', async () => {
    const on = await bench();
    const url = await ofCommand(on);
    await on.clock.advance(30 * 60_000);
    expect((await post(url, { text: 'x' })).status).toBe(200);
    await on.clock.advance(1);
    const late = await post(url, { text: 'x' });
    expect([late.status, await late.text()]).toEqual([404, 'expired_url']);
  });

  it('cannot be guessed', async () => {
    const { workspace } = await bench();
    expect((await post(`${workspace.url}/hooks/x`, { text: 'x' })).status).toBe(404);
  });

  it.each([
    ['blocks that Slack refuses', { text: 'x', blocks: [{ type: 'no' }] }, 'invalid_blocks'],
    ['what is no object', ['x'], 'invalid_payload'],
    ['replacing where there is nothing', { delete_original: true }, 'message_not_found'],
  ])('refuses %s', async (_name, body, error) => {
    const on = await bench();
    const answer = await post(await ofCommand(on), body);
    expect([answer.status, await answer.text()]).toEqual([400, error]);
  });

  it('replaces and deletes the message that was pressed', async () => {
    const on = await bench();
    const { url, ts } = await ofClick(on, false);
    await post(url, { replace_original: true, text: 'done' });
    expect(on.workspace.message(REVIEW, ts)?.text).toBe('done');
    expect(on.workspace.message(REVIEW, ts)).not.toHaveProperty('blocks');
    await post(url, { delete_original: true });
    expect(on.workspace.message(REVIEW, ts)).toBeUndefined();
  });

  it('replaces and deletes an ephemeral one, which stays ephemeral', async () => {
    const on = await bench();
    const { url } = await ofClick(on, true);
    await post(url, { replace_original: true, response_type: 'in_channel', text: 'done' });
    expect(on.workspace.ephemerals(ANA)).toMatchObject([{ message: { text: 'done' } }]);
    expect(on.workspace.messages(REVIEW)).toEqual([]);
    await post(url, { delete_original: true });
    expect(on.workspace.ephemerals(ANA)).toEqual([]);
  });
});
