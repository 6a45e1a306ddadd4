// What went wrong with a mail, in the words of the pager port. Must never quote the server's answer or the library's message:
// both may repeat what was sent.
import { PagerError, type PagerFault } from '../../ports/pager.ts';

/** Node's and the library's words for it, for whoever looks: https://nodemailer.com/errors */
const CODE = /^[A-Z][A-Z0-9_]{1,40}$/;
const REFUSED: ReadonlySet<string> = new Set(['EAUTH', 'ENOAUTH', 'ETLS', 'EREQUIRETLS']);

export function faultOfMail(cause: unknown): PagerError {
  const { code, responseCode } = (cause ?? {}) as { readonly code?: unknown; readonly responseCode?: unknown };
  const word = typeof code === 'string' && CODE.test(code) ? code : 'connection lost';
  const status = typeof responseCode === 'number' ? responseCode : undefined;
  const fault = faultFor(word, status);
  const said = status === undefined ? word : `${word}, ${status}`;
  // The cause is left out: its message quotes the dialogue.
  return new PagerError(fault, `The mail server ${SAYS[fault]} (${said})`);
}

const SAYS: Readonly<Record<PagerFault, string>> = {
  busy: 'asks to come back later',
  refused: 'does not let us in: look at tls, user and password',
  invalid: 'does not take this mail: look at from and to',
  unreachable: 'cannot be reached',
};

/** 4xx is "later", 5xx is "no": https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1 */
function faultFor(code: string, status: number | undefined): PagerFault {
  if (status !== undefined && status >= 400 && status < 500) return 'busy';
  // 530 and 535 ask for another login: https://www.rfc-editor.org/rfc/rfc4954#section-6
  if (REFUSED.has(code) || status === 530 || status === 535) return 'refused';
  return status !== undefined && status >= 500 ? 'invalid' : 'unreachable';
}
