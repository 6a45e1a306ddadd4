// What an IP address is to us: somebody on the internet, a network of ours, or a place no configured address may lead to.
// Only judges; the one who sends is ssrf.ts.
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

/** A network such as `10.1.0.0/16`; "everything" is refused, it would switch the protection off. */
export const Cidr = z
  .string()
  .refine(isCidr, 'write a network such as 10.1.0.0/16 or fd12:3456::/32, not wider than /8 (IPv4) or /16 (IPv6)');

// RFC 6890 and the IANA special-purpose registries: nothing here is a service of somebody else's on the internet.
const SPECIAL_V4 = blocked('ipv4', [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]);
// IPv6 the other way round: only global unicast, without the parts that wrap an IPv4 address (Teredo, 6to4) or are examples.
const GLOBAL_V6 = blocked('ipv6', [['2000::', 3]]);
const SPECIAL_V6 = blocked('ipv6', [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]);
// Cloud metadata services hand out credentials to whoever asks: no setting opens these.
// https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16 for the one that looks public.
const METADATA_V4 = blocked('ipv4', [
  ['169.254.169.254', 32],
  ['169.254.170.2', 32],
  ['169.254.170.23', 32],
  ['168.63.129.16', 32],
  ['100.100.100.200', 32],
]);
const METADATA_V6 = blocked('ipv6', [
  ['fd00:ec2::254', 128],
  ['fd00:ec2::23', 128],
]);

export type Verdict = 'public' | 'allowed' | 'forbidden';

/** What an IP address is to us. Anything that is not an IP address is forbidden. */
export function judgeAddress(address: string, allow: readonly string[]): Verdict {
  if (address.includes('%')) return 'forbidden';
  const plain = unmapped(address);
  const family = isIP(plain);
  if (family === 0) return 'forbidden';
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  if ((family === 4 ? METADATA_V4 : METADATA_V6).check(plain, kind)) return 'forbidden';
  if (listOf(allow).check(plain, kind)) return 'allowed';
  if (family === 4) return SPECIAL_V4.check(plain, kind) ? 'forbidden' : 'public';
  return GLOBAL_V6.check(plain, kind) && !SPECIAL_V6.check(plain, kind) ? 'public' : 'forbidden';
}

/** `::ffff:10.0.0.1` is 10.0.0.1 and has to be judged as that. */
function unmapped(address: string): string {
  if (isIP(address) !== 6) return address;
  const hex = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(new URL(`http://[${address}]`).hostname);
  if (hex === null) return address;
  const [high, low] = [Number.parseInt(hex[1] ?? '', 16), Number.parseInt(hex[2] ?? '', 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

function isCidr(text: string): boolean {
  const [network = '', bits = '', more] = text.split('/');
  const family = isIP(network);
  if (family === 0 || more !== undefined || !/^\d{1,3}$/.test(bits)) return false;
  const length = Number(bits);
  return family === 4 ? length >= 8 && length <= 32 : length >= 16 && length <= 128;
}

function listOf(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [network = '', bits = ''] = cidr.split('/');
    list.addSubnet(network, Number(bits), isIP(network) === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}

function blocked(kind: 'ipv4' | 'ipv6', subnets: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [network, bits] of subnets) list.addSubnet(network, bits, kind);
  return list;
}
