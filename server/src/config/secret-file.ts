import { randomBytes, randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCodeOf } from '../common/errors.js';

export const SECRET_FILE = 'session-secret';
export const MIN_SECRET_LENGTH = 32;

/**
 * Creates the folder for its owner only, if it does not exist. An existing folder keeps its mode: it may be shared, and the files
 * written to it are private themselves.
 */
export const ensurePrivateFolder = (folder: string): void => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
};

/**
 * Returns the secret in the data directory (mode 600); the first call creates it. Two processes that start at once get the same
 * one: the first to link the file wins.
 * @throws Error when the file has no usable secret, because a new one would end every session
 */
export const secretFromFile = (dataDir: string): string => {
  ensurePrivateFolder(dataDir);
  const file = join(dataDir, SECRET_FILE);
  const kept = read(file) ?? create(file);
  if (kept.length < MIN_SECRET_LENGTH) {
    throw new Error(`${file} has no secret of at least ${MIN_SECRET_LENGTH} characters; restore or remove it.`);
  }
  return kept;
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
