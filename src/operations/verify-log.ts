// The audit of a whole store: the ledger's own proof, then every request and grant folded anew from the log and compared
// with the stored row (threat J05: an event without its change of state, or the reverse). Reads only.
import { isDeepStrictEqual } from 'node:util';
import type { DomainEvent } from '../core/events.ts';
import { evolveGrant } from '../core/grant-evolve.ts';
import { knowsEvent } from '../core/known.ts';
import { readLeaf } from '../core/ledger/leaf.ts';
import { openVerifier, type Verdict } from '../core/ledger/verify.ts';
import type { AccessRequest, Grant } from '../core/model.ts';
import { evolveRequest } from '../core/request-evolve.ts';
import type { Store, StoredLeaf } from '../ports/store.ts';

const PAGE = 1000;

interface RowFinding {
  readonly code: 'row_changed' | 'row_missing' | 'log_unreadable';
  readonly id: string;
}
export interface LogVerdict {
  readonly ledger: Verdict;
  readonly rows: readonly RowFinding[];
  /** Rows that were compared with what the log says of them. */
  readonly checked: { readonly requests: number; readonly grants: number };
  /** Entries that a newer version wrote: proven to be as written, but what follows from them is not known here. */
  readonly unknown: { readonly entries: number; readonly rows: number };
  readonly ok: boolean;
}

export interface LogProof {
  readonly vkeys: readonly string[];
  /** Signed heads that were kept elsewhere, oldest first: a store that was rolled back still carries its own. */
  readonly checkpoints: readonly string[];
  /** Likewise those of further places (other replicas), each by itself. */
  readonly alsoKept?: readonly (readonly string[])[];
  readonly onProgress?: (leaves: number) => void;
}

export async function verifyLog(store: Store, proof: LogProof): Promise<LogVerdict> {
  const kept = await store.checkpoints(0);
  const { size, rootHex } = await store.ledgerHead();
  const verifier = openVerifier({
    ...{ checkpoints: kept.map(({ note }) => note), kept: [proof.checkpoints, ...(proof.alsoKept ?? [])] },
    ...{ vkeys: proof.vkeys, head: { size, rootHex } },
  });
  const folded = fold();
  for (let from = 0; ; ) {
    const page = await store.leaves(from, PAGE);
    if (page.length === 0) break;
    for (const leaf of page) {
      verifier.add(leaf);
      folded.add(leaf);
    }
    from = (page.at(-1)?.seq ?? from) + 1;
    proof.onProgress?.(from);
  }
  const ledger = verifier.finish();
  const rows = [...folded.unreadable, ...(await compare(store, folded))];
  const checked = { requests: folded.requests.size, grants: folded.grants.size };
  const unknown = { entries: folded.unknown.length, rows: folded.beyond.size };
  return { ledger, rows, checked, unknown, ok: ledger.ok && rows.length === 0 };
}

interface Folded {
  readonly requests: Map<string, AccessRequest>;
  readonly grants: Map<string, Grant>;
  /** Rows whose personal text was erased: they are compared without it. */
  readonly erased: Set<string>;
  readonly unreadable: RowFinding[];
  /** Numbers of the entries whose type is not known. */
  readonly unknown: number[];
  /** Rows that such an entry is about: nobody here can say how they must stand. */
  readonly beyond: Set<string>;
}

function fold(): Folded & { add(leaf: StoredLeaf): void } {
  const folded: Folded = {
    ...{ requests: new Map(), grants: new Map(), erased: new Set() },
    ...{ unreadable: [], unknown: [], beyond: new Set() },
  };
  function apply(leaf: StoredLeaf): void {
    const entry = readLeaf(leaf.leaf);
    if (!entry) throw new Error('unreadable');
    const event = { ...entry, ...(leaf.text ? { text: leaf.text } : {}) } as unknown as DomainEvent;
    const { request, grant } = event.subject;
    if (!knowsEvent(entry.type)) {
      leave(leaf.seq, [request, grant]);
      return;
    }
    if (entry.commitment !== undefined && !leaf.text && request) folded.erased.add(request);
    const about =
      request && !folded.beyond.has(request) ? evolveRequest(folded.requests.get(request), event) : undefined;
    if (request && about) folded.requests.set(request, about);
    const pass = grant && !folded.beyond.has(grant) ? evolveGrant(folded.grants.get(grant), event) : undefined;
    if (grant && pass) folded.grants.set(grant, pass);
  }
  function leave(seq: number, ids: readonly (string | undefined)[]): void {
    folded.unknown.push(seq);
    for (const id of ids) {
      if (id === undefined) continue;
      folded.beyond.add(id);
      folded.requests.delete(id);
      folded.grants.delete(id);
    }
  }
  return {
    ...folded,
    add(leaf) {
      try {
        apply(leaf);
      } catch {
        // A leaf that cannot follow from the ones before it: the log does not tell a possible story.
        folded.unreadable.push({ code: 'log_unreadable', id: String(leaf.seq) });
      }
    },
  };
}

async function compare(store: Store, folded: Folded): Promise<readonly RowFinding[]> {
  const findings: RowFinding[] = [];
  for (const [id, row] of folded.requests) {
    const stored = (await store.request(id))?.row;
    if (!stored) findings.push({ code: 'row_missing', id });
    else if (!same(row, stored, folded.erased.has(id))) findings.push({ code: 'row_changed', id });
  }
  for (const [id, row] of folded.grants) {
    const stored = (await store.grant(id))?.row;
    if (!stored) findings.push({ code: 'row_missing', id });
    else if (!isDeepStrictEqual(plain(row), plain(stored))) findings.push({ code: 'row_changed', id });
  }
  return findings;
}

function same(row: AccessRequest, stored: AccessRequest, isErased: boolean): boolean {
  return isDeepStrictEqual(plain(isErased ? wordless(row) : row), plain(isErased ? wordless(stored) : stored));
}

function wordless(row: AccessRequest): object {
  return { ...row, reason: '', ...('note' in row ? { note: '' } : {}) };
}

function plain(row: object): unknown {
  return JSON.parse(JSON.stringify(row));
}
