// The Slack manifests: current, what Slack's own schema accepts, and with no right more than the code has use for.
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { SLACK_PATH } from '../../src/chat/slack/http-route.ts';
import {
  ABOUT_SHORTCUT,
  EVENTS,
  FORBIDDEN_SCOPES,
  MANIFESTS,
  manifest,
  SCOPES,
} from '../../src/chat/slack/manifest.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const schema = JSON.parse(read('test/fixtures/slack-manifest/slack-manifest-2.0.0.schema.json'));
const accepts = new Ajv({ strict: false, allErrors: true, logger: false }).compile(schema);

describe('manifest/', () => {
  it('holds what the source says; run `npm run manifest` after changing it', () => {
    const files = readdirSync(new URL('../../manifest/', import.meta.url)).filter((name) => name.startsWith('slack'));
    expect(files.sort()).toEqual(Object.keys(MANIFESTS).sort());
    for (const name of files) expect(JSON.parse(read(`manifest/${name}`))).toEqual(MANIFESTS[name]);
  });

  it.each(Object.keys(MANIFESTS))('%s is accepted by Slack’s schema', (name) => {
    const valid = accepts(JSON.parse(read(`manifest/${name}`)));
    expect(accepts.errors).toBeNull();
    expect(valid).toBe(true);
  });

  it('is a check that can fail', () => {
    const good = JSON.parse(read('manifest/slack-http.json'));
    const bad = [
      { ...good, display_information: { ...good.display_information, name: 'x'.repeat(36) } },
      { ...good, settings: { ...good.settings, nope: 1 } },
      {
        ...good,
        features: { ...good.features, slash_commands: [{ command: 'jit', description: 'x', should_escape: true }] },
      },
      { ...good, features: { ...good.features, shortcuts: [{ ...good.features.shortcuts[0], name: 'x'.repeat(25) }] } },
    ];
    for (const one of bad) expect(accepts(one), JSON.stringify(one)).toBe(false);
  });
});

describe('a manifest', () => {
  const parts = (mode: 'socket' | 'http') =>
    JSON.parse(JSON.stringify(manifest({ mode, command: '/access', baseUrl: 'https://jit.acme.test' })));

  it('of Socket Mode names no address, and that of HTTP names ours everywhere', () => {
    expect(JSON.stringify(parts('socket'))).not.toContain('https://');
    const { settings, features } = parts('http');
    const url = `https://jit.acme.test${SLACK_PATH}`;
    expect([
      settings.event_subscriptions.request_url,
      settings.interactivity.request_url,
      settings.interactivity.message_menu_options_url,
      features.slash_commands[0].url,
    ]).toEqual([url, url, url, url]);
    expect([parts('socket').settings.socket_mode_enabled, settings.socket_mode_enabled]).toEqual([true, false]);
  });

  it('has people named by id in commands, and the command that is configured', () => {
    expect(parts('socket').features.slash_commands).toMatchObject([{ command: '/access', should_escape: true }]);
  });

  it('lets people read what the bot writes to them, and not write to it', () => {
    expect(parts('socket').features.app_home).toEqual({
      home_tab_enabled: true,
      messages_tab_enabled: true,
      messages_tab_read_only_enabled: true,
    });
  });

  it('asks for no right without a reason, and for none that is forbidden', () => {
    const { bot, bot_optional } = parts('http').oauth_config.scopes;
    expect([...bot, ...bot_optional].sort()).toEqual(
      SCOPES.filter(({ kind }) => kind !== 'app')
        .map(({ scope }) => scope)
        .sort(),
    );
    for (const { scope, why } of SCOPES) {
      expect(why, scope).toMatch(/^.{20,}\.$/);
      for (const forbidden of FORBIDDEN_SCOPES) expect(scope).not.toMatch(forbidden.scope);
    }
    expect(bot_optional).toEqual(['usergroups:read']);
  });

  it('subscribes to the events that are read, and to no messages', () => {
    const { bot_events } = parts('http').settings.event_subscriptions;
    expect(bot_events).toEqual(EVENTS);
    for (const event of EVENTS) {
      expect(event).not.toMatch(/^message|mention|reaction/);
      if (event === 'app_home_opened') continue;
      expect(read('src/chat/slack/events.ts'), event).toContain(`'${event}'`);
    }
  });

  it('offers the shortcut that is understood', () => {
    expect(parts('socket').features.shortcuts).toMatchObject([
      { type: 'message', callback_id: ABOUT_SHORTCUT.callbackId, name: ABOUT_SHORTCUT.name },
    ]);
  });
});
