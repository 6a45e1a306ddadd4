// The doctor's questions about the app itself: tokens, workspace, scopes, signing secret, clock. Changes nothing in Slack.
import { WebClient } from '@slack/web-api';
import { reveal, type Secret } from '../../lib/secret.ts';
import type { ChatError, Finding } from '../../ports/chat-platform.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { callSettings } from './client-settings.ts';
import { ok, warning, wrong } from './findings.ts';
import { libraryLog } from './library-log.ts';
import { FORBIDDEN_SCOPES, SCOPES } from './manifest.ts';
import type { SlackSettings } from './settings.ts';
import { SECRET_MIN_BYTES } from './signature.ts';
import { chatErrorOf } from './web-faults.ts';

/** Half of the signature window: beyond it Slack's requests would soon be taken for replays. */
const SKEW_WRONG_MS = 150_000;
const SKEW_WARNING_MS = 2_000;
/** The `Date` header has no fractions; the truth lies within the second. */
const DATE_MIDDLE_MS = 500;

const REINSTALL = 'apply manifest/slack.json to the app again (App Manifest), then reinstall it (Install App)';

/** What can be said without asking Slack. */
export function checkSecrets(settings: SlackSettings): readonly Finding[] {
  const findings = [kindOf('Slack bot token', settings.botToken, 'xoxb-', 'the Bot User OAuth Token, SLACK_BOT_TOKEN')];
  if (settings.mode === 'socket')
    findings.push(kindOf('Slack app-level token', settings.appToken, 'xapp-', 'an App-Level Token, SLACK_APP_TOKEN'));
  else findings.push(signingSecret(settings.signingSecret));
  return findings;
}

export async function checkApp(settings: SlackSettings, clock: Clock, log: Log): Promise<readonly Finding[]> {
  let slackTime: string | null = null;
  const client = clientFor(settings.botToken, settings, log, (response) => {
    slackTime = response.headers.get('date');
  });
  try {
    const us = await client.auth.test();
    const now = clock.now();
    return [
      ok('Slack bot token', `works: ${us.user ?? 'the bot'} in ${us.team ?? 'the workspace'} (${us.team_id})`),
      ...workspace(settings, us.team_id),
      ...scopes(us.response_metadata?.scopes),
      skew(slackTime, now),
      ...(await appId(client, settings, us.bot_id)),
      ...(await socketToken(settings, log)),
    ];
  } catch (error) {
    return [refusedToken('Slack bot token', chatErrorOf(error, false), 'SLACK_BOT_TOKEN')];
  }
}

function clientFor(token: Secret, settings: SlackSettings, log: Log, see: (response: Response) => void): WebClient {
  const calls = callSettings(settings.apiUrl);
  return new WebClient(reveal(token), {
    ...calls,
    logger: libraryLog(log),
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      see(response);
      return response;
    },
  });
}

function kindOf(what: string, token: Secret | undefined, prefix: string, which: string): Finding {
  if (token === undefined) return wrong(what, 'is missing', `set ${which}`);
  if (hasBlanks(token)) return wrong(what, 'has blanks or line ends in it', `copy ${which}, again, without them`);
  return reveal(token).startsWith(prefix)
    ? ok(what, `is of the right kind (${prefix}…)`)
    : wrong(what, `is not of the right kind, which begins with ${prefix}`, `use ${which}`);
}

function signingSecret(secret: Secret | undefined): Finding {
  const what = 'Slack signing secret';
  if (secret === undefined) return wrong(what, 'is missing', 'set SLACK_SIGNING_SECRET (Basic Information)');
  if (hasBlanks(secret)) return wrong(what, 'has blanks or line ends in it', 'copy the Signing Secret without them');
  return Buffer.byteLength(reveal(secret)) < SECRET_MIN_BYTES
    ? wrong(what, `is shorter than ${SECRET_MIN_BYTES} characters`, 'copy the whole Signing Secret (Basic Information)')
    : ok(what, 'is long enough');
}

/** A file that ends with a line feed makes every signature wrong, and nothing else says why. */
function hasBlanks(secret: Secret): boolean {
  return /\s/.test(reveal(secret));
}

function refusedToken(what: string, error: ChatError, variable: string): Finding {
  if (error.fault === 'unreachable' || error.fault === 'busy')
    return wrong(what, `could not be tried: Slack did not answer (${error.code})`, 'check network, proxy and DNS');
  return wrong(what, `is refused by Slack (${error.code})`, `reinstall the app and copy the token into ${variable}`);
}

function workspace(settings: SlackSettings, teamId: string | undefined): readonly Finding[] {
  if (settings.teamId === undefined || settings.teamId === teamId) return [];
  return [
    wrong(
      'Slack workspace',
      `the token is of ${teamId}, the configuration says ${settings.teamId}`,
      'use the token of that workspace, or correct team_id',
    ),
  ];
}

/** Exactly the scopes of the manifest: fewer and something fails at night, more and a stolen token can do more. */
function scopes(granted: readonly string[] | undefined): readonly Finding[] {
  const what = 'Slack scopes';
  if (granted === undefined) return [warning(what, 'Slack did not say which are granted', REINSTALL)];
  const missing = SCOPES.filter(({ scope, kind }) => kind === 'bot' && !granted.includes(scope));
  const known = new Set(SCOPES.map(({ scope }) => scope));
  const extra = granted.filter((scope) => scope !== '' && !known.has(scope));
  const findings = [
    ...missing.map(({ scope, why }) => wrong(what, `${scope} is missing. ${why}`, REINSTALL)),
    ...extra.map(extraScope),
  ];
  return findings.length > 0 ? findings : [ok(what, 'exactly those needed')];
}

function extraScope(scope: string): Finding {
  const forbidden = FORBIDDEN_SCOPES.find((one) => one.scope.test(scope));
  const why = forbidden?.why ?? 'nothing here uses it';
  return warning('Slack scopes', `${scope} is granted, but ${why}`, `remove ${scope}, then reinstall the app`);
}

function skew(slackTime: string | null, now: number): Finding {
  const what = 'Clock';
  const theirs = Date.parse(slackTime ?? '');
  if (Number.isNaN(theirs)) return warning(what, 'could not be compared with Slack', 'make sure that NTP is running');
  const off = Math.abs(now - theirs - DATE_MIDDLE_MS);
  const says = `is ${Math.round(off / 1000)} s off Slack's`;
  if (off > SKEW_WRONG_MS) return wrong(what, says, 'set the clock (NTP): signatures are only good for 5 minutes');
  if (off > SKEW_WARNING_MS) return warning(what, says, 'set the clock (NTP)');
  return ok(what, 'agrees with Slack');
}

async function appId(client: WebClient, settings: SlackSettings, bot: string | undefined): Promise<readonly Finding[]> {
  if (settings.appId === undefined || bot === undefined) return [];
  try {
    const { bot: found } = await client.bots.info({ bot });
    if (found?.app_id === settings.appId) return [];
    const says = `the token is of ${found?.app_id}, the configuration says ${settings.appId}`;
    return [wrong('Slack app', says, 'use the token of that app, or correct app_id')];
  } catch (error) {
    const { code } = chatErrorOf(error, false);
    return [wrong('Slack app', `could not be read (${code})`, REINSTALL)];
  }
}

async function socketToken(settings: SlackSettings, log: Log): Promise<readonly Finding[]> {
  if (settings.mode !== 'socket' || settings.appToken === undefined) return [];
  const what = 'Slack app-level token';
  try {
    await clientFor(settings.appToken, settings, log, () => undefined).apps.connections.open();
    return [ok(what, 'opens connections')];
  } catch (error) {
    const fault = chatErrorOf(error, false);
    if (!fault.code.startsWith('missing_scope')) return [refusedToken(what, fault, 'SLACK_APP_TOKEN')];
    return [wrong(what, 'has no connections:write', 'make a new App-Level Token with that scope (Basic Information)')];
  }
}
