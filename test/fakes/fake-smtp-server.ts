// A mail server on loopback as RFC 5321 has it: real sockets, STARTTLS (RFC 3207), AUTH PLAIN (RFC 4954), line lengths, and the
// rule that mail without encryption or login is refused. It keeps what it took and can be told to go wrong.
import { createServer, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { type Certificate, selfSigned } from './certificate.ts';

const LINE_MAX_BYTES = 1000;

interface Mailed {
  readonly from: string;
  readonly to: readonly string[];
  readonly user: string | undefined;
  readonly encrypted: boolean;
  /** As it came over the wire, dots unstuffed. */
  readonly raw: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
}

/** What the server says instead of what it should, for the next command of this kind. */
export interface MailFault {
  readonly at: 'CONNECT' | 'EHLO' | 'STARTTLS' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'END';
  readonly reply?: string;
  readonly hangUp?: boolean;
  readonly silent?: boolean;
}

export interface FakeSmtpServer {
  readonly port: number;
  readonly certificate: Certificate;
  readonly mails: readonly Mailed[];
  /** Every command line that arrived, without what was encoded in AUTH. */
  readonly commands: readonly string[];
  readonly connections: () => number;
  fail(fault: MailFault): void;
  /** Recipients that are refused with 550. */
  readonly unknown: Set<string>;
  close(): Promise<void>;
}

export interface SmtpRules {
  readonly login?: { readonly user: string; readonly password: string };
  /** `false`: STARTTLS is neither offered nor asked for. */
  readonly encryption?: boolean;
  /** TLS from the first byte. */
  readonly implicit?: boolean;
}

interface State {
  readonly rules: SmtpRules;
  readonly certificate: Certificate;
  readonly mails: Mailed[];
  readonly commands: string[];
  readonly unknown: Set<string>;
  faults: MailFault[];
}
interface Session {
  readonly encrypted: boolean;
  user: string | undefined;
  from: string | undefined;
  to: string[];
}

export async function startSmtpServer(rules: SmtpRules = {}): Promise<FakeSmtpServer> {
  const certificate = selfSigned('localhost');
  const state: State = { rules, certificate, mails: [], commands: [], unknown: new Set(), faults: [] };
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    if (rules.implicit) greet(state, secured(state, socket), true);
    else greet(state, socket, false);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    certificate,
    mails: state.mails,
    commands: state.commands,
    unknown: state.unknown,
    connections: () => connections,
    fail: (fault) => void state.faults.push(fault),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

function secured({ certificate }: State, socket: Socket): TLSSocket {
  const secureContext = createSecureContext({ ...certificate, minVersion: 'TLSv1.2' });
  const tls = new TLSSocket(socket, { isServer: true, secureContext });
  tls.on('error', () => socket.destroy());
  return tls;
}

function greet(state: State, socket: Socket, encrypted: boolean): void {
  if (failed(state, socket, 'CONNECT')) return;
  socket.write('220 mail.acme.test ESMTP\r\n');
  converse(state, socket, { encrypted, user: undefined, from: undefined, to: [] });
}

function converse(state: State, socket: Socket, session: Session): void {
  let rest = '';
  let inData = false;
  const onData = (chunk: Buffer) => {
    rest += chunk.toString('latin1');
    for (;;) {
      const end = rest.indexOf(inData ? '\r\n.\r\n' : '\r\n');
      if (end === -1) return;
      const part = rest.slice(0, end);
      rest = rest.slice(end + (inData ? 5 : 2));
      if (inData) {
        inData = false;
        take(state, socket, session, part);
        continue;
      }
      const verb = obey(state, socket, session, part);
      if (verb === 'DATA') inData = true;
      if (verb === 'STARTTLS') {
        // Whatever was sent before the handshake is forgotten: https://www.rfc-editor.org/rfc/rfc3207#section-4.2
        socket.removeListener('data', onData);
        converse(state, secured(state, socket), { encrypted: true, user: undefined, from: undefined, to: [] });
        return;
      }
    }
  };
  socket.on('data', onData);
}

/** Answers one command; names it when more than an answer follows from it. */
function obey(state: State, socket: Socket, session: Session, line: string): 'DATA' | 'STARTTLS' | undefined {
  const verb = (/^[A-Za-z]+/.exec(line)?.[0] ?? '').toUpperCase();
  state.commands.push(verb === 'AUTH' ? line.split(' ').slice(0, 2).join(' ') : line);
  if (line.length > LINE_MAX_BYTES) return say(socket, '500 5.5.2 line too long');
  if (failed(state, socket, verb as MailFault['at'])) return undefined;
  const { rules } = state;
  const mayMail = (rules.encryption === false || session.encrypted) && (!rules.login || session.user !== undefined);
  switch (verb) {
    case 'EHLO':
      return say(socket, features(rules, session).join('\r\n'));
    case 'STARTTLS':
      if (session.encrypted || rules.encryption === false) return say(socket, '502 5.5.1 not now');
      say(socket, '220 2.0.0 go ahead');
      return 'STARTTLS';
    case 'AUTH':
      return authenticate(state, socket, session, line);
    case 'MAIL': {
      const from = /^MAIL FROM:<([^<>\s]*)>/i.exec(line)?.[1];
      if (!mayMail) return say(socket, '530 5.7.0 encrypt and log in first');
      if (from === undefined) return say(socket, '501 5.5.4 malformed');
      Object.assign(session, { from, to: [] });
      return say(socket, '250 2.1.0 ok');
    }
    case 'RCPT': {
      const to = /^RCPT TO:<([^<>\s]+)>/i.exec(line)?.[1];
      if (session.from === undefined || to === undefined) return say(socket, '503 5.5.1 out of order');
      if (state.unknown.has(to)) return say(socket, '550 5.1.1 nobody of that name here');
      session.to.push(to);
      return say(socket, '250 2.1.5 ok');
    }
    case 'DATA':
      if (session.to.length === 0) return say(socket, '503 5.5.1 nobody to send to');
      say(socket, '354 go on');
      return 'DATA';
    case 'RSET':
    case 'NOOP':
      return say(socket, '250 2.0.0 ok');
    case 'QUIT':
      say(socket, '221 2.0.0 bye');
      socket.end();
      return undefined;
    default:
      return say(socket, '502 5.5.1 what?');
  }
}

function features(rules: SmtpRules, { encrypted }: Session): string[] {
  const offered = [
    'mail.acme.test',
    'SIZE 1000000',
    ...(rules.encryption === false || encrypted ? [] : ['STARTTLS']),
    ...(rules.login && encrypted ? ['AUTH PLAIN'] : []),
  ];
  return offered.map((feature, at) => `250${at === offered.length - 1 ? ' ' : '-'}${feature}`);
}

function authenticate(state: State, socket: Socket, session: Session, line: string): undefined {
  const [, method, encoded = ''] = line.split(' ');
  if (!session.encrypted || method?.toUpperCase() !== 'PLAIN') return say(socket, '504 5.5.4 not so');
  const [, user, password] = Buffer.from(encoded, 'base64').toString('utf8').split('\0');
  const { login } = state.rules;
  if (login?.user !== user || login?.password !== password) return say(socket, '535 5.7.8 wrong');
  session.user = user;
  return say(socket, '235 2.7.0 in');
}

function take(state: State, socket: Socket, session: Session, data: string): void {
  if (data.split('\r\n').some((line) => line.length > LINE_MAX_BYTES))
    return void say(socket, '500 5.5.2 line too long');
  const fault = state.faults.find(({ at }) => at === 'END');
  // Taken, whatever the sender hears of it.
  if (!fault || fault.hangUp) state.mails.push(mailed(session, data.replaceAll('\r\n..', '\r\n.')));
  if (failed(state, socket, 'END')) return;
  say(socket, '250 2.0.0 queued');
}

function mailed({ from = '', to, user, encrypted }: Session, raw: string): Mailed {
  const at = raw.indexOf('\r\n\r\n');
  const unfolded = raw.slice(0, at).replaceAll(/\r\n[ \t]/g, ' ');
  const headers = new Map(
    unfolded.split('\r\n').map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  return { from, to, user, encrypted, raw, headers, text: decoded(raw.slice(at + 4), headers) };
}

function decoded(body: string, headers: ReadonlyMap<string, string>): string {
  const bytes = Buffer.from(body, 'latin1');
  switch (headers.get('content-transfer-encoding')?.toLowerCase()) {
    case 'base64':
      return Buffer.from(body, 'base64').toString('utf8');
    case 'quoted-printable': {
      const plain = body
        .replaceAll('=\r\n', '')
        .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
      return Buffer.from(plain, 'latin1').toString('utf8');
    }
    default:
      return bytes.toString('utf8');
  }
}

function failed(state: State, socket: Socket, at: MailFault['at']): boolean {
  const fault = state.faults.find((one) => one.at === at);
  if (!fault) return false;
  state.faults = state.faults.filter((one) => one !== fault);
  if (fault.hangUp) socket.destroy();
  else if (!fault.silent) say(socket, fault.reply ?? '451 4.3.0 later');
  return true;
}

function say(socket: Socket, line: string): undefined {
  if (socket.writable) socket.write(`${line}\r\n`);
  return undefined;
}
