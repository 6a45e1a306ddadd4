// What the tamper-evident log costs beside hashing alone: leaves sealed and appended, and leaves verified, each beside a bare
// SHA-256 over the very same bytes. No store: what the disk costs is in commit.bench.ts.
import { hash } from 'node:crypto';
import { signCheckpoint } from '../src/core/ledger/checkpoint.ts';
import { type LeafEvent, sealLeaf } from '../src/core/ledger/leaf.ts';
import { appendLeaf, emptyFrontier, type Frontier, rootOf } from '../src/core/ledger/merkle.ts';
import { generateKey, parseSigner } from '../src/core/ledger/note-key.ts';
import { type StoredLeaf, verifyLedger } from '../src/core/ledger/verify.ts';
import { figure, median } from './figures.ts';

const LEAVES = 20_000;
const ROUNDS = 5;
const ORIGIN = 'hallpass/bench';
/** As many as the program signs. */
const CHECKPOINT_EVERY_LEAVES = 256;
const SALT = 'c2FsdC1zYWx0LXNhbHQtc2FsdC1zYWx0';
const AT = 1_763_776_000_000;

const key = generateKey(ORIGIN);
const signer = parseSigner(key.secret, ORIGIN);
const rounds = Array.from({ length: ROUNDS }, measure);
const [append, verify, bare] = (['append', 'verify', 'bare'] as const).map((what) =>
  median(rounds.map((one) => one[what])),
);
figure('ledger_append', append ?? 0, 'leaves/s');
figure('ledger_verify', verify ?? 0, 'leaves/s');
figure('ledger_sha256', bare ?? 0, 'leaves/s');
figure('ledger_append_ratio_to_sha256', (append ?? 0) / (bare ?? 0), 'ratio');
figure('ledger_verify_ratio_to_sha256', (verify ?? 0) / (bare ?? 0), 'ratio');

function measure() {
  const leaves: StoredLeaf[] = [];
  const checkpoints: string[] = [];
  const append = perSecond(() => {
    let frontier: Frontier = emptyFrontier;
    for (let number = 0; number < LEAVES; number += 1) {
      const event = eventOf(number);
      const sealed = sealLeaf(number, event, SALT);
      frontier = appendLeaf(frontier, sealed.hash);
      leaves.push({ seq: number, at: event.at, type: event.type, ...sealed, salt: SALT, text: event.text });
      if (frontier.size % CHECKPOINT_EVERY_LEAVES === 0) checkpoints.push(signed(frontier));
    }
  });
  const verify = perSecond(() => {
    const verdict = verifyLedger({ entries: leaves, checkpoints, vkeys: [key.vkey] });
    if (!verdict.ok || verdict.size !== LEAVES) throw new Error('the ledger that was just written does not verify');
  });
  const bytes = leaves.map(({ leaf }) => Buffer.from(leaf));
  const bare = perSecond(() => {
    for (const one of bytes) hash('sha256', one, 'hex');
  });
  return { append, verify, bare };
}

function signed(frontier: Frontier): string {
  return signCheckpoint({ origin: ORIGIN, size: frontier.size, root: rootOf(frontier) }, signer);
}

function perSecond(work: () => void): number {
  const started = performance.now();
  work();
  return (LEAVES * 1000) / (performance.now() - started);
}

/** The most frequent kind that carries personal text, and so a salted commitment: somebody asks. */
function eventOf(number: number): LeafEvent & { readonly text: object } {
  const id = String(number).padStart(26, '0');
  return {
    type: 'request.submitted',
    at: AT + number,
    actor: {
      person: `person_${id}`,
      kind: 'human',
      via: 'slack',
      account: { platform: 'slack', tenant: 'T0BENCH', user: 'U0MIA' },
    },
    subject: { request: `req_${id}`, person: `person_${id}` },
    data: { role: 'prod-db-readonly', durationSeconds: 3600, purpose: { kind: 'access' } },
    text: { reason: `look into what happened to order ${number} (INC-42)` },
  };
}
