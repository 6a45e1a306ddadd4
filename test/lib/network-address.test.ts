// Which addresses are the internet, which are ours, and which are nobody's business (threat G09).
import { describe, expect, it } from 'vitest';
import { Cidr, judgeAddress } from '../../src/lib/network-address.ts';

describe('an address', () => {
  it.each([
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '10.255.255.255',
    '100.64.0.1',
    '100.127.255.255',
    '127.0.0.1',
    '127.255.255.255',
    '169.254.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.0.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '168.63.129.16',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:169.254.169.254',
    '0:0:0:0:0:ffff:a9fe:a9fe',
    '::127.0.0.1',
    '64:ff9b::127.0.0.1',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::1',
    '3fff::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    '4000::1',
    'localhost',
    '127.1',
    '0x7f.0.0.1',
    '2130706433',
    '',
  ])('%s is forbidden', (address) => {
    expect(judgeAddress(address, [])).toBe('forbidden');
  });

  it.each([
    '1.1.1.1',
    '93.184.216.34',
    '11.0.0.1',
    '100.63.255.255',
    '100.128.0.1',
    '172.15.255.255',
    '172.32.0.1',
    '192.167.1.1',
    '223.255.255.255',
    '2606:4700::1111',
    '2a00:1450::1',
    '::ffff:1.1.1.1',
  ])('%s is public', (address) => {
    expect(judgeAddress(address, [])).toBe('public');
  });

  it('is allowed inside a network that the settings name, and only there', () => {
    const allow = ['10.1.0.0/16', 'fd12:3456::/32'];
    expect(judgeAddress('10.1.2.3', allow)).toBe('allowed');
    expect(judgeAddress('::ffff:10.1.2.3', allow)).toBe('allowed');
    expect(judgeAddress('10.2.0.1', allow)).toBe('forbidden');
    expect(judgeAddress('fd12:3456::1', allow)).toBe('allowed');
    expect(judgeAddress('fd12:3457::1', allow)).toBe('forbidden');
  });

  it('of a metadata service is forbidden whatever the settings name', () => {
    const allow = ['169.254.0.0/16', '168.0.0.0/8', '100.64.0.0/10', 'fd00::/16'];
    expect(judgeAddress('169.254.1.1', allow)).toBe('allowed');
    for (const address of [
      '169.254.169.254',
      '169.254.170.2',
      '168.63.129.16',
      '100.100.100.200',
      'fd00:ec2::254',
      '::ffff:169.254.169.254',
    ]) {
      expect(judgeAddress(address, allow)).toBe('forbidden');
    }
  });
});

describe('a network in the settings', () => {
  it.each(['10.0.0.0/8', '10.1.2.3/32', '192.168.0.0/16', 'fd00::/16', '::1/128'])('%s is one', (text) => {
    expect(Cidr.safeParse(text).success).toBe(true);
  });
  it.each([
    '0.0.0.0/0',
    '10.0.0.0/7',
    '::/0',
    'fc00::/7',
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    'intranet/8',
    '10.0.0/8',
    '',
    '10.0.0.0/08x',
  ])('%j is none', (text) => {
    expect(Cidr.safeParse(text).success).toBe(false);
  });
});
