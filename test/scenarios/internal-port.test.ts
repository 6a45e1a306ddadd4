// The internal port of a whole Hallpass, with Slack and PostgreSQL around it: health, and figures that are right and name
// nobody (threat I08); and the watchdog that looks at it over HTTP until it is gone (threat F15).
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Message } from '../../src/local/slack/records.ts';
import { lookAtPages, lookOnce } from '../../src/watchdog.ts';
import { samplesOf } from '../metrics/scrape.ts';
import { usePostgres } from '../postgres-server.ts';
import { quietLog } from '../world.ts';
import { ANA, MIA, openStage, REVIEW, type Stage, type Transport } from './stage.ts';

const postgres = usePostgres(18);

async function stageFor(transport: Transport): Promise<Stage> {
  const stage = await openStage(postgres(), { transport });
  onTestFinished(() => stage.close());
  return stage;
}

async function ask(stage: Stage, path: string): Promise<readonly [number, string]> {
  const reply = await fetch(`http://127.0.0.1:${stage.program.internalPort}${path}`);
  return [reply.status, await reply.text()];
}

function isPending(message: Message): boolean {
  return JSON.stringify(message.blocks ?? []).includes('"action_id":"approve"');
}

/** mia asks, ana approves, the pass ends at its deadline. */
async function story(stage: Stage): Promise<void> {
  await stage.workspace.slash(MIA, '/jit', 'shop-readonly 10m the reason nobody may read INC-42', REVIEW);
  const card = await stage.until('the card', () => stage.workspace.messages(REVIEW).find(isPending));
  await stage.workspace.click(ANA, { channel: REVIEW, ts: card.ts, actionId: 'approve' });
  const told = (words: string) => () => stage.thread().some((text) => text.includes(words));
  await stage.until('access is live', told('Access is live'));
  const live = samplesOf((await ask(stage, '/metrics'))[1]);
  expect([...live].filter(([name]) => name.startsWith('hallpass_live_grants'))).toEqual([
    ['hallpass_live_grants{status="active",target="shop-db"}', 1],
  ]);
  await stage.until('access has ended', told('Access has ended'), 900);
}

describe.each(['socket', 'http'] as const)('over %s', (transport) => {
  it('health and figures are on the internal port alone; after a story they are right, and name nobody', async () => {
    const stage = await stageFor(transport);
    expect(await ask(stage, '/live')).toEqual([200, 'alive']);
    expect(stage.program.port === undefined).toBe(transport === 'socket');
    await story(stage);
    const [status, page] = await ask(stage, '/metrics');
    const samples = samplesOf(page);
    expect([status, (await ask(stage, '/ready'))[0]]).toEqual([200, 200]);
    expect(samples.get('hallpass_revoke_lag_seconds_count{target="shop-db"}')).toBe(1);
    expect(samples.get('hallpass_revoke_lag_seconds_bucket{le="120",target="shop-db"}')).toBe(1);
    expect(samples.get('hallpass_target_call_duration_seconds_count{target="shop-db",call="grant",outcome="ok"}')).toBe(
      1,
    );
    expect(samples.get('hallpass_job_duration_seconds_count{kind="grant",outcome="done"}')).toBeGreaterThan(0);
    expect(samples.get('hallpass_oldest_overdue_seconds')).toBe(0);
    expect(samples.get('hallpass_last_sweep_age_seconds')).toBeLessThan(15);
    expect(samples.get('hallpass_store_up')).toBe(1);
    expect(samples.get('hallpass_ready')).toBe(1);
    if (transport === 'http') {
      const outside = await fetch(`http://127.0.0.1:${stage.program.port}/metrics`);
      expect(outside.status).toBe(404);
      expect(page).toContain('route="/slack/events"');
    }
    // Accounts, logins, names, addresses, words that were typed, ids of requests, passes and people, channels.
    expect(page).not.toMatch(/U0|C0|T0|mia|ana|Mia|Ana|acme|INC-42|nobody may read|(req|pass|person|job)_0/);
  });
});

it('the watchdog sees it over HTTP until it has stopped, and again when it is back', async () => {
  const stage = await stageFor('socket');
  const never = new AbortController().signal;
  const see = (port: number) =>
    lookOnce(
      {
        look: lookAtPages([`http://127.0.0.1:${port}/metrics`], fetch, quietLog),
        ...{ clock: stage.clock, log: quietLog },
      },
      never,
    );
  const { internalPort } = stage.program;
  await stage.until('a sight', async () => ((await see(internalPort))?.oldestUntoldSeconds === 0 ? true : undefined));
  expect(await see(internalPort)).toMatchObject({ oldestOverdueSeconds: 0, leaves: expect.any(Number) });
  await stage.restart();
  expect(await see(internalPort)).toBeUndefined();
  expect(await see(stage.program.internalPort)).toMatchObject({ oldestOverdueSeconds: 0 });
});
