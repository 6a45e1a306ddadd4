// Signatures by the Standard Webhooks convention.
import { describe, expect, it } from 'vitest';
import { secretOf } from '../../src/lib/secret.ts';
import { keyIn, messageId, signedHeaders } from '../../src/lib/standard-webhooks.ts';

describe('a signature', () => {
  // The vector of the reference libraries: https://github.com/standard-webhooks/standard-webhooks/tree/main/libraries
  it('is the one of the published Standard Webhooks test vector', () => {
    const secret = secretOf('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    const headers = signedHeaders(secret, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330_000, '{"test": 2432232314}');
    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('changes with the id, the time, the body and the key', () => {
    const key = secretOf('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    const other = secretOf('whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA');
    const signatures = [
      signedHeaders(key, 'msg_1', 1000, '{}'),
      signedHeaders(key, 'msg_2', 1000, '{}'),
      signedHeaders(key, 'msg_1', 2000, '{}'),
      signedHeaders(key, 'msg_1', 1000, '{ }'),
      signedHeaders(other, 'msg_1', 1000, '{}'),
    ].map((headers) => headers['webhook-signature']);
    expect(new Set(signatures).size).toBe(5);
  });

  it.each([
    ['MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'no prefix'],
    ['whsec_', 'empty'],
    ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa', 'cut'],
    ['whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==', '22 bytes'],
    [`whsec_${'A'.repeat(88)}`, '66 bytes'],
    ['whsec_not base64 at all but long!!!', 'no base64'],
    ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS_', 'base64url'],
  ])('takes no key from %s (%s)', (text) => {
    expect(keyIn(text)).toBeUndefined();
  });

  it('is never made with an empty key', () => {
    expect(() => signedHeaders(secretOf('whsec_'), 'msg_1', 0, '{}')).toThrow(TypeError);
  });

  it('has ids without a full stop, the same for the same parts', () => {
    expect(messageId('a', 'b.c', 1)).toMatch(/^msg_[0-9a-f]{32}$/);
    expect(messageId('a', 1)).toBe(messageId('a', 1));
    expect(messageId('a', 'b')).not.toBe(messageId('ab'));
  });
});
