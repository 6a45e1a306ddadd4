// What this version knows of what is stored: every status and type of its own, and nothing that only looks like one (F12).
import { describe, expect, it } from 'vitest';
import { knowsEvent, knowsGrant, knowsRequest } from '../../src/core/known.ts';
import type { GrantStatus, RequestStatus } from '../../src/core/model.ts';
import { keys } from './explore.ts';
import { SAMPLES } from './ledger/samples.ts';

const PASSES = keys<GrantStatus>({
  ...{ scheduled: true, granting: true, active: true, extending: true },
  ...{ revoking: true, revoked: true, force_closed: true, failed: true },
});
const REQUESTS = keys<RequestStatus>({
  ...{ evaluating: true, refused: true, pending: true, approved: true, denied: true },
  ...{ withdrawn: true, withdrawn_early: true, lapsed: true, adopted: true },
});

const NEVER = ['', 'transferred', 'toString', 'constructor', '__proto__', 'hasOwnProperty'];

describe('what is known', () => {
  it('are the types of events that there are samples of', () => {
    expect(Object.keys(SAMPLES).filter((type) => !knowsEvent(type))).toEqual([]);
    expect([...NEVER, 'grant', 'grant.', 'grant.Ordered'].filter(knowsEvent)).toEqual([]);
  });

  it('are the statuses that requests and passes can come to', () => {
    expect(REQUESTS.filter((status) => !knowsRequest(status))).toEqual([]);
    expect(PASSES.filter((status) => !knowsGrant(status))).toEqual([]);
    expect([...NEVER, 'active'].filter(knowsRequest)).toEqual([]);
    expect([...NEVER, 'pending'].filter(knowsGrant)).toEqual([]);
  });
});
