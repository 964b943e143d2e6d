import { statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { SafetyFinding, SafetyStatus } from '#contracts';
import type { AppConfig } from '../../config/app-config.js';
import { SECRET_FILE } from '../../config/secret-file.js';

/** What the doctor found about one thing. */
export interface Check {
  readonly status: SafetyStatus;
  /** What was found. */
  readonly found: string;
  readonly whyItMatters?: string;
  /** What to do about it, when it is not fine. */
  readonly whatToDo?: string | null;
  readonly details?: SafetyFinding['details'];
}

/** It is fine. */
export const ok = (found: string): Check => ({ status: 'OK', found });

/** It is worth a thought. */
export const warning = (found: string, whatToDo: string): Check => ({ status: 'WARNING', found, whatToDo });

/** It is to be put right. */
export const fault = (found: string, whatToDo: string): Check => ({ status: 'CRITICAL', found, whatToDo });

const OTHERS = 0o077;
const FEW_BYTES = 1024 ** 3;
const TOO_FEW_BYTES = 256 * 1024 ** 2;

const privacy = (path: string): Check[] => {
  const found = statSync(path, { throwIfNoEntry: false });
  // Windows has other ways to keep others out.
  if (!found || process.platform === 'win32') return [];
  if ((found.mode & OTHERS) === 0) return [ok(`Only its owner can open ${path}.`)];
  const mode = found.isDirectory() ? '700' : '600';
  const check = found.isDirectory() ? warning : fault;
  return [check(`Others on this machine can open ${path}.`, `chmod ${mode} ${path}`)];
};

const space = async (folder: string): Promise<Check> => {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const found = `${Math.floor(free / 1024 ** 2)} MB are free where the data lies.`;
  if (free < TOO_FEW_BYTES) return fault(found, 'Make room: a full disk stops every write.');
  return free < FEW_BYTES ? warning(found, 'Make room, or keep fewer backups.') : ok(found);
};

/** Who else may open what is private, and how much room is left. */
export const checkFiles = async ({ dataDir, backupDir, database }: AppConfig): Promise<Check[]> => {
  const files = [dataDir, backupDir, join(dataDir, SECRET_FILE)];
  if (database.kind === 'sqlite') files.push(database.file, `${database.file}-wal`);
  return [...files.flatMap(privacy), await space(dataDir)];
};
