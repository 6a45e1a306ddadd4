// The secrets that belong to no target: Slack's tokens and the key that signs the log. They come from the environment alone.
import { parseSigner } from '../core/ledger/note-key.ts';
import { type Secret, secretOf } from '../lib/secret.ts';
import { type Finding, wrong } from './finding.ts';
import { lookUp, type Surroundings } from './secrets.ts';

export interface SlackSecrets {
  readonly botToken?: Secret;
  readonly appToken?: Secret;
  readonly signingSecret?: Secret;
  readonly previousSigningSecret?: Secret;
}

interface Read {
  readonly secret?: Secret;
  readonly findings: readonly Finding[];
}

/** What a secret looks like and where to find it. */
interface Wanted {
  readonly name: string;
  readonly needed: boolean;
  /** A sentence when the value cannot be right; it must not repeat the value. */
  readonly fault: (value: string) => string | undefined;
  readonly where: string;
}

const SLACK = ['chat', 'slack'];
const SIGNING_SECRET_CHARACTERS = 32;
const KEY_NAME = 'HALLPASS_SIGNING_KEY';

/** Socket mode connects with the app token; HTTP mode knows Slack by the signing secret. */
export function readSlackSecrets(
  mode: 'socket' | 'http',
  from: Surroundings,
): { readonly secrets: SlackSecrets; readonly findings: readonly Finding[] } {
  const page = 'of your app on api.slack.com/apps';
  const bot = read(
    {
      name: 'SLACK_BOT_TOKEN',
      needed: true,
      fault: beginsWith(/^(?:xoxe\.)?xoxb-/, 'xoxb-'),
      where: `It stands under OAuth & Permissions ${page}.`,
    },
    from,
  );
  const app = read(
    {
      name: 'SLACK_APP_TOKEN',
      needed: mode === 'socket',
      fault: beginsWith(/^xapp-/, 'xapp-'),
      where: `It stands under Basic Information → App-Level Tokens ${page}, and needs connections:write.`,
    },
    from,
  );
  const where = `It stands under Basic Information → Signing Secret ${page}.`;
  const signing = read({ name: 'SLACK_SIGNING_SECRET', needed: mode === 'http', fault: tooShort, where }, from);
  const previous = read({ name: 'SLACK_SIGNING_SECRET_PREVIOUS', needed: false, fault: tooShort, where }, from);
  return {
    secrets: {
      ...(bot.secret && { botToken: bot.secret }),
      ...(app.secret && { appToken: app.secret }),
      ...(signing.secret && { signingSecret: signing.secret }),
      ...(previous.secret && { previousSigningSecret: previous.secret }),
    },
    findings: [bot, app, signing, previous].flatMap(({ findings }) => findings),
  };
}

/** The key is checked here, because a log that cannot be signed stops everything (law 13). */
export function readSigningKey(from: Surroundings): Read {
  const looked = lookUp(KEY_NAME, from);
  const where = 'To make one: npx hallpass keygen';
  if ('says' in looked) return { findings: [wrong([], looked.says, `${looked.remedy} ${where}`, 'environment')] };
  const name = /^PRIVATE\+KEY\+([^+]+)\+/.exec(looked.value)?.[1] ?? 'hallpass';
  try {
    parseSigner(looked.value, name);
    return { secret: secretOf(looked.value), findings: [] };
  } catch {
    return { findings: [wrong([], `${KEY_NAME} is not a signing key`, where, 'environment')] };
  }
}

function read({ name, needed, fault, where }: Wanted, from: Surroundings): Read {
  const isSet = from.env[name] !== undefined || from.env[`${name}_FILE`] !== undefined;
  if (!needed && !isSet) return { findings: [] };
  const looked = lookUp(name, from);
  if ('says' in looked) return { findings: [wrong(SLACK, looked.says, `${looked.remedy} ${where}`, 'key')] };
  const says = fault(looked.value);
  if (says !== undefined) return { findings: [wrong(SLACK, `${name} ${says}`, where, 'key')] };
  return { secret: secretOf(looked.value), findings: [] };
}

function beginsWith(form: RegExp, start: string): (value: string) => string | undefined {
  return (value) => (form.test(value) ? undefined : `does not begin with ${start}`);
}

function tooShort(value: string): string | undefined {
  return value.length < SIGNING_SECRET_CHARACTERS
    ? `is shorter than ${SIGNING_SECRET_CHARACTERS} characters`
    : undefined;
}
