import { BlockList, isIP, isIPv6 } from 'node:net';

type Family = 'ipv4' | 'ipv6';

interface Network {
  readonly address: string;
  readonly bits: number;
  /** The family that it is written in. */
  readonly family: Family;
}

const LONGEST = { ipv4: 32, ipv6: 128 } as const;
/** With at least this prefix, a network of IPv4-mapped addresses (`::ffff:10.0.0.0`; RFC 4291, 2.5.5.2) is an IPv4 network. */
const MAPPED_BITS = 96;

const EVERY_IPV4 = new BlockList();
EVERY_IPV4.addSubnet('0.0.0.0', 0, 'ipv4');

const familyOf = (address: string): Family | null => {
  // A zone (`fe80::1%eth0`) names an interface of one machine.
  const version = address.includes('%') ? 0 : isIP(address);
  if (version === 0) return null;
  return version === 4 ? 'ipv4' : 'ipv6';
};

/** Returns null for a text that is not a network. */
const parse = (text: string): Network | null => {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = familyOf(address);
  if (family === null || rest.length > 0 || (prefix !== undefined && !/^\d{1,3}$/.test(prefix))) return null;
  const bits = Number(prefix ?? LONGEST[family]);
  return bits <= LONGEST[family] ? { address, bits, family } : null;
};

/** Whether the text is an address or a network in CIDR notation (RFC 4632, RFC 4291), IPv4 or IPv6. */
export const isCidr = (text: string): boolean => parse(text) !== null;

/** Networks to test addresses against; entries that are not networks match nothing. */
export class CidrList {
  readonly #ipv4 = new BlockList();
  readonly #ipv6 = new BlockList();

  constructor(cidrs: readonly string[]) {
    for (const network of cidrs.map(parse)) if (network) this.#add(network);
  }

  /** Whether an address lies in one of the networks; false for null. An IPv4 address is the same in IPv6 notation. */
  includes(address: string | null): boolean {
    const family = familyOf(address ?? '');
    if (address === null || family === null) return false;
    // Separate lists, because in one `::/0` would contain all of IPv4 too.
    const networks = EVERY_IPV4.check(address, family) ? this.#ipv4 : this.#ipv6;
    return networks.check(address, family);
  }

  #add({ address, bits, family }: Network): void {
    const isIpv4 = family === 'ipv4' || (bits >= MAPPED_BITS && EVERY_IPV4.check(address, family));
    (isIpv4 ? this.#ipv4 : this.#ipv6).addSubnet(address, bits, family);
  }
}

/** Whether an address lies in one of the networks; false for null. */
export const isInCidrs = (address: string | null, cidrs: readonly string[]): boolean =>
  new CidrList(cidrs).includes(address);

const LOOPBACK = /^(?:(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[?::1\]?|(?:[a-z0-9-]+\.)*localhost)$/;

/** Whether a host name or address is this machine's own. */
export const isLoopback = (host: string): boolean => LOOPBACK.test(host);

/**
 * Returns the key to limit or sample requests from an address by. IPv6 is folded to its /64 (RFC 4291), all of which one host
 * can use; unknown addresses share a key.
 */
export const rateLimitKey = (address: string | null): string => {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address ?? '')?.[1];
  if (mapped !== undefined) return mapped;
  if (address === null || !isIPv6(address)) return address ?? 'unknown';
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = head.split(':').filter(Boolean);
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').filter(Boolean).length;
  return [...groups, ...Array<string>(missing).fill('0')].slice(0, 4).join(':');
};
