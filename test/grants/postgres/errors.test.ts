// What the driver throws, in the words of the port.
import { describe, expect, it } from 'vitest';
import { faultOf } from '../../../src/grants/postgres/errors.ts';
import { AdapterError } from '../../../src/ports/grant-adapter.ts';

function withCode(code: string | undefined, message = 'canary of the driver'): Error {
  return code === undefined ? new Error(message) : Object.assign(new Error(message), { code });
}

describe('a failure of PostgreSQL', () => {
  it.each([
    ['28P01', 'refused', /user and password/],
    ['28000', 'refused', /user and password/],
    ['3D000', 'missing', /database/],
    ['42501', 'refused', /ADMIN OPTION/],
    ['42704', 'missing', /role/],
    ['0LP01', 'refused', /membership/],
    ['2BP01', 'refused', /passed the role on/],
    ['25006', 'refused', /primary/],
    ['0A000', 'refused', /primary/],
    ['40001', 'busy', /busy/],
    ['40P01', 'busy', /busy/],
    ['55P03', 'busy', /busy/],
    ['57014', 'busy', /busy/],
    ['XX000', 'busy', /busy/],
    ['53300', 'busy', /free/],
    ['53200', 'busy', /free/],
    ['57P03', 'busy', /starting/],
    ['57P01', 'unreachable', /shutting down/],
    ['57P02', 'unreachable', /shutting down/],
    ['08006', 'unreachable', /reached/],
    ['ECONNREFUSED', 'unreachable', /reached/],
    ['ENOTFOUND', 'unreachable', /reached/],
    ['EAI_AGAIN', 'unreachable', /reached/],
    ['ETIMEDOUT', 'unreachable', /reached/],
    ['ECONNRESET', 'unreachable', /reached/],
    ['EPIPE', 'unreachable', /reached/],
    [undefined, 'unreachable', /reached/],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'refused', /sslrootcert/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'refused', /sslrootcert/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'refused', /sslrootcert/],
    ['CERT_HAS_EXPIRED', 'refused', /sslrootcert/],
    ['42601', 'invalid', /not known/],
    ['constructor', 'unreachable', /reached/],
  ] as const)('%s is %s', (code, fault, says) => {
    for (const changed of ['no', 'maybe'] as const) {
      const error = faultOf(withCode(code), 'db:5432', changed);
      expect([error.fault, error.changed]).toEqual([fault, changed]);
      expect(error.message).toMatch(says);
      expect(error.message).toContain('db:5432');
      expect(error.message).not.toContain('canary');
    }
  });

  it('says when to come back where that is known', () => {
    expect(faultOf(withCode('53300'), 'db', 'no').retryAfterSeconds).toBe(5);
    expect(faultOf(withCode('40001'), 'db', 'no').retryAfterSeconds).toBeUndefined();
  });

  it('is recognised where a cause carries the code, and when TLS is not spoken', () => {
    expect(faultOf(new Error('timeout', { cause: withCode('28P01') }), 'db', 'no').fault).toBe('refused');
    const noTls = faultOf(new Error('The server does not support SSL connections'), 'db', 'no');
    expect([noTls.fault, noTls.message]).toEqual(['refused', expect.stringContaining('sslmode=disable')]);
  });

  it('passes on what is an AdapterError already', () => {
    const own = new AdapterError('missing', 'no such role', 'no');
    expect(faultOf(own, 'db', 'maybe')).toBe(own);
  });
});
