import { randomUUID } from 'node:crypto';
import { rename, stat } from 'node:fs/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { BackupOrigin, BackupProof } from '#contracts';
import { Clock, toInstant } from '../../common/clock.js';
import { Database } from '../../database/database.js';
import { inspectCopy } from '../../database/sqlite/inspect-copy.js';
import { BackupFolder, type BackupRecord } from './backup-folder.js';

/** A new backup and the path of its file. */
export interface MadeBackup {
  readonly record: BackupRecord;
  readonly file: string;
}

/** Makes consistent copies of the database, and proves each by reopening it. */
@Injectable()
export class BackupMaker {
  constructor(
    @Inject(Database) private readonly db: Pick<Database, 'copyTo'>,
    private readonly folder: BackupFolder,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes a copy that the caller moves or removes; its record is kept.
   * @throws BACKUP_NOT_SUPPORTED on PostgreSQL; an Error, leaving nothing behind, once `stop` aborts
   */
  async createTemporary(origin: BackupOrigin, stop?: AbortSignal): Promise<MadeBackup> {
    const madeAt = toInstant(this.clock.now());
    const name = `draft-${randomUUID()}.db`;
    const file = this.folder.pathOf(name);
    try {
      await this.db.copyTo(file, stop);
      const { size: sizeBytes } = await stat(file);
      const fileName = `opstage-${madeAt.replace(/[:.]/g, '-')}.db`;
      const record = { fileName, origin, madeAt, sizeBytes, proof: await this.#prove(file, stop) };
      stop?.throwIfAborted();
      await this.folder.saveRecord(record);
      return { record, file };
    } catch (error) {
      await this.folder.remove(name);
      if (stop?.aborted) throw new Error('The server stopped during the run.', { cause: error });
      throw error;
    }
  }

  /** Makes a copy in the backup folder, where it only appears complete. @throws like {@link createTemporary} */
  async create(origin: BackupOrigin, stop?: AbortSignal): Promise<MadeBackup> {
    const { record, file: draft } = await this.createTemporary(origin, stop);
    const file = this.folder.pathOf(record.fileName);
    await rename(draft, file);
    return { record, file };
  }

  async #prove(file: string, stop?: AbortSignal): Promise<BackupProof> {
    const found = await inspectCopy(file, stop);
    const provenAt = toInstant(this.clock.now());
    return found.valid
      ? { proven: true, provenAt, fault: null, schema: found.schema, rowCounts: found.rowCounts }
      : { proven: false, provenAt, fault: found.reason, schema: null, rowCounts: {} };
  }
}
