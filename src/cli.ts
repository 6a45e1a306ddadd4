#!/usr/bin/env node
// The command line. Each command is one file under cli/; here is only how they are called.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { openSlack } from './chat/slack/index.ts';
import { auditVerify } from './cli/audit-verify.ts';
import { check, type Printed } from './cli/check.ts';
import { addMachineCommands } from './cli/machine.ts';
import { policyExplain } from './cli/policy-explain.ts';
import { addStoreCommands } from './cli/store.ts';
import { type WatchdogFlags, watchdog } from './cli/watchdog.ts';
import { configPath, loadConfig } from './config/load-config.ts';
import type { Config } from './config/read-config.ts';
import { localFolder, type StoreSetting, storeUrl } from './config/store-setting.ts';
import { ControlError } from './control/socket-file.ts';
import { generateKey } from './core/ledger/note-key.ts';
import { connectTargets } from './grants/connect-targets.ts';
import { adapters } from './grants/registry.ts';
import { openLog } from './lib/log.ts';
import { nodeProblem } from './lib/node-version.ts';
import { secretOf } from './lib/secret.ts';
import { systemClock, systemIds } from './lib/system-clock.ts';
import { signerOf } from './operations/signer.ts';
import type { Tools } from './operations/tools.ts';
import { pagers } from './pagers/registry.ts';
import { quietMeter } from './ports/meter.ts';
import type { Store } from './ports/store.ts';
import { noTrace } from './ports/trace.ts';
import { CHECKPOINT_FILE } from './start.ts';
import { openStore, StoreError } from './store/open-store.ts';

const log = openLog({ level: 'error', destination: process.stderr });
const tools = { clock: systemClock, ids: systemIds, log };

const program = new Command('hallpass').description(
  'Just-in-time privileged access, approved in chat, taken back by itself.',
);

program
  .command('start')
  .description('run Hallpass (without a configuration: local mode)')
  .action(async () => {
    await import('./main.ts');
  });

program
  .command('check')
  .description('the doctor: try every token, scope, channel, target and permission')
  .option('--page', 'send a test page to every pager as well')
  .action(({ page }: { readonly page?: true }) =>
    withConfig((config, warnings) => check(config, warnings, log, page === true)),
  );

program
  .command('watchdog')
  .description('alarm when Hallpass is late, silent or gone; run it elsewhere')
  .option('--metrics <url...>', 'the figures of each replica (default: the store of the configuration, read only)')
  .option('--once', 'look once, page nobody: exit code 2 when something is wrong')
  .action(watchdogWith);

program
  .command('keygen')
  .description('make a key that signs the log; prints the secret for HALLPASS_SIGNING_KEY and the public key')
  .argument('[name]', 'name of the log, for example hallpass/acme', 'hallpass')
  .action((name: string) => {
    const { secret, vkey } = generateKey(name);
    print({ text: `HALLPASS_SIGNING_KEY=${secret}\n# Public, for whoever verifies: ${vkey}\n`, exitCode: 0 });
  });

program
  .command('policy')
  .description('about the policy')
  .command('explain')
  .description('can this person ask for this role, and who decides')
  .argument('<role>')
  .argument('<person>', 'e-mail address')
  .action((role: string, person: string) => withConfig((config) => explainWith(config, role, person)));

addMachineCommands(program, {
  withMachine: (run) =>
    withConfig((config) =>
      run({ socket: config.controlSocket, alone: (work) => withStore(config, (store) => work(idle(config, store))) }),
    ),
});

program
  .command('audit')
  .description('about the log')
  .command('verify')
  .description('prove that the log is whole and that the state follows from it')
  .option('--store <store>', 'a file, or postgres://… (password in PGPASSWORD); default: that of the configuration')
  .option('--vkey <key...>', 'public key of the log (default: from HALLPASS_SIGNING_KEY)')
  .option(
    '--checkpoints <file...>',
    'signed heads kept elsewhere, each file oldest first (default: checkpoints.txt beside the store, or in ./data)',
  )
  .action((options: VerifyFlags) => verifyWith(options));

addStoreCommands(program, {
  tools,
  print,
  tell: (line) => void process.stderr.write(`${line}\n`),
  withFacts: (run) =>
    withConfig((config) => run({ store: storeUrl(config.store), vkey: signerOf(config.signingKey).vkey })),
});

interface VerifyFlags {
  readonly store?: string;
  readonly vkey?: readonly string[];
  readonly checkpoints?: readonly string[];
}

async function verifyWith(flags: VerifyFlags): Promise<void> {
  const store = flags.store === undefined ? undefined : storeOf(flags.store);
  if (store !== undefined && flags.vkey !== undefined) return verify(store, flags.vkey, flags.checkpoints);
  await withConfig(async (config) => {
    await verify(store ?? config.store, flags.vkey ?? [signerOf(config.signingKey).vkey], flags.checkpoints);
    return undefined;
  });
}

function storeOf(text: string): StoreSetting {
  if (/^postgres(ql)?:/.test(text)) return { kind: 'postgres', url: secretOf(text) };
  return { kind: 'sqlite', file: text.replace(/^sqlite:/, '') };
}

async function verify(
  setting: StoreSetting,
  vkeys: readonly string[],
  checkpoints: readonly string[] | undefined,
): Promise<void> {
  const store = await openStore(storeUrl(setting), tools, { readonly: true });
  const checkpointFiles =
    checkpoints ?? [join(localFolder(setting), CHECKPOINT_FILE)].filter((file) => existsSync(file));
  try {
    print(await auditVerify(store, { checkpointFiles, vkeys, onProgress }));
  } finally {
    await store.close();
  }
}

async function watchdogWith(flags: WatchdogFlags): Promise<void> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort('stopped'));
  process.exitCode = await watchdog(flags, {
    ...{ clock: systemClock, ids: systemIds, env: process.env, stop: stopping.signal },
    log: openLog({ level: 'warn', destination: process.stderr }),
    configFile: configPath(process.env, process.cwd()),
    write: (line) => void process.stderr.write(`${line}\n`),
  });
}

const TOLD_EVERY = 100_000;

function onProgress(leaves: number): void {
  if (leaves % TOLD_EVERY === 0) process.stderr.write(`${leaves} entries read\n`);
}

async function explainWith(config: Config, role: string, person: string): Promise<Printed> {
  const chat = await openSlack(config.slack, { ...tools, onFatal: ignore, onAlarm: ignore });
  const store = await openStore('sqlite::memory:', tools);
  try {
    return await policyExplain({ ...idle(config, store), chats: { [chat.name]: chat } }, role, person);
  } finally {
    await store.close();
  }
}

async function withStore<T>(config: Config, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(storeUrl(config.store), tools);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Operations outside a running program: nothing is signed, sent or run here; what is ordered waits in the store. */
function idle(config: Config, store: Store): Tools {
  const targets = connectTargets([], adapters, { ...tools, fetch, deploymentId: store.deploymentId });
  const signer = { sign: () => '', read: ignore };
  const keepCheckpoint = async () => ignore();
  return {
    ...tools,
    store,
    catalog: config.catalog,
    targets,
    chats: {},
    pagers: [],
    signer,
    meter: quietMeter,
    trace: noTrace,
    keepCheckpoint,
    seenCheckpoints: async () => [],
    owner: 'cli',
    poke: ignore,
  };
}

function ignore(): undefined {
  return undefined;
}

async function withConfig(run: (config: Config, warnings: string) => Promise<Printed | undefined>): Promise<void> {
  const loaded = loadConfig(configPath(process.env, process.cwd()), process.env, { adapters, pagers });
  if (!loaded.ok) return print({ text: `${loaded.report}\n`, exitCode: 1 });
  const printed = await run(loaded.config, loaded.warnings);
  if (printed) print(printed);
}

function print({ text, exitCode }: Printed): void {
  process.stdout.write(text);
  if (exitCode !== 0) process.exitCode = exitCode;
}

const tooOld = nodeProblem(process.versions);
if (tooOld !== undefined) {
  process.stderr.write(`${tooOld}\n`);
  process.exit(1);
}

program.parseAsync().catch((error: unknown) => {
  const isKnown =
    error instanceof StoreError || error instanceof ControlError || (error instanceof Error && 'code' in error);
  process.stderr.write(`${isKnown ? (error as Error).message : 'Something went wrong that should not have.'}\n`);
  if (!isKnown) log.error('a command failed unexpectedly', { error });
  process.exitCode = 1;
});
