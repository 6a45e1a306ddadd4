// Every command in every state that can be reached: what the laws forbid does not happen anywhere, every status comes about,
// and every command is taken somewhere and refused somewhere.
import { describe, expect, it } from 'vitest';
import type { GrantCommand } from '../../src/core/grant-command.ts';
import type { GrantStatus, RequestStatus } from '../../src/core/model.ts';
import type { RequestCommand } from '../../src/core/request-command.ts';
import { keys } from './explore.ts';
import { REASONS, walkPass } from './walk-pass.ts';
import { walkRequest } from './walk-request.ts';

const statuses = (nodes: ReadonlyMap<string, { readonly row: { readonly status: string } | undefined }>) =>
  [...new Set([...nodes.values()].flatMap(({ row }) => (row ? [row.status] : [])))].sort();

describe('every pass that can come about', () => {
  const { nodes, moves, stuck, seen } = walkPass();

  it('keeps every law', () => {
    expect([...seen.broken]).toEqual([]);
  });
  it('can come to an end', () => {
    expect(stuck).toEqual([]);
  });
  it('is as many as ever (fewer would mean that the walk lost its way)', () => {
    expect(nodes.size).toBeGreaterThan(30_000);
    expect(moves).toBeGreaterThan(1_500_000);
  });
  it('is seen in every status', () => {
    const all = keys<GrantStatus>({
      ...{ scheduled: true, granting: true, active: true, extending: true },
      ...{ revoking: true, revoked: true, force_closed: true, failed: true },
    });
    expect(statuses(nodes)).toEqual(all);
  });
  it('ends for every reason', () => {
    const reasons = [...nodes.values()].flatMap(({ row }) => (row && 'ending' in row ? [row.ending.because] : []));
    expect([...new Set(reasons)].sort()).toEqual(REASONS);
  });
  it('takes every command somewhere and refuses it somewhere', () => {
    const all = keys<GrantCommand['type']>({
      ...{ order: true, start: true, cleared: true, already_there: true, changed: true, attempt: true },
      ...{ attempt_failed: true, accepted: true, confirmed: true, give_up: true, warn: true, extend: true },
      ...{ extended: true, extension_failed: true, end: true, revoke_failed: true, overdue: true },
      ...{ seen_absent: true, seen_present: true, reappeared: true, attest: true },
      ...{ adopt: true, drifted: true, spooled: true, ask_close: true },
    });
    expect([...seen.accepted].sort()).toEqual(all);
    expect([...seen.refused].sort()).toEqual(all);
  });
  it('says no in these ways', () => {
    expect([...seen.codes].sort()).toEqual([
      'lapsed',
      'not_due',
      'not_live',
      'not_overdue',
      'not_yours',
      'note_missing',
      'second_person_missing',
      'unknown_pass',
      'wrong_status',
    ]);
  });
});

describe('every request that can come about', () => {
  const { nodes, moves, stuck, seen } = walkRequest();

  it('keeps every law', () => {
    expect([...seen.broken]).toEqual([]);
  });
  it('can come to an end', () => {
    expect(stuck).toEqual([]);
  });
  it('is as many as ever', () => {
    expect(nodes.size).toBeGreaterThan(100);
    expect(moves).toBeGreaterThan(5_000);
  });
  it('is seen in every status', () => {
    const all = keys<RequestStatus>({
      ...{ evaluating: true, refused: true, pending: true, approved: true },
      ...{ denied: true, withdrawn: true, lapsed: true, withdrawn_early: true, adopted: true },
    });
    expect(statuses(nodes)).toEqual(all);
  });
  it('takes every command somewhere and refuses it somewhere', () => {
    const all = keys<RequestCommand['type']>({
      ...{ submit: true, adopt: true, refuse: true, open: true, open_approved: true, approve: true },
      ...{ deny: true, withdraw: true, comment: true, lapse: true, revise: true },
    });
    expect([...seen.accepted].sort()).toEqual(all);
    expect([...seen.refused].sort()).toEqual(all);
  });
  it('says no in these ways', () => {
    expect([...seen.codes].sort()).toEqual([
      'already_approved',
      'lapsed',
      'not_an_approver',
      'not_due',
      'not_yours',
      'note_missing',
      'outdated',
      'own_request',
      'unknown_request',
      'wrong_status',
    ]);
  });
});
