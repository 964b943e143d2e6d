import { isIP } from 'node:net';
import { isCidr } from '../common/ip-address.js';

/** Collects faults by variable name, so that one start names them all; values are never repeated. */
export class EnvReader {
  readonly faults: string[] = [];

  constructor(private readonly values: Readonly<Record<string, string | undefined>>) {}

  /** The value, or null when it is unset or empty. */
  text(name: string): string | null {
    const value = this.values[name]?.trim();
    return value === undefined || value === '' ? null : value;
  }

  textOr(name: string, fallback: string): string {
    return this.text(name) ?? fallback;
  }

  integer(name: string, fallback: number, min: number, max: number): number {
    const value = this.text(name);
    if (value === null) return fallback;
    const number = /^\d{1,12}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= min && number <= max) return number;
    this.faults.push(`${name} must be a whole number from ${min} to ${max}.`);
    return fallback;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const value = this.text(name);
    if (value === null) return fallback;
    const found = allowed.find((one) => one === value);
    if (found === undefined) this.faults.push(`${name} must be one of ${allowed.join(', ')}.`);
    return found ?? fallback;
  }

  httpUrl(name: string): string | null {
    const value = this.text(name);
    if (value === null) return null;
    const url = URL.canParse(value) ? new URL(value) : null;
    const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
    if (isHttp && url.username === '' && url.password === '') return value.replace(/\/+$/, '');
    this.faults.push(`${name} must be a URL that begins with http:// or https://, without a user name in it.`);
    return null;
  }

  /** Addresses and networks, comma-separated; none when it is unset. */
  cidrs(name: string): readonly string[] {
    const value = this.text(name);
    if (value === null) return [];
    const networks = value.split(',').map((network) => network.trim());
    if (networks.every(isCidr)) return networks;
    this.faults.push(`${name} must be a comma-separated list of addresses or networks such as 10.0.0.0/8 or fd00::/8.`);
    return [];
  }

  /** `OPSTAGE_TRUST_PROXY`: false, a number of hops, or addresses; `true` means proxies on private networks. */
  trustProxy(name: string): false | number | readonly string[] {
    const value = this.text(name);
    if (value === null || value === 'false') return false;
    if (value === 'true') return ['loopback', 'linklocal', 'uniquelocal'];
    if (/^\d{1,2}$/.test(value)) return Number(value);
    const addresses = value.split(',').map((address) => address.trim());
    const known = ['loopback', 'linklocal', 'uniquelocal'];
    const valid = addresses.every((one) => known.includes(one) || isIP(one.replace(/\/\d{1,3}$/, '')) !== 0);
    if (valid) return addresses;
    this.faults.push(
      `${name} must be false, true, a number of proxies, or a comma-separated list of addresses or networks.`,
    );
    return false;
  }
}
