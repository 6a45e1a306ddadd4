// Pages by mail, against a real mail server on loopback: the contract, and what is particular to mail.
import { describe, expect, it } from 'vitest';
import { smtp } from '../../../src/pagers/smtp/index.ts';
import { mailOf } from '../../../src/pagers/smtp/mail.ts';
import { faultOf, opened, PAGE, type PagerBench, pagerContract, type Trouble } from '../../contracts/pager.ts';
import { type FakeSmtpServer, type MailFault, type SmtpRules, startSmtpServer } from '../../fakes/fake-smtp-server.ts';

const LOGIN = { user: 'hallpass', password: 'correct horse battery staple' };
const FAULTS: { readonly [trouble in Trouble]: MailFault } = {
  busy: { at: 'MAIL', reply: '451 4.3.0 come back later' },
  refused: { at: 'AUTH', reply: '535 5.7.8 wrong' },
  unreachable: { at: 'CONNECT', hangUp: true },
  silent: { at: 'EHLO', silent: true },
  lost_answer: { at: 'END', hangUp: true },
};
const never = () => new AbortController().signal;

type SmtpBench = PagerBench & { readonly server: FakeSmtpServer };

async function bench(rules: SmtpRules = { login: LOGIN }): Promise<SmtpBench> {
  const server = await startSmtpServer(rules);
  const { port, certificate } = server;
  const settings = {
    ...{ host: 'localhost', port, ca: certificate.cert, user: LOGIN.user, password: LOGIN.password },
    ...{ from: 'hallpass@acme.test', to: ['oncall@acme.test', 'lead@acme.test'] },
  };
  return {
    kind: smtp as never,
    settings,
    server,
    lockedOut: { ...settings, password: 'not the right password' },
    secret: LOGIN.password,
    fail: (trouble) => server.fail(FAULTS[trouble]),
    calls: () => server.connections(),
    arrived: () =>
      server.mails.map(({ headers, text }) => ({
        title: subjectOf(headers.get('subject') ?? ''),
        text,
        matter: headers.get('references') ?? '',
        identity: headers.get('message-id') ?? '',
      })),
    close: () => server.close(),
  };
}

/** https://www.rfc-editor.org/rfc/rfc2047, as far as subjects use it. */
function subjectOf(written: string): string {
  return written.replaceAll(/=\?UTF-8\?([BQ])\?([^?]*)\?=(?: (?==\?))?/gi, (_, form: string, text: string) => {
    if (form.toUpperCase() === 'B') return Buffer.from(text, 'base64').toString('utf8');
    const bytes = text
      .replaceAll('_', ' ')
      .replaceAll(/=([0-9A-F]{2})/gi, (_2, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    return Buffer.from(bytes, 'latin1').toString('utf8');
  });
}

async function on(rules: SmtpRules | undefined, work: (bench: SmtpBench) => Promise<void>): Promise<void> {
  const at = await bench(rules);
  try {
    await work(at);
  } finally {
    await at.close();
  }
}

pagerContract('smtp', () => bench());
pagerContract('smtp with TLS from the first byte', async () => {
  const at = await bench({ login: LOGIN, implicit: true });
  return {
    ...at,
    settings: { ...at.settings, tls: 'tls' },
    lockedOut: { ...at.lockedOut, tls: 'tls' },
  };
});

describe('a mail', () => {
  it('goes encrypted, with a login, to everybody, and carries what threads and machines need', () =>
    on(undefined, async (at) => {
      await opened(at).page(PAGE, never());
      const [mail] = at.server.mails;
      expect(mail).toMatchObject({
        ...{ encrypted: true, user: LOGIN.user, from: 'hallpass@acme.test' },
        to: ['oncall@acme.test', 'lead@acme.test'],
      });
      expect(Object.fromEntries(mail?.headers ?? [])).toMatchObject({
        from: 'Hallpass <hallpass@acme.test>',
        to: 'oncall@acme.test, lead@acme.test',
        subject: '[acme] ALARM: access is overdue. Pass pass_1',
        'auto-submitted': 'auto-generated',
        'x-hallpass-alarm': 'revoke-overdue',
        date: 'Sun, 22 Nov 2026 00:00:00 +0000',
        'x-priority': '1 (Highest)',
      });
      expect(mail?.headers.get('content-type')).toMatch(/^text\/plain; charset=utf-8/);
      expect(mail?.headers.get('message-id')).toMatch(/^<[0-9a-f]{40}@acme\.test>$/);
      expect(mail?.headers.get('in-reply-to')).toBe(mail?.headers.get('references'));
      expect(mail?.text.replaceAll('\r\n', '\n').trimEnd()).toBe(
        [
          ...PAGE.lines,
          '',
          'It happened at 2026-11-22T00:00:00.000Z.',
          'What to do: docs/run-book.md#revoke-overdue',
          'Sent by Hallpass of acme, beside the chat. Answers to this mail are read by nobody.',
        ].join('\n'),
      );
    }));

  it('has no attachments, and no header or recipient that its words ask for', () =>
    on(undefined, async (at) => {
      const evil = 'x\r\nBcc: eve@evil.test\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b';
      await opened(at).page(
        { ...PAGE, title: evil, lines: [evil, '.', '..'], organization: evil, code: evil },
        never(),
      );
      const [mail, ...more] = at.server.mails;
      expect(more).toEqual([]);
      expect(mail?.to).toEqual(['oncall@acme.test', 'lead@acme.test']);
      expect(mail?.headers.has('bcc')).toBe(false);
      expect(mail?.headers.get('content-type')).toMatch(/^text\/plain/);
      expect(mail?.text.split('\r\n').slice(1, 3)).toEqual(['.', '..']);
      expect(at.server.commands.filter((line) => /eve@/.test(line))).toEqual([]);
    }));

  it('is made of one page and its settings alone', () => {
    const made = mailOf(PAGE, { from: 'h@acme.test', to: ['a@acme.test'] }, 'dep');
    expect(mailOf(PAGE, { from: 'h@acme.test', to: ['a@acme.test'] }, 'dep')).toEqual(made);
    expect(mailOf({ ...PAGE, title: '🔥'.repeat(400) }, { from: 'h@acme.test', to: [] }, 'dep').subject).toMatch(
      /^\[acme\] 🔥+…$/u,
    );
  });
});

describe('encryption', () => {
  it('is never done without: a server that does not offer it gets nothing but a greeting', () =>
    on({ encryption: false }, async (at) => {
      for (const work of [opened(at).page(PAGE, never()), opened(at).check(never())])
        expect((await faultOf(work)).fault).toBe('refused');
      expect(at.server.mails).toEqual([]);
      expect(at.server.commands.some((line) => /^(?:AUTH|MAIL)/.test(line))).toBe(false);
    }));

  it('is not believed from a server that nobody vouches for', () =>
    on(undefined, async (at) => {
      const { ca: _own, ...settings } = at.settings as { readonly ca: string };
      const error = await faultOf(opened(at, settings).page(PAGE, never()));
      expect(['refused', 'unreachable']).toContain(error.fault);
      expect(at.server.mails).toEqual([]);
      expect(at.server.commands.some((line) => line.startsWith('AUTH'))).toBe(false);
    }));

  it('may be left out to this machine itself, when that is said', () =>
    on({ encryption: false }, async (at) => {
      const { ca: _ca, user: _user, password: _password, ...plain } = at.settings as Record<string, unknown>;
      await opened(at, { ...plain, host: '127.0.0.1', tls: 'none' }).page(PAGE, never());
      expect(at.server.mails).toHaveLength(1);
      expect(at.server.mails[0]).toMatchObject({ encrypted: false, user: undefined });
    }));
});

describe('some recipients', () => {
  it('that the server does not know keep nobody else from being paged', () =>
    on(undefined, async (at) => {
      at.server.unknown.add('lead@acme.test');
      await opened(at).page(PAGE, never());
      expect(at.server.mails.map(({ to }) => to)).toEqual([['oncall@acme.test']]);
    }));

  it('are too few when there is none', () =>
    on(undefined, async (at) => {
      for (const to of ['lead@acme.test', 'oncall@acme.test']) at.server.unknown.add(to);
      const error = await faultOf(opened(at).page(PAGE, never()));
      expect([error.fault, error.message]).toEqual([
        'invalid',
        'The mail server does not take this mail: look at from and to (EENVELOPE, 550)',
      ]);
    }));
});

describe('settings', () => {
  const base = { host: 'mail.acme.test', from: 'h@acme.test', to: ['a@acme.test'] };
  const isFine = (more: object) => smtp.config.safeParse({ ...base, ...more }).success;

  it('need encryption for every host but this machine', () => {
    expect(
      [
        {},
        { tls: 'tls' },
        { host: 'localhost', tls: 'none' },
        { host: '127.0.0.1', tls: 'none' },
        { host: '::1', tls: 'none' },
      ].map(isFine),
    ).toEqual(Array(5).fill(true));
    expect(
      [{ tls: 'none' }, { host: '127.0.0.1.evil.test', tls: 'none' }, { host: 'localhost.evil.test', tls: 'none' }].map(
        isFine,
      ),
    ).toEqual([false, false, false]);
  });
  it('know the usual ports', () => {
    expect(
      [{}, { tls: 'tls' }, { port: 2525 }].map(
        (more) => (smtp.config.parse({ ...base, ...more }) as { port: number }).port,
      ),
    ).toEqual([587, 465, 2525]);
  });
  it('take user and password together', () => {
    expect([{ user: 'u' }, { password: 'p' }, { user: 'u', password: 'p' }].map(isFine)).toEqual([false, false, true]);
  });
  it.each([
    'a b@acme.test',
    'a@acme.test\r\nBcc: e@e.test',
    '<a@acme.test>',
    'a@acme.test,b@acme.test',
    '"a"@acme.test',
    '@acme.test',
    'a@',
    'Ana <a@acme.test>',
  ])('take no address %j', (address) => {
    expect([{ from: address }, { to: [address] }].map(isFine)).toEqual([false, false]);
  });
  it('take no host %j', () => {
    expect(['a b', 'a\r\nb', 'smtp://a', 'a/b', ''].map((host) => isFine({ host }))).toEqual(Array(5).fill(false));
  });
});
