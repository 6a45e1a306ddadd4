// `hallpass store …`: how its commands are called. What each does is in store-copy.ts and store-backup.ts.
import type { Command } from 'commander';
import type { StoreTools } from '../store/open-store.ts';
import type { Printed } from './check.ts';
import { storeBackup, storeRestore } from './store-backup.ts';
import { storeCopy, storeReopen } from './store-copy.ts';

/** What the configuration says, where there is need of it. */
interface StoreFacts {
  /** As openStore takes it. */
  readonly store: string;
  readonly vkey: string;
}
export interface StoreCommandTools {
  readonly tools: StoreTools;
  /** Reads the configuration, runs with it and prints; prints what is wrong with it instead. */
  readonly withFacts: (run: (facts: StoreFacts) => Promise<Printed>) => Promise<void>;
  readonly print: (printed: Printed) => void;
  /** A line for whoever waits; never on the output. */
  readonly tell: (line: string) => void;
}

interface Flags {
  readonly store?: string;
  readonly vkey?: readonly string[];
}

const VKEY = ['--vkey <key...>', 'public key of the log (default: from HALLPASS_SIGNING_KEY)'] as const;
const STORE = ['--store <store>', 'sqlite:<path> or postgres://… (default: that of the configuration)'] as const;
const KINDS = 'sqlite:<path>, or postgres://user@host:5432/database with the password in PGPASSWORD';

export function addStoreCommands(program: Command, given: StoreCommandTools): void {
  const { tools, tell, print } = given;
  const store = program.command('store').description('about the store: copy, back up, restore');
  store
    .command('copy')
    .description(
      'copy a whole store into an empty one, for example to move from SQLite to PostgreSQL (stop Hallpass first)',
    )
    .argument('<from>', KINDS)
    .argument('<to>', 'the same; a PostgreSQL database has to be there and empty')
    .option(...VKEY)
    .action((from: string, to: string, flags: Flags) =>
      withKeys(given, flags, (vkeys) => storeCopy({ from, to, vkeys, tools, tell })),
    );
  store
    .command('reopen')
    .description('let Hallpass work again on a store that was copied elsewhere (stop it there first, for good)')
    .argument('<store>', KINDS)
    .action(async (url: string) => print(await storeReopen(url)));
  store
    .command('backup')
    .description('write a copy of the store to a file, while Hallpass goes on working')
    .argument('<file>', 'a new file; never written over')
    .option(...STORE)
    .option(...VKEY)
    .action((file: string, flags: Flags) =>
      withStore(given, flags, (facts) => storeBackup({ ...facts, file, tools, tell })),
    );
  store
    .command('restore')
    .description('put a backup in the place of the store, which is kept under another name (stop Hallpass first)')
    .argument('<file>', 'what “store backup” wrote')
    .option(...STORE)
    .option(...VKEY)
    .action((file: string, flags: Flags) =>
      withStore(given, flags, (facts) => storeRestore({ ...facts, file, tools, tell })),
    );
}

async function withKeys(
  { withFacts, print }: StoreCommandTools,
  { vkey }: Flags,
  run: (vkeys: readonly string[]) => Promise<Printed>,
): Promise<void> {
  if (vkey !== undefined) return print(await run(vkey));
  await withFacts((facts) => run([facts.vkey]));
}

interface Chosen {
  readonly store: string;
  readonly vkeys: readonly string[];
}

/** The configuration is read only when something is not said. */
async function withStore(
  { withFacts, print }: StoreCommandTools,
  { store, vkey }: Flags,
  run: (chosen: Chosen) => Promise<Printed>,
): Promise<void> {
  const asked = store === undefined ? undefined : urlOf(store);
  if (asked !== undefined && vkey !== undefined) return print(await run({ store: asked, vkeys: vkey }));
  await withFacts((facts) => run({ store: asked ?? facts.store, vkeys: vkey ?? [facts.vkey] }));
}

/** A bare path is a file, as with `audit verify`. */
function urlOf(store: string): string {
  return /^(sqlite|postgres|postgresql):/.test(store) ? store : `sqlite:${store}`;
}
