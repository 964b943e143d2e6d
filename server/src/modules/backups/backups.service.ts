import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { BackupOverview } from '#contracts';
import { SYSTEM, type UserActor } from '../../common/actor.js';
import { Clock, secondsAfter, toInstant } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import { type JobContext, MaintenanceJob } from '../../common/maintenance-job.js';
import { AppConfig } from '../../config/app-config.js';
import { Database } from '../../database/database.js';
import type { AuditRecord } from '../audit/audit-record.js';
import { AuditService } from '../audit/audit.service.js';
import { BackupFolder, type BackupRecord } from './backup-folder.js';
import { BackupMaker, type MadeBackup } from './backup-maker.js';

const HOUR_SECONDS = 3_600;
/** Copying and checking a large database takes a while. */
const TIME_LIMIT_SECONDS = 7_200;

export interface BackupDownload {
  /** `opstage-<time>.db`. */
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly content: Readable;
}

/** Backups on request and on schedule. */
@Injectable()
export class BackupsService implements OnModuleInit {
  #nextAt: Date | null = null;
  #hasFailed = false;

  constructor(
    private readonly maker: BackupMaker,
    private readonly folder: BackupFolder,
    private readonly audit: AuditService,
    private readonly db: Database,
    private readonly config: AppConfig,
    private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.folder.removeDrafts();
  }

  /** Whether this server makes scheduled backups. */
  get isScheduled(): boolean {
    return this.config.backupIntervalHours > 0 && this.db.kind === 'sqlite';
  }

  /** Whether the last scheduled backup failed; it is retried within the hour. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** The backups, the newest proven one, and the schedule. */
  async overview(): Promise<BackupOverview> {
    const { backupIntervalHours: intervalHours, backupKeep: keep } = this.config;
    const backups = await this.folder.list();
    return {
      schedule: this.isScheduled ? { intervalHours, keep } : null,
      lastProven: backups.find(({ proof }) => proof.proven) ?? null,
      backups,
    };
  }

  /**
   * Makes a copy to stream; its file is removed when the stream closes.
   * @throws BACKUP_NOT_SUPPORTED on PostgreSQL
   * @throws BACKUP_NOT_SOUND
   */
  async download(actor: UserActor): Promise<BackupDownload> {
    const { record, file } = await this.maker.createTemporary('download');
    const remove = (): Promise<void> => this.folder.remove(basename(file));
    try {
      await this.#recordRequested(record, { actor, message: `${actor.username} downloaded a backup of the database.` });
      const content = createReadStream(file);
      content.on('close', () => void remove());
      return { fileName: record.fileName, sizeBytes: record.sizeBytes, content };
    } catch (error) {
      await remove();
      throw error;
    }
  }

  /** Makes a copy in the backup folder, for commands on the host. @throws like {@link download} */
  async createOnHost(): Promise<MadeBackup> {
    const made = await this.maker.create('host');
    const message = 'A backup of the database was made on the host.';
    await this.#recordRequested(made.record, { actor: SYSTEM, message });
    return made;
  }

  /** When the next scheduled backup is due, which may be in the past; null where this server makes none. */
  async nextDueAt(): Promise<Date | null> {
    if (!this.isScheduled) return null;
    this.#nextAt ??= await this.#firstDueAt();
    // Further away than its interval: the clock has been set back since.
    const latest = this.clock.secondsFromNow(this.#intervalSeconds);
    return this.#nextAt > latest ? latest : this.#nextAt;
  }

  /**
   * Makes the scheduled backup and returns 1; null when none is due. After a failure it waits an hour at most.
   * @throws Error when the copy is not sound; the file is kept for inspection
   */
  @MaintenanceJob<BackupsService>({
    id: 'backups',
    phase: 'backup',
    description: 'Backs up the database when a backup is due.',
    timeLimitSeconds: TIME_LIMIT_SECONDS,
    lease: 'backups',
    nextDueAt: (backups) => backups.nextDueAt(),
  })
  async createIfDue({ stop }: Pick<JobContext, 'stop'>): Promise<number | null> {
    const dueAt = await this.nextDueAt();
    const now = this.clock.now();
    if (dueAt === null || now < dueAt) return null;
    this.#nextAt = secondsAfter(now, Math.min(HOUR_SECONDS, this.#intervalSeconds));
    this.#hasFailed = true;
    await this.folder.removeDrafts();
    const { record } = await this.maker.create('schedule', stop);
    await this.#recordScheduled(record);
    await this.folder.prune(this.config.backupKeep);
    const { fault } = record.proof;
    if (fault !== null) throw new Error(`The backup ${record.fileName} is not sound. ${fault}`);
    this.#hasFailed = false;
    this.#nextAt = secondsAfter(now, this.#intervalSeconds);
    return 1;
  }

  get #intervalSeconds(): number {
    return this.config.backupIntervalHours * HOUR_SECONDS;
  }

  /** One interval after the newest proven scheduled backup; immediately if there is none. One from the future is none. */
  async #firstDueAt(): Promise<Date> {
    const now = toInstant(this.clock.now());
    const newest = (await this.folder.listScheduled()).find(({ proof, madeAt }) => proof.proven && madeAt <= now);
    return newest ? secondsAfter(new Date(newest.madeAt), this.#intervalSeconds) : new Date(0);
  }

  async #recordRequested(
    { sizeBytes, proof }: BackupRecord,
    by: Pick<AuditRecord, 'actor' | 'message'>,
  ): Promise<void> {
    await this.db.transaction((tx) =>
      this.audit.record(tx, {
        ...by,
        action: 'backup.sqlite.created',
        target: { type: 'Backup', id: null },
        result: proof.proven ? 'SUCCESS' : 'FAILURE',
        metadata: { sizeBytes },
      }),
    );
    if (proof.fault === null) return;
    throw new DomainError('BACKUP_NOT_SOUND', `The copy of the database is not sound. ${proof.fault}`);
  }

  #recordScheduled({ fileName, sizeBytes, proof }: BackupRecord): Promise<void> {
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
