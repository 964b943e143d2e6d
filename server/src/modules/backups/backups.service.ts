import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { BackupOverview } from '#contracts';
import { DomainError } from '../../common/errors/domain-error.js';
import { SYSTEM, type UserActor } from '../../common/http/identity.js';
import { AppConfig } from '../../config/app-config.js';
import { Database } from '../../database/database.js';
import type { AuditRecord } from '../audit/audit-record.js';
import { AuditService } from '../audit/audit.service.js';
import { BackupFolder, type BackupRecord } from './backup-folder.js';
import { BackupMaker, type MadeBackup } from './backup-maker.js';

export interface BackupDownload {
  /** `opstage-<time>.db`. */
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly content: Readable;
}

/** Backups that somebody asks for. */
@Injectable()
export class BackupsService implements OnModuleInit {
  constructor(
    private readonly maker: BackupMaker,
    private readonly folder: BackupFolder,
    private readonly audit: AuditService,
    private readonly db: Database,
    private readonly config: AppConfig,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.folder.removeDrafts();
  }

  /** The backups that were made, and the newest that is proven. */
  async overview(): Promise<BackupOverview> {
    const { backupIntervalHours: intervalHours, backupKeep: keep } = this.config;
    const backups = await this.folder.list();
    return {
      schedule: intervalHours === 0 || this.db.kind !== 'sqlite' ? null : { intervalHours, keep },
      lastProven: backups.find(({ proof }) => proof.proven) ?? null,
      backups,
    };
  }

  /**
   * A copy to stream; its file is removed when the stream closes.
   * @throws BACKUP_NOT_SUPPORTED on PostgreSQL
   * @throws BACKUP_NOT_SOUND
   */
  async download(actor: UserActor): Promise<BackupDownload> {
    const { record, file } = await this.maker.makeDraft('download');
    const remove = (): Promise<void> => this.folder.remove(basename(file));
    try {
      await this.#record(record, { actor, message: `${actor.username} downloaded a backup of the database.` });
      const content = createReadStream(file);
      content.on('close', () => void remove());
      return { fileName: record.fileName, sizeBytes: record.sizeBytes, content };
    } catch (error) {
      await remove();
      throw error;
    }
  }

  /** A copy in the backup folder, for who works on the host. @throws like {@link download} */
  async keep(): Promise<MadeBackup> {
    const made = await this.maker.make('host');
    await this.#record(made.record, { actor: SYSTEM, message: 'A backup of the database was made on the host.' });
    return made;
  }

  async #record({ sizeBytes, proof }: BackupRecord, who: Pick<AuditRecord, 'actor' | 'message'>): Promise<void> {
    await this.db.transaction((tx) =>
      this.audit.record(tx, {
        ...who,
        action: 'backup.sqlite.created',
        target: { type: 'Backup', id: null },
        result: proof.proven ? 'SUCCESS' : 'FAILURE',
        metadata: { sizeBytes },
      }),
    );
    if (proof.fault === null) return;
    throw new DomainError('BACKUP_NOT_SOUND', `The copy that was made of the database is not sound. ${proof.fault}`);
  }
}
