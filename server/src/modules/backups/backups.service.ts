import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { BackupOverview } from '#contracts';
import { SYSTEM, type UserActor } from '../../common/actor.js';
import { Clock, secondsAfter } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import { MaintenanceJob } from '../../common/maintenance-job.js';
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
    const { record, file } = await this.maker.createTemporary('download');
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
  async createOnHost(): Promise<MadeBackup> {
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

const HOUR_SECONDS = 3_600;
/** Copying and checking a large database takes its time. */
const LIMIT_SECONDS = 7_200;

/** Backs the database up in a fixed interval, across restarts. */
@Injectable()
export class ScheduledBackups {
  #nextAt: Date | null = null;
  #failed = false;

  constructor(
    private readonly maker: BackupMaker,
    private readonly folder: BackupFolder,
    private readonly audit: AuditService,
    private readonly db: Database,
    private readonly config: AppConfig,
    private readonly clock: Clock,
  ) {}

  /** Whether this server makes any. */
  get isOn(): boolean {
    return this.config.backupIntervalHours > 0 && this.db.kind === 'sqlite';
  }

  /** Whether the last one failed; it is tried again within the hour. */
  get hasFailed(): boolean {
    return this.#failed;
  }

  get #intervalSeconds(): number {
    return this.config.backupIntervalHours * HOUR_SECONDS;
  }

  /** When the next is due, which may be past; null where this server makes none. */
  async nextDueAt(): Promise<Date | null> {
    if (!this.isOn) return null;
    this.#nextAt ??= await this.#firstDue(this.#intervalSeconds);
    return this.#nextAt;
  }

  /**
   * Makes a backup if one is due and returns how many; null when none is due. After a failure it waits an hour at most.
   * @throws Error when the copy is not valid; the file is kept for inspection
   */
  @MaintenanceJob<ScheduledBackups>({
    id: 'backups',
    phase: 'space',
    description: 'Backs up the database when a backup is due.',
    timeLimitSeconds: LIMIT_SECONDS,
    lease: 'backups',
    nextDueAt: (backups) => backups.nextDueAt(),
  })
  async createIfDue(): Promise<number | null> {
    const dueAt = await this.nextDueAt();
    const now = this.clock.now();
    if (dueAt === null || now < dueAt) return null;
    const intervalSeconds = this.#intervalSeconds;
    this.#nextAt = secondsAfter(now, Math.min(HOUR_SECONDS, intervalSeconds));
    this.#failed = true;
    await this.folder.removeDrafts();
    const { record } = await this.maker.make('schedule');
    await this.#record(record);
    await this.folder.prune(this.config.backupKeep);
    if (record.proof.fault !== null)
      throw new Error(`The backup ${record.fileName} is not sound. ${record.proof.fault}`);
    this.#failed = false;
    this.#nextAt = secondsAfter(now, intervalSeconds);
    return 1;
  }

  /** One interval after the newest that is proven; at once without any. */
  async #firstDue(intervalSeconds: number): Promise<Date> {
    const newest = (await this.folder.list()).find(({ origin, proof }) => origin === 'schedule' && proof.proven);
    return newest ? secondsAfter(new Date(newest.madeAt), intervalSeconds) : new Date(0);
  }

  #record({ fileName, sizeBytes, proof }: BackupRecord): Promise<void> {
    return this.db.transaction((tx) =>
      this.audit.record(tx, {
        actor: SYSTEM,
        action: 'backup.scheduled.created',
        target: { type: 'Backup', id: fileName },
        result: proof.proven ? 'SUCCESS' : 'FAILURE',
        message: proof.proven
          ? `The database was backed up as ${fileName}.`
          : `The backup ${fileName} was made and is not sound.`,
        metadata: { sizeBytes, ...(proof.fault !== null && { fault: proof.fault }) },
      }),
    );
  }
}
