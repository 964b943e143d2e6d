import { BlockList, isIP, isIPv6 } from 'node:net';

type Family = 'ipv4' | 'ipv6';

interface Network {
  readonly address: string;
  readonly bits: number;
  /** How it is written. */
  readonly family: Family;
}

const LONGEST = { ipv4: 32, ipv6: 128 } as const;
/** From there on a network of IPv4 addresses as IPv6 writes them (`::ffff:10.0.0.0`; RFC 4291, 2.5.5.2) is one of IPv4. */
const MAPPED_BITS = 96;

const EVERY_IPV4 = new BlockList();
EVERY_IPV4.addSubnet('0.0.0.0', 0, 'ipv4');

const familyOf = (address: string): Family | null => {
  // A zone (`fe80::1%eth0`) says through which interface, and only on one machine.
  const version = address.includes('%') ? 0 : isIP(address);
  if (version === 0) return null;
  return version === 4 ? 'ipv4' : 'ipv6';
};

/** Null for what is no network. */
const parse = (text: string): Network | null => {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = familyOf(address);
  if (family === null || rest.length > 0 || (prefix !== undefined && !/^\d{1,3}$/.test(prefix))) return null;
  const bits = Number(prefix ?? LONGEST[family]);
  return bits <= LONGEST[family] ? { address, bits, family } : null;
};

/** Whether the text is an address or a network in CIDR notation (RFC 4632, RFC 4291), IPv4 or IPv6. */
export const isCidr = (text: string): boolean => parse(text) !== null;

/** Networks, ready to be asked. What is no network holds no address. */
export class CidrList {
  readonly #ipv4 = new BlockList();
  readonly #ipv6 = new BlockList();

  constructor(cidrs: readonly string[]) {
    for (const network of cidrs.map(parse)) if (network) this.#add(network);
  }

  /** Whether the address lies in one of them; never for an unknown one. An IPv4 address is the same in every spelling. */
  includes(address: string | null): boolean {
    const family = familyOf(address ?? '');
    if (address === null || family === null) return false;
    // IPv6 networks are asked about IPv6 only: to the list, `::/0` would be all of IPv4 too.
    const networks = EVERY_IPV4.check(address, family) ? this.#ipv4 : this.#ipv6;
    return networks.check(address, family);
  }

  #add({ address, bits, family }: Network): void {
    const isIpv4 = family === 'ipv4' || (bits >= MAPPED_BITS && EVERY_IPV4.check(address, family));
    (isIpv4 ? this.#ipv4 : this.#ipv6).addSubnet(address, bits, family);
  }
}

/** Whether the address lies in one of the networks; never for an unknown address. */
export const isInCidrs = (address: string | null, cidrs: readonly string[]): boolean =>
  new CidrList(cidrs).includes(address);

const LOOPBACK = /^(?:(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[?::1\]?|localhost)$/;

/** Whether a host name or address is this machine's own. */
export const isLoopback = (host: string): boolean => LOOPBACK.test(host);

/** Who has one IPv6 address has its whole /64 (RFC 4291). */
export const rateLimitKey = (address: string): string => {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = head.split(':').filter(Boolean);
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').filter(Boolean).length;
  return [...groups, ...Array<string>(missing).fill('0')].slice(0, 4).join(':');
};
