// The program as `startProgram` puts it together, with fake targets and a fake chat: for what concerns its start, its stop and
// its store. Passes are put into the log as if they had been asked for and given.
import { generateKey } from '../src/core/ledger/note-key.ts';
import type { GrantId, PersonId, RequestId } from '../src/core/model.ts';
import { secretOf } from '../src/lib/secret.ts';
import { SWEEP } from '../src/operations/actors.ts';
import { change } from '../src/operations/change.ts';
import type { Tools } from '../src/operations/tools.ts';
import type { Clock, Ids } from '../src/ports/clock.ts';
import type { GrantAdapter } from '../src/ports/grant-adapter.ts';
import type { Log } from '../src/ports/log.ts';
import { type Program, type ProgramParts, startProgram } from '../src/program.ts';
import { type FakeAdapter, openFakeAdapter } from './fakes/fake-adapter.ts';
import { type FakeChat, openFakeChat } from './fakes/fake-chat.ts';
import { catalogOf, PEOPLE } from './world-catalog.ts';
import { quietLog } from './world-ports.ts';

export interface ProgramStage {
  readonly chat: FakeChat;
  /** `prod-db` and `billing`. */
  readonly fakes: { readonly 'prod-db': FakeAdapter; readonly billing: FakeAdapter };
  /** What stands between the program and a target. */
  around: (target: string, call: string, proceed: () => Promise<unknown>) => Promise<unknown>;
  start(more?: Partial<ProgramParts>): Promise<Program>;
}

export interface StageParts {
  readonly store: string;
  readonly folder: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log?: Log;
}

const KEY = generateKey('hallpass/test').secret;

export function programStage({ store, folder, clock, ids, log = quietLog }: StageParts): ProgramStage {
  const fakes = {
    'prod-db': openFakeAdapter({ clock, sessions: 'none' }),
    billing: openFakeAdapter({ clock, sessions: 'none', kind: 'fake-billing' }),
  };
  const chat = openFakeChat(clock, PEOPLE);
  const stage: ProgramStage = {
    chat,
    fakes,
    around: (_target, _call, proceed) => proceed(),
    start: (more = {}) =>
      startProgram({
        catalog: catalogOf(),
        targets: Object.entries(fakes).map(([name, { adapter }]) => ({
          name,
          adapter: adapter.kind,
          config: adapter.config.parse({}),
        })),
        adapters: Object.entries(fakes).map(([name, { adapter }]) => surrounded(stage, name, adapter)),
        store,
        localFolder: folder,
        http: { host: '127.0.0.1', port: 0 },
        signingKey: secretOf(KEY),
        openChat: () => Object.assign(chat, { routes: [] }),
        keepCheckpoint: async () => undefined,
        seenCheckpoints: async () => [],
        clock,
        ids,
        log,
        onFatal: (reason) => {
          throw new Error(reason);
        },
        ...more,
      }),
  };
  return stage;
}

function surrounded(stage: ProgramStage, name: string, adapter: FakeAdapter['adapter']): GrantAdapter {
  const given = adapter as unknown as GrantAdapter;
  return {
    ...given,
    connect(config, tools) {
      const connection = given.connect(config, tools);
      return {
        ...connection,
        revoke: (order, signal) =>
          stage.around(name, 'revoke', () => connection.revoke(order, signal)) as Promise<void>,
      };
    },
  };
}

/** A live pass of somebody in a target, given in the log and in the target. */
export async function givePass(
  tools: Tools,
  fake: FakeAdapter,
  target: string,
  who: string,
  seconds: number,
): Promise<GrantId> {
  const grant = tools.ids.next('pass') as GrantId;
  const request = tools.ids.next('req') as RequestId;
  const principal = { id: `acct:${who}@acme.test`, name: who };
  const account = { platform: 'slack', tenant: 'T01', user: `U-${who}` };
  const offer = {
    role: 'prod-db-readonly',
    target,
    targetKey: `${target}/readonly`,
    entitlement: { role: 'readonly' },
    principal,
    fingerprint: 'f',
    durationSeconds: seconds,
    policyVersion: 'policy-1',
  };
  await change(tools, SWEEP, async (draft) => {
    await draft.guardFreeze();
    await draft.decideRequest(request, {
      type: 'adopt',
      id: request,
      role: offer.role,
      target,
      account,
      grants: [grant],
    });
    const person = 'person_x' as PersonId;
    await draft.decideGrant(grant, { type: 'order', id: grant, request, person, digest: 'd', offer });
    for (const type of ['cleared', 'attempt'] as const) await draft.decideGrant(grant, { type });
    await draft.decideGrant(grant, { type: 'confirmed', receipt: { marked: grant } });
  });
  const { deploymentId: deployment } = tools.store;
  fake.target.put({ principal, role: 'readonly', grantId: grant, deployment, endsAt: undefined, state: 'whole' });
  return grant;
}
