// A page as a signed HTTPS POST by the Standard Webhooks convention: for whatever wakes people and has no kind of its own here.
// README.md is the contract with the receiver.
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
import type { JsonObject } from '../../core/model.ts';
import { postPage } from '../../lib/pager-http.ts';
import { oneLine } from '../../lib/plain-text.ts';
import { reveal } from '../../lib/secret.ts';
import { guardedSend, type Resolve } from '../../lib/ssrf.ts';
import { messageId, signedHeaders } from '../../lib/standard-webhooks.ts';
import { definePager, type Page, type Pager, type PagerKind, type PagerTools } from '../../ports/pager.ts';
import { WebhookPagerConfig } from './schema.ts';

const LINE_MAX_CHARACTERS = 2_000;

export const webhook = webhookPager();

/** The kind, with another name server for tests. */
export function webhookPager(resolve?: Resolve): PagerKind<WebhookPagerConfig> {
  return definePager({
    kind: 'webhook',
    title: 'Signed webhook',
    config: WebhookPagerConfig,
    open: (name, config, tools) => open(name, config, tools, resolve),
  });
}

interface Message {
  readonly type: 'page' | 'page.check';
  readonly data: JsonObject;
  /** What a message that is sent again has in common with the first. */
  readonly id: string;
}

function open(
  name: string,
  config: WebhookPagerConfig,
  { clock, deploymentId: deployment }: PagerTools,
  resolve?: Resolve,
): Pager {
  // Not tools.fetch: the address is somebody's setting, and only the guarded sender sees to where it leads (threat G09).
  const send = guardedSend({ allow: config.allow_private_networks, ...(resolve === undefined ? {} : { resolve }) });
  async function post({ type, data, id }: Message, signal: AbortSignal): Promise<void> {
    const now = clock.now();
    const body = JSON.stringify({ type, timestamp: new Date(now).toISOString(), data: { deployment, ...data } });
    const headers = { 'content-type': 'application/json', ...signedHeaders(config.secret, id, now, body) };
    await postPage(send, { system: 'The webhook receiver', url: reveal(config.url), headers, body }, signal);
  }
  return {
    name,
    page: (page, signal) =>
      post({ type: 'page', data: dataOf(page), id: messageId(deployment, 'page', page.key, page.at) }, signal),
    check: (signal) =>
      post({ type: 'page.check', data: {}, id: messageId(deployment, 'page.check', clock.now()) }, signal),
  };
}

function dataOf({ key, code, title, lines, at, organization, runBook }: Page): JsonObject {
  return {
    ...{ key, code, title: oneLine(title, LINE_MAX_CHARACTERS), at: new Date(at).toISOString(), organization },
    ...{ lines: lines.map((line) => oneLine(line, LINE_MAX_CHARACTERS)), run_book: runBook },
  };
}
