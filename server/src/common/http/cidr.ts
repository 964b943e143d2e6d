import { BlockList, isIP } from 'node:net';

const familyOf = (address: string): 'ipv4' | 'ipv6' | null => {
  const version = isIP(address);
  if (version === 0) return null;
  return version === 4 ? 'ipv4' : 'ipv6';
};

/** Whether the text is an address or a network in CIDR notation (RFC 4632, RFC 4291), IPv4 or IPv6. */
export const isCidr = (text: string): boolean => {
  const [address = '', bits, ...rest] = text.split('/');
  const family = familyOf(address);
  if (family === null || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 'ipv4' ? 32 : 128));
};

/** Whether the address lies in one of the networks; never for an unknown address. */
export const isInCidrs = (address: string | null, cidrs: readonly string[]): boolean => {
  const family = address === null ? null : familyOf(address);
  if (address === null || family === null) return false;
  const networks = new BlockList();
  for (const cidr of cidrs.filter(isCidr)) {
    const [network = '', bits] = cidr.split('/');
    const networkFamily = familyOf(network) ?? 'ipv4';
    networks.addSubnet(network, Number(bits ?? (networkFamily === 'ipv4' ? 32 : 128)), networkFamily);
  }
  return networks.check(address, family);
};
