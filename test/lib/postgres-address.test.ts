// URLs of PostgreSQL targets: what is understood, what is refused, and that no message repeats the password.
import { describe, expect, it } from 'vitest';
import { type Address, readAddress, readDoor, serverKey } from '../../src/lib/postgres-address.ts';
import { reveal } from '../../src/lib/secret.ts';

function read(url: string): Address {
  const address = readAddress(url);
  if ('problem' in address) throw new Error(address.problem);
  return address;
}

describe('a PostgreSQL URL', () => {
  it('is taken apart, with everything percent-decoded', () => {
    const { password, ...rest } = read('postgres://b%40t:p%40ss%2Fw%3Ard@DB.acme.test:6432/app%20db');
    expect(rest).toEqual({ host: 'db.acme.test', port: 6432, user: 'b@t', database: 'app db', tls: 'verify' });
    expect(reveal(password)).toBe('p@ss/w:rd');
  });

  it('has the usual port when it names none', () => {
    expect(read('postgresql://bot:pw@db/app').port).toBe(5432);
  });

  it.each([
    ['db.acme.test', '', 'verify'],
    ['10.0.0.5', '', 'verify'],
    ['localhost', '', 'off'],
    ['127.0.0.1', '', 'off'],
    ['127.8.8.8', '', 'off'],
    ['[::1]', '', 'off'],
    ['127.0.0.1.evil.test', '', 'verify'],
    ['localhost.evil.test', '', 'verify'],
    ['localhost', '?sslmode=verify-full', 'verify'],
    ['db', '?sslmode=require', 'verify'],
    ['db', '?sslmode=verify-ca', 'verify'],
    ['db', '?sslmode=no-verify', 'unverified'],
    ['db', '?sslmode=disable', 'off'],
  ])('%s%s is spoken to with TLS: %s', (host, query, tls) => {
    expect(read(`postgres://bot:pw@${host}/app${query}`).tls).toBe(tls);
  });

  it('names the file of trusted certificates', () => {
    expect(read('postgres://bot:pw@db/app?sslrootcert=%2Fetc%2Fca.pem').rootCertificate).toBe('/etc/ca.pem');
  });

  it.each([
    ['mysql://bot:canary@db/app', /postgres:\/\//],
    ['not a url', /postgres:\/\//],
    ['postgres://db/app', /user/],
    ['postgres://:canary@db/app', /user/],
    ['postgres://bot@db/app', /password/],
    ['postgres://bot:canary@db', /database/],
    ['postgres://bot:canary@db/', /database/],
    ['postgres://bot:canary@db/a/b', /database/],
    ['postgres://bot:canary@/app', /postgres:\/\//],
    ['postgres://bot:canary@db/app?sslmode=prefer', /sslmode/],
    ['postgres://bot:canary@db/app?sslmode=allow', /sslmode/],
    ['postgres://bot:canary@db/app?sslmode=', /sslmode/],
    ['postgres://bot:canary@db/app?sslmode=disable&sslmode=verify-full', /twice/],
    ['postgres://bot:canary@db/app?options=-c%20x', /only sslmode/],
    ['postgres://bot:canary@db/app?host=/tmp', /only sslmode/],
    ['postgres://bot:canary%@db/app', /postgres:\/\//],
    ['postgres://bot:canary@db:99999/app', /postgres:\/\//],
    ['postgres://bot:canary@db1,db2/app', /postgres:\/\/|one host/],
  ])('%s is refused', (url, says) => {
    const read = readAddress(url);
    if (!('problem' in read)) throw new Error('was not refused');
    expect(read.problem).toMatch(says);
    expect(read.problem).not.toContain('canary');
  });

  it('may go without a password where the server knows us otherwise', () => {
    expect(readDoor('postgres://bot@db/app')).toEqual({
      ...{ host: 'db', port: 5432, user: 'bot', database: 'app', tls: 'verify' },
    });
    expect(readDoor('postgres://bot@db')).toEqual({ problem: expect.stringMatching(/database/) });
  });

  it('has one key for one server, whatever the database, the user and the way to say this machine', () => {
    const key = (url: string) => serverKey(read(url));
    expect(key('postgres://bot:pw@DB.acme.test/one')).toBe(key('postgres://other:pw2@db.acme.test:5432/two'));
    expect(key('postgres://bot:pw@localhost/app')).toBe(key('postgres://bot:pw@127.0.0.1/app'));
    expect(key('postgres://bot:pw@db:5432/app')).not.toBe(key('postgres://bot:pw@db:5433/app'));
    expect(key('postgres://bot:pw@a/app')).not.toBe(key('postgres://bot:pw@b/app'));
  });
});
