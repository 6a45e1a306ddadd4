// The two moments that cases begin from, told once for each target and store: asked and not yet approved (for G points);
// live and not yet ended (for R points).
import type { Principal } from '../../src/core/model.ts';
import type { GrantAdapter, GrantConnection } from '../../src/ports/grant-adapter.ts';
import type { FaultBench } from './fault-bench.ts';
import { ASK } from './fault-catalog.ts';
import { type FaultWorld, openFaultWorld, type Scene } from './fault-world.ts';
import { approve, say } from './people.ts';
import type { Replica, Warden } from './replica.ts';
import type { StoreBench } from './store-bench.ts';
import { virtualTime } from './virtual-time.ts';

export interface Stage {
  readonly bench: FaultBench<unknown, unknown>;
  readonly stores: StoreBench;
  readonly connection: GrantConnection<unknown>;
  /** The access that is asked for, and two people as the target knows them. */
  readonly target: unknown;
  readonly holder: Principal;
  readonly other: Principal;
  readonly asked: Scene;
  readonly live: Scene;
  close(): Promise<void>;
}

/** 2026-01-01T00:00:00Z */
const START = 1_767_225_600_000;
const SIGNED_WITHIN_MS = 660_000;
const NOBODY_STOPS: Warden = { before: async () => undefined, after: async () => undefined };

export async function openStage(bench: FaultBench<unknown, unknown>, stores: StoreBench): Promise<Stage> {
  const adapter = bench.adapter as GrantAdapter<unknown, unknown>;
  const connection = adapter.connect(adapter.config.parse(bench.rawConfig), {
    ...bench.tools,
    deploymentId: stores.deploymentId,
  });
  const time = virtualTime(START);
  await bench.beginAgain?.(time);
  const empty = await stores.empty();
  const nothing: Scene = { at: START, ids: 0, store: empty, signed: [empty], checkpoints: [], sent: [] };
  const parts = { bench, stores, time, connection, outcome: 'ok', warden: NOBODY_STOPS } as const;
  const world = await openFaultWorld(parts, nothing);
  await metBefore(world, await begun(world, 'p'));
  const replica = await begun(world, 'q');
  await say(world, replica, 'mia', ASK);
  await replica.turn();
  const asked = await world.scene();
  const [pending] = await world.store().requestsIn('pending', 1);
  await approve(world, replica, pending?.row.id ?? '');
  await untilQuiet(world, replica);
  const live = await world.scene();
  const never = new AbortController().signal;
  const holder = await connection.resolve(bench.person, never);
  const other = await connection.resolve(bench.otherPerson, never);
  const target = adapter.target.parse(bench.rawTarget);
  async function close(): Promise<void> {
    await connection.close?.();
    await stores.close();
    await bench.close();
  }
  return { bench, stores, connection, target, holder, other, asked, live, close };
}

async function begun(world: FaultWorld, owner: string): Promise<Replica> {
  const { replica, begin } = await world.boot(owner);
  await begin();
  await replica.turn();
  return replica;
}

/** Somebody who was never heard of cannot be looked for in a target when the store was put back. */
async function metBefore(world: FaultWorld, replica: Replica): Promise<void> {
  await say(world, replica, 'mia', ASK);
  await replica.turn();
  await say(world, replica, 'mia', 'return');
  await replica.turn();
  await world.time.advance(SIGNED_WITHIN_MS);
  await replica.turn();
}

/** A few seconds, so that whatever is told has been told. */
async function untilQuiet(world: FaultWorld, replica: Replica): Promise<void> {
  for (let turns = 0; turns < 10; turns += 1) {
    await replica.turn();
    await world.time.advance(1_000);
  }
  const [grant] = await world.store().liveGrants({}, 1);
  if (grant?.row.status !== 'active')
    throw new Error(`the story before the cases did not lead to a live pass: ${world.errors}`);
}
