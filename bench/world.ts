// What surrounds the program in a benchmark: who is in the workspace, and the configuration of a deployment in it.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKey } from '../src/core/ledger/note-key.ts';

export const TEAM = 'T0BENCH';
export const APP = 'A0BENCH00';
export const REVIEW = 'C0DBREV';
export const ROLES = 20;
export const ASKERS = Array.from({ length: 1_500 }, (_, index) => `U1ASK${String(index).padStart(5, '0')}`);
export const APPROVERS = Array.from({ length: 20 }, (_, index) => `U2DBA${String(index).padStart(5, '0')}`);
export const ENGINEERS_GROUP = 'S0ENGINEERS';
export const DBAS_GROUP = 'S0DBAS';

/** What the process of the world says about itself. */
export interface World {
  readonly url: string;
  readonly apiUrl: string;
  readonly receiverUrl: string;
}
export const TOKENS = {
  botToken: `xoxb-${randomBytes(18).toString('hex')}`,
  appToken: `xapp-1-${randomBytes(18).toString('hex')}`,
  signingSecret: randomBytes(16).toString('hex'),
  webhookSecret: `whsec_${randomBytes(32).toString('base64')}`,
} as const;

export interface Deployment {
  readonly folder: string;
  readonly port: number;
  /** Of health and figures. */
  readonly internalPort: number;
  readonly env: NodeJS.ProcessEnv;
}

type Ports = Pick<Deployment, 'port' | 'internalPort'>;

/** Writes hallpass.yaml into `folder`; the store lies in `folder/data`. */
export function writeConfig(world: World, folder: string, ports: Ports, mode: 'socket' | 'http'): Deployment {
  const file = join(folder, 'hallpass.yaml');
  writeFileSync(file, yaml(world, folder, ports, mode));
  const env = {
    ...process.env,
    HALLPASS_CONFIG: file,
    HALLPASS_SIGNING_KEY: KEY,
    SLACK_BOT_TOKEN: TOKENS.botToken,
    SLACK_APP_TOKEN: TOKENS.appToken,
    SLACK_SIGNING_SECRET: TOKENS.signingSecret,
    GATE_SECRET: TOKENS.webhookSecret,
    GATE_URL: world.receiverUrl,
  };
  return { folder, ...ports, env };
}
const KEY = generateKey('hallpass/bench').secret;

export function roleName(index: number): string {
  return `gate-${String(index % ROLES).padStart(2, '0')}`;
}

function yaml(world: World, folder: string, { port, internalPort }: Ports, mode: string): string {
  const roles = Array.from({ length: ROLES }, (_, index) => roleYaml(index)).join('');
  return `
organization: bench
chat: { slack: { mode: ${mode}, command: /jit, api_url: "${world.apiUrl}" } }
audit_channel: slack:C0AUDIT
security: secops
store: "sqlite:${join(folder, 'data', 'hallpass.db')}"
http: { host: 127.0.0.1, port: ${port} }
internal: { host: 127.0.0.1, port: ${internalPort} }
groups:
  engineers: { slack_usergroup: ${ENGINEERS_GROUP} }
  dbas: { slack_usergroup: ${DBAS_GROUP} }
  secops: { members: [sam@acme.test] }
targets:
  gate:
    adapter: webhook
    url: $GATE_URL
    secret: $GATE_SECRET
    people: "{mail}"
    allow_private_networks: [127.0.0.0/8]
roles:
${roles}`;
}

function roleYaml(index: number): string {
  return `  ${roleName(index)}:
    title: Operate gate ${index}
    target: gate
    grant: { role: "operator-${index}" }
    risk: medium
    who: [engineers]
    duration: { default: 10m, max: 4h }
    reviewers: slack:${REVIEW}
    approval: [{ from: [dbas] }]
    requires: [reason]
`;
}
