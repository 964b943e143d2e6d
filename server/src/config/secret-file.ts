import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCodeOf } from '../common/errors.js';

export const SECRET_FILE = 'session-secret';
export const MIN_SECRET_LENGTH = 32;

/**
 * Creates the folder for its owner only, if it does not exist. An existing folder keeps its mode: it may be shared, and the files
 * written to it are private themselves.
 */
export const ensurePrivateFolder = (folder: string): void => {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    const code = errorCodeOf(error);
    if (code !== 'EEXIST' && code !== 'ENOTDIR') throw error;
    throw Object.assign(new Error(`${folder} is not a folder`, { cause: error }), { code });
  }
};

/**
 * Returns the secret in the data directory (mode 600); the first call creates it. Two processes that start at once get the same
 * one: the first to link the file wins.
 * @throws Error when the file has no usable secret, because a new one would end every session
 */
export const secretFromFile = (dataDir: string): string => {
  ensurePrivateFolder(dataDir);
  const file = join(dataDir, SECRET_FILE);
  return checked(file, read(file) ?? create(file));
};

/** There is nothing here that a command could work on. */
export class NoInstallation extends Error {}

/**
 * Returns the secret in the data directory, for commands on the host, which create nothing.
 * @throws NoInstallation when there is none
 * @throws Error like {@link secretFromFile}
 */
export const existingSecret = (dataDir: string): string => {
  const file = join(dataDir, SECRET_FILE);
  if (!existsSync(file)) {
    throw new NoInstallation(
      `There is no installation in ${dataDir}; set OPSTAGE_DATA_DIR (or OPSTAGE_SESSION_SECRET) as the server has it, or run this where the server runs.`,
    );
  }
  return checked(file, read(file) ?? '');
};

const checked = (file: string, secret: string): string => {
  if (secret.length >= MIN_SECRET_LENGTH) return secret;
  throw new Error(`${file} has no secret of at least ${MIN_SECRET_LENGTH} characters; restore or remove it.`);
};

const read = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return null;
    throw error;
  }
};

const create = (file: string): string => {
  // Not named after the process id: two containers on one volume may have the same.
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, `${randomBytes(48).toString('base64url')}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (errorCodeOf(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(file, 'utf8').trim();
};
