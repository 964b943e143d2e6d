import type { SafetyFinding } from '#contracts';
import { isLoopback } from '../../../../common/ip-address.js';
import type { AppConfig } from '../../../../config/app-config.js';
import { isBroadTrust, isHttps, isLocal, isPublishedHere } from '../../../../config/exposure.js';
import { finding } from '../finding.js';
import type { SafetyFacts } from '../safety-facts.js';

/** Whether somebody was seen to use plain HTTP across a network, whatever is configured. */
const isSeenInPlain = (config: AppConfig, traffic: SafetyFacts['traffic']): boolean =>
  traffic !== null &&
  // Inside a container, even its own host looks like another machine.
  (traffic.plainToPublicHost || (traffic.plainFromElsewhere && !isPublishedHere(config)));

const USE_TLS = 'Put a TLS proxy in front of the server and set OPSTAGE_PUBLIC_BASE_URL to its https:// address.';

/** Whether the session cookie is Secure wherever it must be. */
export const sessionCookie = ({ config, traffic }: SafetyFacts): SafetyFinding => {
  if (isHttps(config) || (config.production && !isLocal(config))) {
    return finding('session-cookie', {
      status: 'OK',
      situation: 'secure',
      found: 'The session cookie is always Secure.',
    });
  }
  const isSeen = isSeenInPlain(config, traffic);
  if (isLocal(config) && !isSeen) {
    return finding('session-cookie', {
      status: 'OK',
      situation: 'local',
      found: 'The session cookie is Secure over HTTPS; plain HTTP does not leave this machine.',
    });
  }
  return finding('session-cookie', {
    status: isSeen ? 'CRITICAL' : 'WARNING',
    situation: 'insecure',
    found: 'The session cookie is not Secure over plain HTTP; this is meant for development only.',
    whatToDo: 'Set NODE_ENV=production, and OPSTAGE_PUBLIC_BASE_URL to the https:// address.',
  });
};

/** Whether proxy headers are trusted exactly when there is a proxy. */
export const proxyHeaders = ({ config, traffic }: SafetyFacts): SafetyFinding => {
  const isTrusted = config.trustProxy !== false;
  if (traffic?.unbelievedProxy === true || (isHttps(config) && !isTrusted)) {
    return finding('proxy-headers', {
      status: 'WARNING',
      situation: 'unbelieved',
      found:
        'The server is behind a proxy whose X-Forwarded-* headers it does not trust, so all requests seem to come from the proxy.',
      whatToDo: 'Set OPSTAGE_TRUST_PROXY to the number of proxies or to their addresses.',
    });
  }
  if (isBroadTrust(config.trustProxy)) {
    return finding('proxy-headers', {
      status: 'WARNING',
      situation: 'anyone-private',
      found:
        'X-Forwarded-* headers are trusted from every address on a private network, so anyone there can claim any address.',
      whatToDo: 'Set OPSTAGE_TRUST_PROXY to the number of proxies or to their addresses.',
    });
  }
  if (isTrusted && !isHttps(config)) {
    return finding('proxy-headers', {
      status: 'WARNING',
      situation: 'believed',
      found: 'X-Forwarded-* headers are trusted, but no https:// public URL is configured.',
      whatToDo: 'If a proxy sets these headers, set OPSTAGE_PUBLIC_BASE_URL; otherwise remove OPSTAGE_TRUST_PROXY.',
    });
  }
  return finding('proxy-headers', {
    status: 'OK',
    situation: 'right',
    found: 'Proxy headers are configured correctly.',
  });
};

/** Whether clients connect over HTTPS, as observed and as configured. */
export const https = ({ config, traffic }: SafetyFacts): SafetyFinding => {
  if (isSeenInPlain(config, traffic)) {
    return finding('https', {
      status: 'CRITICAL',
      situation: 'plain',
      found: 'Someone used this server from another machine over plain HTTP since it started.',
      whatToDo: `${USE_TLS} Make sure clients cannot bypass the proxy.`,
    });
  }
  if (traffic?.https === true) {
    return finding('https', { status: 'OK', situation: 'seen', found: 'Clients connect over HTTPS.' });
  }
  if (isHttps(config)) {
    return finding('https', {
      status: traffic === null ? 'OK' : 'NOTICE',
      situation: traffic === null ? 'configured' : 'unseen',
      found: traffic === null ? 'HTTPS is configured.' : 'HTTPS is configured, but no HTTPS request has arrived yet.',
      ...(traffic && {
        whatToDo:
          'Sign in at the https:// address; if this finding remains, check that the proxy sets X-Forwarded-Proto.',
      }),
    });
  }
  if (isLocal(config)) {
    return finding('https', { status: 'OK', situation: 'local', found: 'Plain HTTP does not leave this machine.' });
  }
  return finding('https', {
    status: 'WARNING',
    situation: 'none',
    found: 'HTTPS is not configured.',
    whatToDo: USE_TLS,
  });
};

/** Who can reach the ports of the server. */
export const exposure = ({ config, traffic }: SafetyFacts): SafetyFinding => {
  const { host, metricsHost, metricsPort } = config;
  if (!isLoopback(host) && !isHttps(config) && (!isLocal(config) || isSeenInPlain(config, traffic))) {
    return finding('exposure', {
      status: 'CRITICAL',
      situation: 'open',
      found: `The server listens on ${host} without HTTPS: passwords and tokens may cross the network unencrypted.`,
      values: { host },
      whatToDo: USE_TLS,
    });
  }
  if (metricsPort > 0 && !isLoopback(metricsHost)) {
    return finding('exposure', {
      status: 'WARNING',
      situation: 'metrics',
      found: `Anyone who can reach ${metricsHost} on port ${metricsPort} can read the metrics.`,
      values: { port: metricsPort, host: metricsHost },
      whatToDo: 'Allow only Prometheus to reach this port.',
    });
  }
  if (isLoopback(host)) {
    return finding('exposure', {
      status: 'OK',
      situation: 'local',
      found: 'The server accepts connections from this machine only.',
    });
  }
  return isHttps(config)
    ? finding('exposure', {
        status: 'OK',
        situation: 'behind-https',
        found: `The server listens on ${host}, behind HTTPS.`,
        values: { host },
      })
    : finding('exposure', {
        status: 'NOTICE',
        situation: 'published',
        found: `The server listens on ${host}, although its public URL is for this machine only.`,
        values: { host },
        whatToDo: 'Make sure its port is published on 127.0.0.1 only, as in the compose file.',
      });
};
