import { Injectable } from '@nestjs/common';
import { SYSTEM } from '../../common/http/identity.js';
import { Clock, secondsAfter } from '../../common/time/clock.js';
import { AppConfig } from '../../config/app-config.js';
import { Database } from '../../database/database.js';
import { AuditService } from '../audit/audit.service.js';
import { BackupFolder, type BackupRecord } from './backup-folder.js';
import { BackupMaker } from './backup-maker.js';

const HOUR_SECONDS = 3_600;

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
   * Makes a backup if one is due and returns how many that were. After one that failed it waits an hour at most.
   * @throws Error when the copy is not sound; it is kept for who wants to look at it
   */
  async makeIfDue(): Promise<number> {
    const dueAt = await this.nextDueAt();
    const now = this.clock.now();
    if (dueAt === null || now < dueAt) return 0;
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
