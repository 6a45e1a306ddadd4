// The bench on which the fake adapter is put through the adapter contract, in each of its kinds.
import { createHash } from 'node:crypto';
import type { AdapterBench } from '../contracts/grant-adapter-bench.ts';
import { type FakeAdapter, type FakeConfig, type FakeOptions, type FakeRole, openFakeAdapter } from './fake-adapter.ts';
import { manualClock } from './manual-clock.ts';

export interface FakeBench extends AdapterBench<FakeConfig, FakeRole> {
  readonly fake: FakeAdapter;
}

const TOKENS = { wrong: 'canary-wrong-token-7f3a', right: 'right' } as const;

export function fakeBench(options: Omit<FakeOptions, 'clock'> = {}): FakeBench {
  const clock = manualClock();
  const fake = openFakeAdapter({ clock, ...options });
  const logged: string[] = [];
  const write = (message: string, facts: unknown): void => {
    logged.push(`${message} ${JSON.stringify(facts ?? {})}`);
  };
  const person = (name: string) => ({ id: `per_${name}`, name, email: `${name}@acme.test` });
  fake.forget('stranger@acme.test');
  fake.removeRole('no-such-role');
  return {
    fake,
    adapter: fake.adapter,
    tools: {
      fetch: globalThis.fetch,
      clock,
      log: { debug: write, info: write, warn: write, error: write },
      deploymentId: 'dep_test',
    },
    rawConfig: { token: TOKENS.right },
    rawTarget: { role: 'readonly' },
    rawOtherTarget: { role: 'support' },
    rawMissingTarget: { role: 'no-such-role' },
    person: person('ana'),
    otherPerson: person('ben'),
    stranger: person('stranger'),
    world: {
      has: async (principal, { role }) => fake.target.has(principal.id, role),
      give: async (principal, { role }) => fake.giveByHand(principal.id, role),
      take: async (principal, { role }) => fake.takeByHand(principal.id, role),
      strengthen: async ({ role }) => fake.setPower(role, 'everything'),
      picture: async () => JSON.stringify(fake.target.holdings().map(({ endsAt: _, ...rest }) => rest)),
      openSession: async (principal, { role }) => {
        const session = fake.target.openSession(principal.id, role);
        return { alive: async () => session.alive() };
      },
    },
    broken: {
      deadServer: { server: 'dead' },
      silentServer: { rawConfig: { server: 'silent' }, contacted: async () => undefined },
      wrongCredentials: { token: TOKENS.wrong },
      credentialsRemedy: /token/,
    },
    hostileTarget: (role) => ({ role }),
    settle: () => clock.advance((options.settleSeconds ?? 0) * 1000),
    advance: (ms) => clock.advance(ms),
    canaries: [TOKENS.wrong, canaryOf('grt_contract_1')],
    logged: () => logged.join('\n'),
    close: async () => undefined,
  };
}

function canaryOf(grantId: string): string {
  return `canary-${createHash('sha256').update(grantId).digest('hex').slice(0, 24)}`;
}
