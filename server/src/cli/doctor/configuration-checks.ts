import type { AppConfig } from '../../config/app-config.js';
import { fault, ok, warning, type Check } from './check.js';

const LOOPBACK = /^(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[?::1\]?|localhost)$/;
/** A random secret of 32 characters has more; one somebody typed, fewer. */
const MIN_DIFFERENT_CHARACTERS = 16;
const MAX_SECRET_AGE_DAYS = 365;

const isHttps = ({ publicBaseUrl }: AppConfig): boolean => publicBaseUrl?.startsWith('https:') ?? false;

const secretStrength = ({ sessionSecrets }: AppConfig): Check => {
  const weak = sessionSecrets.some((secret) => new Set(secret).size < MIN_DIFFERENT_CHARACTERS);
  return weak
    ? fault(
        'The session secret repeats few characters.',
        'Make one with `openssl rand -base64 48`, and put it before the old one.',
      )
    : ok('The session secret looks random.');
};

const secretAge = (ageDays: number | null): Check => {
  if (ageDays === null) return ok('The session secret is not kept in the data directory.');
  return ageDays > MAX_SECRET_AGE_DAYS
    ? warning(`The session secret is ${ageDays} days old.`, 'Rotate it: OPSTAGE_SESSION_SECRET=new,old.')
    : ok(`The session secret is ${ageDays} days old.`);
};

const transport = (config: AppConfig): Check => {
  if (isHttps(config)) return ok('People come by HTTPS; the session cookie is always Secure.');
  if (LOOPBACK.test(config.host)) return ok('It listens on this machine only.');
  return fault(
    `It listens on ${config.host} and knows of no HTTPS: passwords and tokens may cross the network in the clear.`,
    'Put a proxy with TLS in front of it and set OPSTAGE_PUBLIC_BASE_URL to its https:// address.',
  );
};

const proxy = (config: AppConfig): Check => {
  const isBehind = isHttps(config);
  if (isBehind && config.trustProxy === false) {
    return warning(
      'It is behind a proxy whose X-Forwarded-* headers it does not believe: all requests seem to come from there.',
      'Set OPSTAGE_TRUST_PROXY to the number of proxies or to their addresses.',
    );
  }
  if (!isBehind && config.trustProxy !== false) {
    return warning(
      'It believes X-Forwarded-* headers.',
      'Take OPSTAGE_TRUST_PROXY away unless there is a proxy that sets them.',
    );
  }
  return ok('Proxy headers are believed as they should be.');
};

const metrics = ({ metricsHost, metricsPort }: AppConfig): Check =>
  metricsPort > 0 && !LOOPBACK.test(metricsHost)
    ? warning(
        `Metrics are given to whoever reaches port ${metricsPort} of ${metricsHost}.`,
        'Let only Prometheus reach it.',
      )
    : ok('Metrics are not given to other machines.');

/** What the settings say about how safe the installation is; `secretAgeDays` is null for a secret that is not in a file. */
export const checkConfiguration = (config: AppConfig, secretAgeDays: number | null): Check[] => [
  secretStrength(config),
  secretAge(secretAgeDays),
  transport(config),
  proxy(config),
  metrics(config),
];
