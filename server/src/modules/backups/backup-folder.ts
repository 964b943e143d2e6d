import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable, Logger } from '@nestjs/common';
import type { Backup } from '#contracts';
import { Clock } from '../../common/clock.js';
import { AppConfig } from '../../config/app-config.js';
import { ensurePrivateFolder } from '../../config/secret-file.js';

const DRAFT = /^(?:draft|download)-[\w-]+\.(?:db|json)(?:-journal)?$/;
/** A draft that is still being written is modified more recently than this. */
const ABANDONED_AFTER_MS = 3_600_000;
const RECORD = /^opstage-[\dTZ-]+\.json$/;
const MAX_RECORDS = 50;

/** The record stored next to a backup; it stays after the file is deleted. */
export type BackupRecord = Omit<Backup, 'kept'>;

const recordName = (fileName: string): string => fileName.replace(/\.db$/, '.json');
const fileOf = (record: string): string => record.replace(/\.json$/, '.db');
/** The records among these files, newest first: their names start with the time. */
const recordsIn = (names: readonly string[]): string[] =>
  names
    .filter((name) => RECORD.test(name))
    .sort()
    .reverse();

/** The backup folder. Each backup has a record of what was found when it was reopened. */
@Injectable()
export class BackupFolder {
  readonly #logger = new Logger(BackupFolder.name);

  constructor(
    private readonly config: AppConfig,
    private readonly clock: Clock,
  ) {}

  /** The path of a file in the folder, which is created if it is missing. */
  pathOf(name: string): string {
    ensurePrivateFolder(this.config.backupDir);
    return join(this.config.backupDir, name);
  }

  /** The newest fifty of every origin, newest first. */
  async list(): Promise<Backup[]> {
    const names = await this.#names();
    return this.#read(recordsIn(names).slice(0, MAX_RECORDS), names);
  }

  /** Every scheduled backup with a record, newest first, even beyond the fifty newest backups. */
  async listScheduled(): Promise<Backup[]> {
    const names = await this.#names();
    return (await this.#read(recordsIn(names), names)).filter(({ origin }) => origin === 'schedule');
  }

  /** Stores the record of a backup. Beyond fifty records, those without a file are removed. */
  async saveRecord(record: BackupRecord): Promise<void> {
    const draft = this.pathOf(`draft-${recordName(record.fileName)}`);
    await writeFile(draft, JSON.stringify(record), { mode: 0o600, flush: true });
    await rename(draft, this.pathOf(recordName(record.fileName)));
    const names = await this.#names();
    const old = recordsIn(names).slice(MAX_RECORDS);
    for (const name of old) if (!names.includes(fileOf(name))) await this.remove(name);
  }

  /**
   * Deletes scheduled backups beyond the newest `keep` that are proven, and beyond the newest that is not; nothing else,
   * whatever its name.
   */
  async prune(keep: number): Promise<void> {
    const scheduled = (await this.listScheduled()).filter(({ kept }) => kept);
    const surplus = [
      ...scheduled.filter(({ proof }) => proof.proven).slice(keep),
      ...scheduled.filter(({ proof }) => !proof.proven).slice(1),
    ];
    for (const { fileName } of surplus) await this.remove(fileName);
  }

  /** Removes the drafts that a crash in the middle of a backup left behind. */
  async removeDrafts(): Promise<void> {
    const drafts = (await this.#names()).filter((name) => DRAFT.test(name));
    for (const name of drafts) if (await this.#isAbandoned(name)) await this.remove(name);
  }

  /** Removes a file; a failure is logged. */
  async remove(name: string): Promise<void> {
    try {
      await rm(join(this.config.backupDir, name), { force: true });
    } catch (error) {
      this.#logger.warn(error);
    }
  }

  async #names(): Promise<readonly string[]> {
    return readdir(this.config.backupDir).catch(() => []);
  }

  async #isAbandoned(name: string): Promise<boolean> {
    const { mtimeMs } = await stat(join(this.config.backupDir, name));
    return mtimeMs < this.clock.now().getTime() - ABANDONED_AFTER_MS;
  }

  async #read(records: readonly string[], names: readonly string[]): Promise<Backup[]> {
    const found = await Promise.all(records.map((name) => this.#readRecord(name)));
    return found
      .filter((record) => record !== null)
      .map((record) => ({ ...record, kept: names.includes(record.fileName) }));
  }

  async #readRecord(name: string): Promise<BackupRecord | null> {
    try {
      return JSON.parse(await readFile(join(this.config.backupDir, name), 'utf8')) as BackupRecord;
    } catch (error) {
      // Removed since it was listed, or not ours; list the other backups anyway.
      this.#logger.warn(error);
      return null;
    }
  }
}
