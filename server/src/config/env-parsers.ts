import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { isCidr } from '../common/ip-address.js';
import type { DatabaseConfig } from './app-config.js';

/** A value that cannot be used; the message continues the variable's name and never repeats the value. */
export class InvalidValue extends Error {}

/** Reads the text of a variable, trimmed and not empty. @throws InvalidValue */
export type Parser<T> = (text: string) => T;

/** Takes the text as it is. */
export const text: Parser<string> = (value) => value;

/** Resolves a path against the working directory. */
export const path: Parser<string> = (value) => resolve(value);

/** Reads a whole number in this range. */
export const integer =
  (min: number, max: number): Parser<number> =>
  (value) => {
    const number = /^\d{1,12}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= min && number <= max) return number;
    throw new InvalidValue(`must be a whole number from ${min} to ${max}.`);
  };

/** Reads one of these words. */
export const oneOf =
  <T extends string>(...allowed: readonly T[]): Parser<T> =>
  (value) => {
    const found = allowed.find((one) => one === value);
    if (found !== undefined) return found;
    throw new InvalidValue(`must be one of ${allowed.join(', ')}.`);
  };

/** Reads the URL of a host, without a slash at its end. */
export const originUrl: Parser<string> = (value) => {
  const url = URL.canParse(value) ? new URL(value) : null;
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (!isHttp || url.username !== '' || url.password !== '') {
    throw new InvalidValue('must be a URL that begins with http:// or https://, without a user name in it.');
  }
  if (/[?#]/.test(value)) throw new InvalidValue('must not have a ? or # in it.');
  if (!/^\/+$/.test(url.pathname)) {
    throw new InvalidValue(
      'has a path, but Opstage CE is served at the root of its host only. Give it a host name of its own, such as https://opstage.example.com.',
    );
  }
  return value.replace(/\/+$/, '');
};

/** Reads the address or name of a host to listen on. */
export const hostName: Parser<string> = (value) => {
  if (isIP(value) !== 0 || /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(value)) return value;
  throw new InvalidValue('must be an address or a host name, without http://, brackets or a port.');
};

/** Reads `stdout` or the path of a file. */
export const stdoutOrFile: Parser<string> = (value) => {
  if (/^(?:stdout|stderr|syslog|-|true|false|yes|no|on|off)$/i.test(value) && value !== 'stdout') {
    throw new InvalidValue('must be stdout or the path of a file.');
  }
  return value === 'stdout' ? value : resolve(value);
};

const list = (value: string): readonly string[] => value.split(',').map((item) => item.trim());

/** Reads a comma-separated list of addresses and networks. */
export const cidrs: Parser<readonly string[]> = (value) => {
  const networks = list(value);
  if (networks.every(isCidr)) return networks;
  throw new InvalidValue('must be a comma-separated list of addresses or networks such as 10.0.0.0/8 or fd00::/8.');
};

const PRIVATE_NETWORKS: readonly string[] = ['loopback', 'linklocal', 'uniquelocal'];

/** Reads Express' `trust proxy`: false, a number of hops, or addresses; `true` means proxies on private networks. */
export const trustedProxies: Parser<false | number | readonly string[]> = (value) => {
  if (value === 'false') return false;
  if (value === 'true') return PRIVATE_NETWORKS;
  if (/^\d{1,2}$/.test(value)) return Number(value);
  const addresses = list(value);
  const isKnown = (one: string): boolean => PRIVATE_NETWORKS.includes(one) || isIP(one.replace(/\/\d{1,3}$/, '')) !== 0;
  if (addresses.every(isKnown)) return addresses;
  throw new InvalidValue(
    'must be false, true, a number of proxies, or a comma-separated list of addresses or networks.',
  );
};

/** The SQLite database in this file. */
export const sqliteDatabase = (file: string): DatabaseConfig => ({ kind: 'sqlite', file: resolve(file), url: '' });

/** Characters of a password that end it in a URL, and would send what follows somewhere else. */
const postgresDatabase = (value: string): DatabaseConfig => {
  const url = URL.canParse(value) ? new URL(value) : null;
  const isCut =
    url !== null &&
    (url.hash !== '' || url.pathname.includes('@') || (url.username === '' && url.search.includes('@')));
  if (url && !isCut) return { kind: 'postgres', file: '', url: value };
  throw new InvalidValue(
    'is not read as it looks: in its user name and password, write the characters / ? # @ : and % as %2F %3F %23 %40 %3A and %25.',
  );
};

/** Reads the URL of a database. */
export const databaseUrl: Parser<DatabaseConfig> = (value) => {
  if (/^postgres(ql)?:\/\//.test(value)) return postgresDatabase(value);
  const file = /^file:(?:\/\/(?=\/))?(.+)$/.exec(value)?.[1];
  if (file !== undefined && !file.startsWith('//')) return sqliteDatabase(file);
  throw new InvalidValue('must begin with file: or postgres://.');
};

/** Words that examples put in place of a secret; left there, many installations would share the same secret. */
const PLACEHOLDER = /(?:change|replace)[-_ ]?(?:me|this|it)|placeholder|your[-_ ](?:secret|password)/i;

/** Reads a comma-separated list of secrets of at least this length. */
export const secrets =
  (minLength: number): Parser<readonly string[]> =>
  (value) => {
    const all = list(value);
    if (all.some((secret) => secret.length < minLength)) {
      throw new InvalidValue(`must have at least ${minLength} characters, each one of a list.`);
    }
    if (PLACEHOLDER.test(value)) throw new InvalidValue('is still a placeholder; generate your own.');
    return all;
  };

/** Reads a password with a length in this range. */
export const password =
  (minLength: number, maxLength: number): Parser<string> =>
  (value) => {
    if (value.length < minLength || value.length > maxLength) {
      throw new InvalidValue(`must have ${minLength} to ${maxLength} characters.`);
    }
    if (PLACEHOLDER.test(value)) throw new InvalidValue('is still a placeholder; choose your own.');
    return value;
  };

/** Reads the name of a user. */
export const username: Parser<string> = (value) => {
  if (/^[A-Za-z0-9._@-]{1,80}$/.test(value)) return value;
  throw new InvalidValue('must be 1 to 80 letters, digits or any of . _ @ -');
};
