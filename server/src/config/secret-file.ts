import { randomBytes, randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCodeOf } from '../common/errors.js';

export const SECRET_FILE = 'session-secret';
export const MIN_SECRET_LENGTH = 32;

/**
 * Makes the folder, if need be, and lets only its owner in. A folder that is there already keeps its mode: it may be
 * shared, and what is written into it is private by itself.
 */
export const ensurePrivateFolder = (folder: string): void => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
};

/**
 * The secret kept in the data directory (mode 600), made on the first call. Two processes that start at once end up with
 * the same one: whoever links the file first wins.
 * @throws Error when the file is there and holds no usable secret: to make another would end every session unasked
 */
export const secretFromFile = (dataDir: string): string => {
  ensurePrivateFolder(dataDir);
  const file = join(dataDir, SECRET_FILE);
  const kept = read(file) ?? make(file);
  if (kept.length < MIN_SECRET_LENGTH) {
    throw new Error(`${file} holds no secret of at least ${MIN_SECRET_LENGTH} characters; restore or remove it.`);
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

const make = (file: string): string => {
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
