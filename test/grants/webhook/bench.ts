// The bench for the webhook adapter: a receiver of its own, over real HTTP, for each case.
import type { JsonObject } from '../../../src/core/model.ts';
import { webhook } from '../../../src/grants/webhook/index.ts';
import type { WebhookConfig, WebhookTarget } from '../../../src/grants/webhook/schema.ts';
import { systemClock } from '../../../src/lib/system-clock.ts';
import { freePort } from '../../../src/local/postgres-server.ts';
import type { AdapterBench } from '../../contracts/grant-adapter-bench.ts';
import { type FakeReceiver, startReceiver } from '../../fakes/fake-webhook-receiver.ts';

export interface WebhookBench extends AdapterBench<WebhookConfig, WebhookTarget> {
  readonly receiver: FakeReceiver;
  readonly config: JsonObject;
}

const KEYS = {
  right: 'Y2FuYXJ5LXNpZ25pbmcta2V5LW9mLTI0Kw==',
  wrong: 'Y2FuYXJ5LXdyb25nLWtleS1vZi0yNC1ieXRlcw==',
} as const;
const PATH_TOKEN = 'canary-path-token';

export async function webhookBench(): Promise<WebhookBench> {
  const receiver = await startReceiver(`whsec_${KEYS.right}`);
  const silent = await startReceiver(`whsec_${KEYS.right}`);
  for (const name of ['ana', 'ben']) receiver.people.add(name);
  for (const role of ['readonly', 'support']) receiver.roles.set(role, 'what-it-always-gave');
  const logged: string[] = [];
  const write = (message: string, facts: unknown): void => {
    logged.push(`${message} ${JSON.stringify(facts ?? {})}`);
  };
  const config: JsonObject = {
    url: `${receiver.url}/${PATH_TOKEN}`,
    secret: `whsec_${KEYS.right}`,
    people: '{mail.local}',
    allow_private_networks: ['127.0.0.0/8'],
    sessions: 'end',
  };
  const person = (name: string) => ({ id: `per_${name}`, name, email: `${name}@acme.test` });
  return {
    receiver,
    config,
    adapter: webhook,
    tools: {
      fetch: globalThis.fetch,
      clock: systemClock,
      log: { debug: write, info: write, warn: write, error: write },
      deploymentId: 'dep_test',
    },
    rawConfig: config,
    rawTarget: { role: 'readonly' },
    rawOtherTarget: { role: 'support' },
    rawMissingTarget: { role: 'no-such-role' },
    person: person('ana'),
    otherPerson: person('ben'),
    stranger: person('stranger'),
    world: {
      has: async ({ id }, { role }) => receiver.holdings.has(`${id} ${role}`),
      give: async ({ id }, { role }) => receiver.give(id, role),
      take: async ({ id }, { role }) => receiver.take(id, role),
      strengthen: async ({ role }) => void receiver.roles.set(role, 'everything'),
      picture: async () => JSON.stringify([...receiver.holdings].sort()),
      openSession: async ({ id }) => {
        receiver.sessions.set(id, (receiver.sessions.get(id) ?? 0) + 1);
        return { alive: async () => receiver.sessions.has(id) };
      },
    },
    broken: {
      deadServer: { ...config, url: `http://127.0.0.1:${await freePort()}/${PATH_TOKEN}` },
      silentServer: {
        rawConfig: { ...config, url: silent.url },
        contacted: () => {
          silent.fail({ silent: true });
          return silent.contacted();
        },
      },
      wrongCredentials: { ...config, secret: `whsec_${KEYS.wrong}` },
      credentialsRemedy: /check the credentials/,
    },
    hostileTarget: (role) => ({ role }),
    settle: async () => undefined,
    canaries: [KEYS.right, KEYS.wrong, PATH_TOKEN],
    logged: () => logged.join('\n'),
    close: async () => {
      await receiver.close();
      await silent.close();
    },
  };
}
