// Rows of passes in bulk, as the program would have left them: live, with a card in a channel and one for the holder, or over
// long ago.
import type { AccountRef, Grant, GrantId, Instant, Offer, PersonId, RequestId } from '../src/core/model.ts';
import type { Store, Write } from '../src/ports/store.ts';

const HOUR_MS = 3600_000;
/** In one commit. */
const WRITTEN_AT_ONCE = 200;

export interface Place {
  readonly role: string;
  readonly target: string;
  readonly channel: string;
}

/** Numbered on from `from`. */
export async function writeLivePasses(
  store: Store,
  count: number,
  expiresAt: Instant,
  placeOf: (number: number) => Place,
  from = 0,
): Promise<void> {
  for (let first = from; first < from + count; first += WRITTEN_AT_ONCE) {
    const length = Math.min(WRITTEN_AT_ONCE, from + count - first);
    const numbers = Array.from({ length }, (_, index) => first + index);
    const writes = numbers.flatMap((number) => livePass(number, expiresAt, placeOf(number)));
    const result = await store.commit({ writes });
    if (result.kind !== 'done') throw new Error(`passes could not be written: ${result.kind}`);
  }
}

function livePass(number: number, expiresAt: Instant, { role, target, channel }: Place): readonly Write[] {
  const offer = offerOf(number, role, target);
  const account: AccountRef = { platform: 'slack', tenant: 'T01', user: `p${number}` };
  const [id, request, person] = [grantId(number), `req_${number}` as RequestId, `person_${number}` as PersonId];
  const orderedAt = expiresAt - HOUR_MS;
  const asked = {
    id: request,
    purpose: { kind: 'access' },
    role,
    requester: person,
    account,
    reason: 'bench',
  } as const;
  const opened = { revision: 1, digest: 'd', offer, stages: [], approvals: [] };
  const common = { id, request, person, digest: 'd', offer, orderedAt, expiresAt };
  const card = { request, told: Number.MAX_SAFE_INTEGER, shown: '' };
  const message = { platform: 'slack', tenant: 'T01', message: `m${number}` };
  return [
    {
      ...{ kind: 'request', version: 0 },
      row: {
        ...{ ...asked, ...opened, status: 'approved', grants: [id], closedAt: orderedAt },
        ...{ durationSeconds: 3600, submittedAt: orderedAt },
      },
    },
    {
      kind: 'person',
      version: 0,
      row: { id: person, name: `Person ${number}`, email: undefined, accounts: [account] },
    },
    {
      ...{ kind: 'grant', version: 0 },
      row: { ...common, status: 'active', receipt: {}, activeAt: orderedAt, warned: true } satisfies Grant,
    },
    {
      ...{ kind: 'surface', version: 0 },
      row: {
        ...{
          ...card,
          id: `card_r${number}`,
          audience: 'reviewers',
          place: { channel: { platform: 'slack', channel } },
        },
        message: { ...message, channel },
      },
    },
    {
      ...{ kind: 'surface', version: 0 },
      row: {
        ...{ ...card, id: `card_p${number}`, audience: 'requester', place: { account } },
        message: { ...message, channel: `D${number}` },
      },
    },
  ];
}

export function grantId(number: number): GrantId {
  return `pass_${String(number).padStart(26, '0')}` as GrantId;
}

export function offerOf(number: number, role: string, target: string): Offer {
  return {
    ...{ role, target, targetKey: `bench:${role}`, entitlement: { role }, durationSeconds: 3600, policyVersion: 'p' },
    ...{ principal: { id: `acct:p${number}@acme.test`, name: `p${number}` }, fingerprint: 'f' },
  };
}
