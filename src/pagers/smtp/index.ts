// Pages as plain mail through one SMTP server. The library is loaded at the first use, so that nobody pays for it who has no
// mail pager. Encryption is never given up: a server that does not offer it gets no mail (RFC 3207, section 6).
import { reveal } from '../../lib/secret.ts';
import { definePager, type Page, type Pager, type PagerTools } from '../../ports/pager.ts';
import { faultOfMail } from './faults.ts';
import { mailOf } from './mail.ts';
import { SmtpConfig } from './schema.ts';

const CONNECT_MS = 8_000;
/** Without a word from the server for this long it is given up; below the 20 s that a page is given. */
const SILENCE_MS = 10_000;

export const smtp = definePager<SmtpConfig>({
  kind: 'smtp',
  title: 'E-mail',
  config: SmtpConfig,
  open,
});

function open(name: string, config: SmtpConfig, { log, deploymentId }: PagerTools): Pager {
  return {
    name,
    page: (page, signal) => sent(async () => post(page, signal)),
    check: (signal) => sent(async () => look(signal)),
  };

  async function post(page: Page, signal: AbortSignal): Promise<void> {
    const { to, ...mail } = mailOf(page, config, deploymentId);
    const transport = await transportFor(config);
    const { rejected = [] } = await transport.sendMail({
      ...mail,
      to: [...to],
      references: [...mail.references],
      signal,
    });
    // Somebody has it. Sending it again for the others would send it to that somebody for ever.
    if (rejected.length > 0)
      log.error('some people could not be paged by mail', { pager: name, count: rejected.length });
  }

  async function look(signal: AbortSignal): Promise<void> {
    const transport = await transportFor(config);
    await untilAborted(transport.verify(), signal);
  }
}

async function sent(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw faultOfMail(error);
  }
}

/** One connection for each mail: pages are rare, and a kept connection is dead when it is needed. */
async function transportFor({ host, port, tls, ca, user, password }: SmtpConfig) {
  const { createTransport } = await import('nodemailer');
  return createTransport({
    ...{ host, port, secure: tls === 'tls', requireTLS: tls === 'starttls', ignoreTLS: tls === 'none' },
    tls: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
    ...(user === undefined || password === undefined ? {} : { auth: { user, pass: reveal(password) } }),
    ...{ connectionTimeout: CONNECT_MS, dnsTimeout: CONNECT_MS, greetingTimeout: CONNECT_MS },
    ...{ socketTimeout: SILENCE_MS, disableFileAccess: true, disableUrlAccess: true },
  });
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const stopped = Promise.withResolvers<never>();
  if (signal.aborted) stopped.reject(signal.reason);
  const stop = () => stopped.reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, stopped.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
