import { existsSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { SafetyFinding, SafetyStatus } from '#contracts';
import type { AppConfig } from '../../config/app-config.js';
import { SECRET_FILE } from '../../config/secret-file.js';

/** The permission bits of everyone but the owner. */
const OTHERS = 0o077;
const LOW_BYTES = 1024 ** 3;
const CRITICAL_BYTES = 256 * 1024 ** 2;

/** The result of one check. */
export interface Check {
  readonly status: SafetyStatus;
  /** The result in one sentence. */
  readonly found: string;
  readonly whyItMatters?: string;
  /** What to do about it, unless the status is OK. */
  readonly whatToDo?: string | null;
  readonly details?: SafetyFinding['details'];
}

/** A check that passed. */
export const ok = (found: string): Check => ({ status: 'OK', found });

/** A check that found something to consider. */
export const warning = (found: string, whatToDo: string): Check => ({ status: 'WARNING', found, whatToDo });

/** A check that found something to fix. */
export const fault = (found: string, whatToDo: string): Check => ({ status: 'CRITICAL', found, whatToDo });

const checkPrivacy = (path: string): Check[] => {
  const found = statSync(path, { throwIfNoEntry: false });
  // Windows does not use these permission bits.
  if (!found || process.platform === 'win32') return [];
  if ((found.mode & OTHERS) === 0) return [ok(`Only its owner can open ${path}.`)];
  const mode = found.isDirectory() ? '700' : '600';
  const check = found.isDirectory() ? warning : fault;
  return [check(`Other users of this machine can open ${path}.`, `chmod ${mode} ${path}`)];
};

const checkSpace = async (folder: string): Promise<Check> => {
  // On PostgreSQL, with a secret from the environment, there may be nothing to keep in it yet.
  if (!existsSync(folder))
    return { status: 'NOTICE', found: `There is no data directory ${folder} yet.`, whatToDo: null };
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const found = `${Math.floor(free / 1024 ** 2)} MB are free in the data directory.`;
  if (free < CRITICAL_BYTES) return fault(found, 'Free some space: a full disk stops every write.');
  return free < LOW_BYTES ? warning(found, 'Free some space, or keep fewer backups.') : ok(found);
};

/** Checks that private files are private, and how much disk space is left. */
export const checkFiles = async ({ dataDir, backupDir, database }: AppConfig): Promise<Check[]> => {
  const files = [dataDir, backupDir, join(dataDir, SECRET_FILE)];
  if (database.kind === 'sqlite') files.push(database.file, `${database.file}-wal`);
  return [...files.flatMap(checkPrivacy), await checkSpace(dataDir)];
};
