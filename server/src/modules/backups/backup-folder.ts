import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable, Logger } from '@nestjs/common';
import type { Backup, BackupProof } from '#contracts';
import { Clock } from '../../common/clock.js';
import { AppConfig } from '../../config/app-config.js';
import { ensurePrivateFolder } from '../../config/secret-file.js';

const DRAFT = /^(?:draft|download)-[\w-]+\.(?:db|json)(?:-journal)?$/;
/** Whoever is still at work on a draft has written to it since. */
const ABANDONED_AFTER_MS = 3_600_000;
const RECORD = /^opstage-[\dTZ-]+\.json$/;
const MAX_RECORDS = 50;

/** What is written beside a backup, and stays when its file is gone. */
export type BackupRecord = Omit<Backup, 'kept'>;

const recordName = (fileName: string): string => fileName.replace(/\.db$/, '.json');

/** The folder of the backups. Beside each lies a record of what was found when it was opened again. */
@Injectable()
export class BackupFolder {
  readonly #logger = new Logger(BackupFolder.name);

  constructor(
    private readonly config: AppConfig,
    private readonly clock: Clock,
  ) {}

  /** The path of a file in the folder, which is made if need be. */
  pathOf(name: string): string {
    ensurePrivateFolder(this.config.backupDir);
    return join(this.config.backupDir, name);
  }

  /** The newest fifty, newest first. */
  async list(): Promise<Backup[]> {
    const names = await this.#names();
    const newest = names.filter((name) => RECORD.test(name)).sort();
    const records = await Promise.all(
      newest
        .slice(-MAX_RECORDS)
        .reverse()
        .map((name) => this.#read(name)),
    );
    return records
      .filter((record) => record !== null)
      .map((record) => ({ ...record, kept: names.includes(record.fileName) }));
  }

  /** Keeps the record; those of files that are gone are forgotten in time. */
  async saveRecord(record: BackupRecord): Promise<void> {
    const draft = this.pathOf(`draft-${recordName(record.fileName)}`);
    await writeFile(draft, JSON.stringify(record), { mode: 0o600, flush: true });
    await rename(draft, this.pathOf(recordName(record.fileName)));
    const names = await this.#names();
    const old = names
      .filter((name) => RECORD.test(name))
      .sort()
      .slice(0, -MAX_RECORDS);
    for (const name of old.filter((one) => !names.includes(one.replace(/json$/, 'db')))) await this.remove(name);
  }

  /**
   * Deletes scheduled backups beyond the newest `keep` that are proven, and beyond the newest that is not; nothing else,
   * whatever it is called.
   */
  async prune(keep: number): Promise<void> {
    const scheduled = (await this.list()).filter(({ origin, kept }) => origin === 'schedule' && kept);
    const isProven = ({ proof }: { readonly proof: BackupProof }): boolean => proof.proven;
    const surplus = [
      ...scheduled.filter(isProven).slice(keep),
      ...scheduled.filter((backup) => !isProven(backup)).slice(1),
    ];
    for (const { fileName } of surplus) await this.remove(fileName);
  }

  /** Removes what a crash in the middle of a backup left behind. */
  async removeDrafts(): Promise<void> {
    const drafts = (await this.#names()).filter((name) => DRAFT.test(name));
    for (const name of drafts) if (await this.#isAbandoned(name)) await this.remove(name);
  }

  /** Removes a file, now or, if that fails, another time. */
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

  async #read(name: string): Promise<BackupRecord | null> {
    try {
      return JSON.parse(await readFile(join(this.config.backupDir, name), 'utf8')) as BackupRecord;
    } catch (error) {
      // Pruned meanwhile, or not ours: the other backups are worth listing all the same.
      this.#logger.warn(error);
      return null;
    }
  }
}
