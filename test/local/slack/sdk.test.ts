// The real @slack/web-api client against the workspace, with the faults that a test can order.
// Never with the client's defaults: they wait for ever and retry what must not be sent twice.

import type { ConversationsMembersResponse } from '@slack/web-api';
import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
} from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import type { Workspace } from '../../../src/local/slack/workspace.ts';
import { ANA, bench, QUIET, REVIEW } from './support.ts';

function client({ apiUrl, botToken }: Workspace, options: { timeout?: number; retries?: number } = {}): WebClient {
  return new WebClient(botToken, {
    slackApiUrl: apiUrl,
    timeout: options.timeout ?? 5_000,
    retryConfig: { retries: options.retries ?? 0, minTimeout: 1, maxTimeout: 1 },
    rejectRateLimitedCalls: true,
    logger: QUIET,
  });
}

const message = { channel: REVIEW, text: 'card', metadata: { event_type: 'post', event_payload: { key: 'k' } } };

async function failure(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => 'no failure',
    (error: unknown) => error,
  );
}

describe('the SDK', () => {
  it('posts, updates, reads back and links', async () => {
    const { workspace } = await bench();
    const slack = client(workspace);
    const { ts = '' } = await slack.chat.postMessage({ ...message, blocks: [{ type: 'divider' }] });
    await slack.chat.update({ channel: REVIEW, ts, text: 'now', blocks: [{ type: 'divider' }] });
    const { messages } = await slack.conversations.history({ channel: REVIEW, include_all_metadata: true });
    expect(messages).toMatchObject([{ text: 'now', app_id: 'A0HALLPASS', metadata: message.metadata }]);
    expect((await slack.chat.getPermalink({ channel: REVIEW, message_ts: ts })).permalink).toContain('/archives/');
    const { response_metadata } = await slack.auth.test();
    expect(response_metadata).toMatchObject({ scopes: expect.arrayContaining(['chat:write']) });
  });

  it('gets Slack’s error codes', async () => {
    const { workspace } = await bench({ scopes: ['users:read'] });
    const error = await failure(client(workspace).chat.postMessage(message));
    expect(error).toBeInstanceOf(WebAPIPlatformError);
    expect(error).toMatchObject({ data: { error: 'missing_scope', needed: 'chat:write', provided: 'users:read' } });
  });

  it('pages through members', async () => {
    const { workspace } = await bench();
    const seen: string[] = [];
    for await (const page of client(workspace).paginate('conversations.members', { channel: REVIEW, limit: 1 }))
      seen.push(...((page as ConversationsMembersResponse).members ?? []));
    expect(seen).toEqual([ANA, 'U0BEN', 'U0HALLPASS']);
  });

  it('uploads a file that people of the channel can download', async () => {
    const { workspace } = await bench();
    const content = 'id,who\n1,ana ☂\n';
    await client(workspace).filesUploadV2({
      channel_id: REVIEW,
      filename: 'audit.csv',
      content,
      initial_comment: 'export',
    });
    const [file] = workspace.files();
    expect(file).toMatchObject({ name: 'audit.csv', length: Buffer.byteLength(content), channel: REVIEW });
    expect(workspace.messages(REVIEW)).toMatchObject([{ text: 'export', files: [file?.id] }]);
    const download = (as: string) => fetch(`${workspace.url}/local/files/${file?.id}?as=${as}`);
    expect(await (await download(ANA)).text()).toBe(content);
    expect((await download(ANA)).headers.get('content-disposition')).toContain('attachment');
    expect((await download('U0GUEST')).status).toBe(404);
  });
});

describe('uploads', () => {
  it('need the announced length, the secret address and the bytes before they are completed', async () => {
    const { call, workspace } = await bench();
    const { upload_url, file_id } = (await call('files.getUploadURLExternal', { filename: 'a', length: 3 })).body;
    const files = [{ id: file_id }];
    expect((await call('files.completeUploadExternal', { files })).body.error).toBe('file_not_found');
    expect((await fetch(String(upload_url), { method: 'POST', body: 'four' })).status).toBe(400);
    expect((await fetch(`${workspace.url}/upload/${String(file_id)}/x`, { method: 'POST', body: 'abc' })).status).toBe(
      404,
    );
    expect((await fetch(String(upload_url), { method: 'POST', body: 'abc' })).status).toBe(200);
    expect((await call('files.completeUploadExternal', { files, channel_id: 'C0ELSE' })).body.error).toBe(
      'not_in_channel',
    );
    expect((await call('files.completeUploadExternal', { files, channel_id: REVIEW })).body.ok).toBe(true);
  });

  it.each([
    ['without a name', { length: 1 }, 'invalid_arguments'],
    ['without a length', { filename: 'a' }, 'invalid_arguments'],
    ['of nothing', { filename: 'a', length: 0 }, 'invalid_arguments'],
    ['of too much', { filename: 'a', length: 10_485_761 }, 'file_upload_size_restricted'],
  ])('are refused %s', async (_name, args, error) => {
    const { call } = await bench();
    expect((await call('files.getUploadURLExternal', args)).body.error).toBe(error);
  });
});

describe('ordered faults', () => {
  it('429 with Retry-After, as often as ordered', async () => {
    const { workspace } = await bench();
    workspace.failNext('chat.postMessage', 1, { status: 429, retryAfter: 7 });
    const error = await failure(client(workspace).chat.postMessage(message));
    expect(error).toBeInstanceOf(WebAPIRateLimitedError);
    expect(error).toMatchObject({ retryAfter: 7 });
    expect(workspace.messages(REVIEW)).toEqual([]);
    expect((await client(workspace).chat.postMessage(message)).ok).toBe(true);
    expect(workspace.callsOf('chat.postMessage').map(({ outcome }) => outcome)).toEqual(['ratelimited', 'ok']);
  });

  it('any error code', async () => {
    const { workspace } = await bench();
    workspace.failNext('*', 2, { error: 'edit_window_closed' });
    expect(await failure(client(workspace).auth.test())).toMatchObject({ data: { error: 'edit_window_closed' } });
    expect(await failure(client(workspace).team.info())).toMatchObject({ data: { error: 'edit_window_closed' } });
    expect((await client(workspace).auth.test()).ok).toBe(true);
  });

  it('the lost answer: stored, then the connection is cut', async () => {
    const { workspace } = await bench();
    workspace.failNext('chat.postMessage', 1, { applyThenDrop: true });
    const error = await failure(client(workspace).chat.postMessage(message));
    expect(error).toBeInstanceOf(WebAPIRequestError);
    expect(workspace.messages(REVIEW)).toMatchObject([{ text: 'card', metadata: message.metadata }]);
    const { messages } = await client(workspace).conversations.history({ channel: REVIEW, include_all_metadata: true });
    expect(messages).toMatchObject([{ metadata: message.metadata }]);
  });

  it('the lost answer makes a second copy when the client retries', async () => {
    const { workspace } = await bench();
    workspace.failNext('chat.postMessage', 1, { applyThenDrop: true });
    await client(workspace, { retries: 1 }).chat.postMessage(message);
    expect(workspace.messages(REVIEW)).toHaveLength(2);
  });

  it('503, with and without the effect', async () => {
    const { workspace } = await bench();
    workspace.failNext('chat.postMessage', 1, { status: 503 });
    workspace.failNext('chat.postMessage', 1, { status: 503, applied: true });
    for (const copies of [0, 1]) {
      const error = await failure(client(workspace).chat.postMessage(message));
      expect(error).toBeInstanceOf(WebAPIHTTPError);
      expect(workspace.messages(REVIEW)).toHaveLength(copies);
    }
  });

  it('a hang, which only the client’s own timeout ends', async () => {
    const { workspace } = await bench();
    workspace.failNext('chat.postMessage', 1, { hang: true });
    const error = await failure(client(workspace, { timeout: 50 }).chat.postMessage(message));
    expect(error).toBeInstanceOf(WebAPIRequestError);
    expect(workspace.callsOf('chat.postMessage')).toMatchObject([{ outcome: 'hung' }]);
    expect(workspace.messages(REVIEW)).toEqual([]);
  });

  it('for a time, by the clock', async () => {
    const { workspace, clock } = await bench();
    workspace.failFor('*', clock.now() + 60_000, { error: 'internal_error' });
    expect(await failure(client(workspace).auth.test())).toMatchObject({ data: { error: 'internal_error' } });
    await clock.advance(59_999);
    expect(await failure(client(workspace).auth.test())).toMatchObject({ data: { error: 'internal_error' } });
    await clock.advance(1);
    expect((await client(workspace).auth.test()).ok).toBe(true);
  });

  it('can be taken back', async () => {
    const { workspace } = await bench();
    workspace.failNext('*', 5, { error: 'internal_error' });
    workspace.clearFaults();
    expect((await client(workspace).auth.test()).ok).toBe(true);
  });

  it('Slack is away, and back', async () => {
    const { workspace } = await bench();
    workspace.down();
    expect(await failure(client(workspace).auth.test())).toBeInstanceOf(WebAPIRequestError);
    expect(workspace.calls).toEqual([]);
    workspace.up();
    expect((await client(workspace).auth.test()).ok).toBe(true);
  });
});
