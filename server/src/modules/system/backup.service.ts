import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { UserActor } from '../../common/http/identity.js';
import { Clock, toInstant } from '../../common/time/clock.js';
import { AppConfig } from '../../config/app-config.js';
import { makePrivateFolder } from '../../config/secret-file.js';
import { Database } from '../../database/database.js';
import { AuditService } from '../audit/audit.service.js';

const PARTIAL = 'download-';

export interface BackupDownload {
  /** `opstage-<time>.db`. */
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly content: Readable;
}

/** Makes consistent copies of the running database. */
@Injectable()
export class BackupService implements OnModuleInit {
  readonly #logger = new Logger(BackupService.name);

  constructor(
    private readonly db: Database,
    private readonly config: AppConfig,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Removes what a crash in the middle of a download left behind. */
  async onModuleInit(): Promise<void> {
    const names = await readdir(this.config.backupDir).catch(() => []);
    const left = names.filter((name) => name.startsWith(PARTIAL));
    await Promise.all(left.map((name) => this.#remove(join(this.config.backupDir, name))));
  }

  /** A copy to stream; its file is removed when the stream closes. @throws BACKUP_NOT_SUPPORTED on PostgreSQL */
  async download(actor: UserActor): Promise<BackupDownload> {
    const time = toInstant(this.clock.now()).replace(/[:.]/g, '-');
    makePrivateFolder(this.config.backupDir);
    const file = join(this.config.backupDir, `${PARTIAL}${randomUUID()}.db`);
    try {
      await this.db.copyTo(file);
      const { size: sizeBytes } = await stat(file);
      await this.#record(actor, sizeBytes);
      const content = createReadStream(file);
      content.on('close', () => void this.#remove(file));
      return { fileName: `opstage-${time}.db`, sizeBytes, content };
    } catch (error) {
      await this.#remove(file);
      throw error;
    }
  }

  async #remove(file: string): Promise<void> {
    try {
      await rm(file, { force: true });
    } catch (error) {
      // The next start removes it.
      this.#logger.warn(error);
    }
  }

  #record(actor: UserActor, sizeBytes: number): Promise<void> {
    return this.db.transaction((tx) =>
      this.audit.record(tx, {
        actor,
        action: 'backup.sqlite.created',
        target: { type: 'Backup', id: null },
        message: `${actor.username} downloaded a backup of the database.`,
        metadata: { sizeBytes },
      }),
    );
  }
}
