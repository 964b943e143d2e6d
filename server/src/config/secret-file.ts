import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCodeOf } from '../common/errors/error-code.js';

export const SECRET_FILE = 'session-secret';

const read = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return null;
    throw error;
  }
};

/** Makes the folder, if need be, and lets only its owner in. */
export const makePrivateFolder = (folder: string): void => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
};

/**
 * The secret kept in the data directory (mode 600), made on the first call. Two processes that start at once end up with
 * the same one: whoever links the file first wins.
 */
export const secretFromFile = (dataDir: string): string => {
  makePrivateFolder(dataDir);
  const file = join(dataDir, SECRET_FILE);
  const kept = read(file);
  if (kept !== null) return kept;
  const draft = `${file}.${process.pid}`;
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
