import type { AppConfig } from './app-config.js';
import { isBroadTrust, needsHttpsWithoutUrl } from './exposure.js';
import { leastOfflineThresholdSeconds } from './offline-threshold.js';

type Variables = Readonly<Record<string, string | undefined>>;

const QUOTED = /^["'`]|["'`]$/;

/** Why a value may not be what it looks like, without the value; null when it is. */
const oddity = (value: string): string | null => {
  const text = value.trim();
  if (text === '') return null;
  if (QUOTED.test(text)) return 'has a quotation mark at an end of its value, which counts as a part of it.';
  if (/\s#/.test(text)) return 'has a # in its value: what looks like a comment counts as a part of it.';
  if (/\$\{\w+\}|\$\(\w+\)/.test(text)) return 'has a placeholder such as ${…} in its value, which is not replaced.';
  if (/^~(?:\/|$)/.test(text)) return 'begins with ~, which is a folder of that name here, not your home directory.';
  if (value !== text) return 'has blanks or a line end around its value, which are left out.';
  return null;
};

/** A name with something in front of it, such as `export OPSTAGE_PORT`, or in other letters. */
const misspelt = (name: string, names: readonly string[]): string | null => {
  const meant = /(?:OPSTAGE_[A-Z0-9_]+|DATABASE_URL)$/.exec(name.trim().toUpperCase())?.[0];
  if (meant === undefined || meant === name || !names.includes(meant)) return null;
  return `A variable that should be called ${meant} has other characters in its name, such as a leading export; it is not read.`;
};

/** Says which variables are read otherwise than they look, by name, never with their values. */
export const aboutValues = (variables: Variables, names: readonly string[]): readonly string[] => {
  const values = names.flatMap((name) => {
    const found = oddity(variables[name] ?? '');
    return found === null ? [] : [`${name} ${found}`];
  });
  const misspellings = Object.keys(variables).map((name) => misspelt(name, names));
  const { NODE_ENV: mode = '' } = variables;
  const isOddMode = !['', 'production', 'development', 'test'].includes(mode.trim());
  return [
    ...values,
    ...misspellings.filter((one) => one !== null),
    ...(isOddMode ? ['NODE_ENV is neither production nor development, so it counts as development.'] : []),
  ];
};

const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/;

/**
 * Says which lines of a `.env` file Node reads otherwise than they look: a value that ends at a # inside of it, and a name that
 * is set twice.
 */
export const aboutEnvFile = (content: string, names: readonly string[]): readonly string[] => {
  const seen = new Map<string, string>();
  const warnings: string[] = [];
  for (const line of content.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const [, name = '', value = ''] = ASSIGNMENT.exec(line) ?? [];
    if (!names.includes(name)) continue;
    if (seen.has(name)) warnings.push(`${name} is set more than once in the .env file; the last line counts.`);
    seen.set(name, value);
    if (/^[^"'`\s#][^\s]*#/.test(value)) {
      warnings.push(`${name} has a # in its value in the .env file, where the value ends; put it in quotation marks.`);
    }
  }
  return warnings;
};

/** Says what is allowed, but seldom meant. */
export const aboutConfig = (config: AppConfig): readonly string[] => {
  const warnings: string[] = [];
  if (isBroadTrust(config.trustProxy)) {
    warnings.push(
      'OPSTAGE_TRUST_PROXY trusts every address on a private network: whoever sits on one can claim any address. Set the number of proxies, or their addresses.',
    );
  }
  if (config.agentOfflineThresholdSeconds < leastOfflineThresholdSeconds(config)) {
    warnings.push(
      'OPSTAGE_AGENT_OFFLINE_THRESHOLD_SECONDS is less than two of OPSTAGE_AGENT_HEARTBEAT_INTERVAL_SECONDS: healthy agents will count as offline between heartbeats.',
    );
  }
  if (needsHttpsWithoutUrl(config)) {
    warnings.push(
      'People cannot sign in over plain HTTP at this server: the session cookie is sent over HTTPS only. Set OPSTAGE_PUBLIC_BASE_URL to the https:// URL that people use, or, if only this machine uses it, to http://127.0.0.1 with the port.',
    );
  }
  return warnings;
};
