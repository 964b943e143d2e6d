import { chmodSync, constants, copyFileSync, existsSync, rmSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { errorCodeOf } from '../../common/errors.js';
import { type CopyInspection, inspectCopy } from '../../database/sqlite/inspect-copy.js';
import { UserError } from '../terminal.js';

export type SoundCopy = Extract<CopyInspection, { readonly sound: true }>;

const openFor = (file: string, work: (db: BetterSqlite3.Database) => void): void => {
  const db = new BetterSqlite3(file);
  try {
    work(db);
  } finally {
    db.close();
  }
};

/** Works the log in that a copy of a running server's files may have brought along. */
const foldLogIn = (draft: string): void => {
  try {
    openFor(draft, (db) => db.pragma('journal_mode = DELETE'));
  } catch (error) {
    // What is wrong is found, and said in words, by the inspection.
    if (!errorCodeOf(error)?.startsWith('SQLITE_')) throw error;
  }
};

/** Whoever was signed in when the backup was made, or has been since, signs in anew. */
const endSessions = (draft: string): void => {
  openFor(draft, (db) => {
    db.exec('BEGIN; DELETE FROM sessions; UPDATE users SET session_epoch = session_epoch + 1; COMMIT');
  });
};

/** Removes a draft that is not to be. */
export const discardDraft = (draft: string): void => {
  for (const side of ['', '-wal', '-shm', '-journal']) rmSync(draft + side, { force: true });
};

/** Copies `source` to `draft`, looks at all of it and ends its sessions. @throws PlainError when it cannot be restored */
export const prepareCopy = async (source: string, draft: string): Promise<SoundCopy> => {
  if (!existsSync(source)) throw new UserError(`There is no file ${source}.`);
  copyFileSync(source, draft, constants.COPYFILE_EXCL);
  chmodSync(draft, 0o600);
  if (existsSync(`${source}-wal`)) copyFileSync(`${source}-wal`, `${draft}-wal`);
  foldLogIn(draft);
  const found = await inspectCopy(draft);
  if (!found.sound) throw new UserError(`${source} cannot be restored. ${found.fault}`);
  endSessions(draft);
  return found;
};
