import { chmodSync, constants, copyFileSync, existsSync, rmSync, statSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { errorCodeOf } from '../../common/errors.js';
import { type CopyInspection, inspectCopy } from '../../database/sqlite/inspect-copy.js';
import { UserError } from '../terminal.js';

export type SoundCopy = Extract<CopyInspection, { readonly valid: true }>;

const openFor = (file: string, work: (db: BetterSqlite3.Database) => void): void => {
  const db = new BetterSqlite3(file);
  try {
    work(db);
  } finally {
    db.close();
  }
};

/** Merges the write-ahead log that came along with a copy of a running server's files. */
const mergeLog = (draft: string): void => {
  try {
    openFor(draft, (db) => db.pragma('journal_mode = DELETE'));
  } catch (error) {
    // The inspection reports the fault.
    if (!errorCodeOf(error)?.startsWith('SQLITE_')) throw error;
  }
};

/** Ends the sessions in the backup and, by raising the epoch, those opened after it was made. */
const endSessions = (draft: string): void => {
  openFor(draft, (db) => {
    db.exec('BEGIN; DELETE FROM sessions; UPDATE users SET session_epoch = session_epoch + 1; COMMIT');
  });
};

/** Removes the draft and its side files. */
export const discardDraft = (draft: string): void => {
  for (const side of ['', '-wal', '-shm', '-journal']) rmSync(draft + side, { force: true });
};

/** @throws UserError for a folder */
export const refuseFolder = (source: string): void => {
  if (!statSync(source, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new UserError(`${source} is a folder. Name the backup in it, a file that ends in .db.`);
};

/** Copies `source` to `draft`, verifies the copy and ends its sessions. @throws UserError when it cannot be restored */
export const prepareCopy = async (source: string, draft: string): Promise<SoundCopy> => {
  if (!existsSync(source)) throw new UserError(`There is no file ${source}.`);
  copyFileSync(source, draft, constants.COPYFILE_EXCL);
  chmodSync(draft, 0o600);
  if (existsSync(`${source}-wal`)) copyFileSync(`${source}-wal`, `${draft}-wal`);
  mergeLog(draft);
  const found = await inspectCopy(draft);
  if (!found.valid) throw new UserError(`${source} cannot be restored. ${found.reason}`);
  endSessions(draft);
  return found;
};
