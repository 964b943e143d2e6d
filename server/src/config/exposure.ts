import { isLoopback } from '../common/ip-address.js';
import type { AppConfig } from './app-config.js';

type Exposure = Pick<AppConfig, 'production' | 'host' | 'publicBaseUrl'>;

/** Networks at least this large are more than a few proxies. */
const BROAD_BITS = { ipv4: 16, ipv6: 48 } as const;

/** Whether people reach the server over HTTPS, as it is configured. */
export const isHttps = ({ publicBaseUrl }: Exposure): boolean => publicBaseUrl?.startsWith('https:') ?? false;

/** Whether the public URL implies that a container's port is published on this machine only. */
export const isPublishedHere = ({ publicBaseUrl }: Exposure): boolean =>
  publicBaseUrl !== null && isLoopback(new URL(publicBaseUrl).hostname);

/** Whether the server can be reached from this machine only. */
export const isLocal = (config: Exposure): boolean => isLoopback(config.host) || isPublishedHere(config);

/** Whether a sign-in over plain HTTP is expected, so that the session cookie need not be Secure. */
export const isPlainHttpExpected = (config: Exposure): boolean =>
  !isHttps(config) && (!config.production || isLocal(config));

/** Whether nobody can sign in over plain HTTP, while nothing says that there is HTTPS. */
export const needsHttpsWithoutUrl = (config: Exposure): boolean => !isHttps(config) && !isPlainHttpExpected(config);

const isBroad = (entry: string): boolean => {
  if (entry === 'uniquelocal' || entry === 'linklocal') return true;
  const [address = '', bits] = entry.split('/');
  return bits !== undefined && Number(bits) < (address.includes(':') ? BROAD_BITS.ipv6 : BROAD_BITS.ipv4);
};

/** Whether headers are believed that anyone on a private network can set. */
export const isBroadTrust = (trustProxy: AppConfig['trustProxy']): boolean =>
  typeof trustProxy === 'object' && trustProxy.some(isBroad);
