// The world around the program, in a process of its own: a Slack-compatible workspace without rate limits (so that jobs are
// held up by nothing) and a webhook receiver that answers at once.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock, systemIds } from '../src/lib/system-clock.ts';
import { startWorkspace } from '../src/local/slack/workspace.ts';
import { input, say } from './child.ts';
import { APP, APPROVERS, ASKERS, DBAS_GROUP, ENGINEERS_GROUP, REVIEW, TEAM, type TOKENS } from './world.ts';

const BOT = 'U0HALLPASS';
const tokens = await input<typeof TOKENS>();
const everybody = [...ASKERS, ...APPROVERS, 'U0SAM'];

const workspace = await startWorkspace({
  clock: systemClock,
  ids: systemIds,
  users: everybody.map((id) => ({ id, name: id.toLowerCase(), email: mailOf(id) })),
  channels: [
    { id: REVIEW, name: 'db-access', members: [...everybody, BOT] },
    { id: 'C0AUDIT', name: 'access-audit', is_private: true, members: ['U0SAM', BOT] },
  ],
  usergroups: [
    { id: ENGINEERS_GROUP, handle: 'engineers', users: ASKERS },
    { id: DBAS_GROUP, handle: 'dbas', users: APPROVERS },
  ],
  team: { id: TEAM, name: 'Bench', domain: 'bench' },
  app: { id: APP, botUserId: BOT },
  rateLimits: false,
  ...tokens,
});
const receiverUrl = await startReceiver();
say({ url: workspace.url, apiUrl: workspace.apiUrl, receiverUrl });

function mailOf(id: string): string {
  return `${id === 'U0SAM' ? 'sam' : id.toLowerCase()}@acme.test`;
}

/** Access is there from its grant to its revoke; every grant is a matter of its own, so that one world serves many runs. */
async function startReceiver(): Promise<string> {
  const present = new Set<string>();
  const server = createServer(async (request, response) => {
    const { type, data } = JSON.parse(await textOf(request));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer(present, type, data)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}

function answer(present: Set<string>, type: string, data: { readonly person: string; readonly grant_id: string }) {
  switch (type) {
    case 'access.resolve':
      return { principal: { id: data.person, name: data.person } };
    case 'access.check':
      return { fingerprint: 'f1' };
    case 'access.grant':
      present.add(data.grant_id);
      return { receipt: { membership: data.grant_id } };
    case 'access.revoke':
      present.delete(data.grant_id);
      return { revoked: true };
  }
  return { presence: present.has(data.grant_id) ? 'present' : 'absent' };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}
