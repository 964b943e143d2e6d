import type { SafetyFinding } from '#contracts';
import { isLoopback } from '../../../../common/ip-address.js';
import type { AppConfig } from '../../../../config/app-config.js';
import { finding } from '../finding.js';
import type { SafetyFacts } from '../safety-facts.js';

const isHttps = ({ publicBaseUrl }: AppConfig): boolean => publicBaseUrl?.startsWith('https:') ?? false;

/** It says that the port of its container is published on this machine only. */
const isPublishedHere = ({ publicBaseUrl }: AppConfig): boolean =>
  publicBaseUrl !== null && isLoopback(new URL(publicBaseUrl).hostname);

/** People reach it on this machine only. */
const isLocal = (config: AppConfig): boolean => isLoopback(config.host) || isPublishedHere(config);

const USE_TLS = 'Put a proxy with TLS in front of it and set OPSTAGE_PUBLIC_BASE_URL to its https:// address.';

/** Whether the session cookie is Secure wherever it has to be. */
export const sessionCookie = ({ config }: SafetyFacts): SafetyFinding => {
  if (isHttps(config) || (config.production && !isLocal(config))) {
    return finding('session-cookie', {
      status: 'OK',
      situation: 'secure',
      found: 'The session cookie is always Secure.',
    });
  }
  if (isLocal(config)) {
    return finding('session-cookie', {
      status: 'OK',
      situation: 'local',
      found: 'The session cookie is Secure over HTTPS; plain HTTP does not leave this machine.',
    });
  }
  return finding('session-cookie', {
    status: 'WARNING',
    situation: 'insecure',
    found: 'The session cookie is not Secure when people come by plain HTTP, as it is meant for development.',
    whatToDo: 'Set NODE_ENV=production, and OPSTAGE_PUBLIC_BASE_URL to the https:// address.',
  });
};

/** Whether the headers of proxies are believed where there is one, and only there. */
export const proxyHeaders = ({ config, traffic }: SafetyFacts): SafetyFinding => {
  const isTrusted = config.trustProxy !== false;
  if (traffic?.unbelievedProxy === true || (isHttps(config) && !isTrusted)) {
    return finding('proxy-headers', {
      status: 'WARNING',
      situation: 'unbelieved',
      found:
        'It is behind a proxy whose X-Forwarded-* headers it does not believe: all requests seem to come from there.',
      whatToDo: 'Set OPSTAGE_TRUST_PROXY to the number of proxies or to their addresses.',
    });
  }
  if (isTrusted && !isHttps(config)) {
    return finding('proxy-headers', {
      status: 'WARNING',
      situation: 'believed',
      found: 'It believes X-Forwarded-* headers, and no HTTPS address says that there is a proxy.',
      whatToDo:
        'Take OPSTAGE_TRUST_PROXY away unless there is a proxy that sets them; if there is, set OPSTAGE_PUBLIC_BASE_URL.',
    });
  }
  return finding('proxy-headers', {
    status: 'OK',
    situation: 'right',
    found: 'Proxy headers are believed as they should be.',
  });
};

/** Whether people come by HTTPS: as it was seen, and as it is set up. */
export const https = ({ config, traffic }: SafetyFacts): SafetyFinding => {
  // To a container everybody comes from elsewhere, its own host too.
  if (traffic?.plainFromElsewhere === true && !isPublishedHere(config)) {
    return finding('https', {
      status: 'CRITICAL',
      situation: 'plain',
      found: 'Somebody came from another machine by plain HTTP since the server started.',
      whatToDo: `${USE_TLS} Let nobody reach the server past it.`,
    });
  }
  if (traffic?.https === true) {
    return finding('https', { status: 'OK', situation: 'seen', found: 'People come by HTTPS.' });
  }
  if (isHttps(config)) {
    return finding('https', {
      status: traffic === null ? 'OK' : 'NOTICE',
      situation: traffic === null ? 'configured' : 'unseen',
      found:
        traffic === null ? 'People are told to come by HTTPS.' : 'People are told to come by HTTPS; none was seen yet.',
      ...(traffic && {
        whatToDo: 'Sign in by the https:// address; if this stays, see whether the proxy sets X-Forwarded-Proto.',
      }),
    });
  }
  if (isLocal(config)) {
    return finding('https', { status: 'OK', situation: 'local', found: 'Plain HTTP does not leave this machine.' });
  }
  return finding('https', {
    status: 'WARNING',
    situation: 'none',
    found: 'It knows of no HTTPS.',
    whatToDo: USE_TLS,
  });
};

/** Who can reach what it listens on. */
export const exposure = ({ config }: SafetyFacts): SafetyFinding => {
  const { host, metricsHost, metricsPort } = config;
  if (!isLoopback(host) && !isHttps(config) && !isLocal(config)) {
    return finding('exposure', {
      status: 'CRITICAL',
      situation: 'open',
      found: `It listens on ${host} and knows of no HTTPS: passwords and tokens may cross the network in the clear.`,
      values: { host },
      whatToDo: USE_TLS,
    });
  }
  if (metricsPort > 0 && !isLoopback(metricsHost)) {
    return finding('exposure', {
      status: 'WARNING',
      situation: 'metrics',
      found: `Metrics are given to whoever reaches port ${metricsPort} of ${metricsHost}.`,
      values: { port: metricsPort, host: metricsHost },
      whatToDo: 'Let only Prometheus reach it.',
    });
  }
  if (isLoopback(host)) {
    return finding('exposure', { status: 'OK', situation: 'local', found: 'It listens on this machine only.' });
  }
  return isHttps(config)
    ? finding('exposure', {
        status: 'OK',
        situation: 'behind-https',
        found: `It listens on ${host}, behind HTTPS.`,
        values: { host },
      })
    : finding('exposure', {
        status: 'NOTICE',
        situation: 'published',
        found: `It listens on ${host} and is meant for this machine only.`,
        values: { host },
        whatToDo: 'See that its port is published on 127.0.0.1 only, as the compose file does it.',
      });
};
