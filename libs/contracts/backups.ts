import type { Instant } from './ids.js';

/** The origin of a backup: the schedule, a download by an owner, or the command line on the host. */
export const BACKUP_ORIGINS = ['schedule', 'download', 'host'] as const;
export type BackupOrigin = (typeof BACKUP_ORIGINS)[number];

/** The result of reopening a backup to verify it. */
export interface BackupProof {
  readonly proven: boolean;
  readonly provenAt: Instant;
  /** What is wrong with it, as a sentence; null when it is proven. */
  readonly fault: string | null;
  /** The newest migration in it. */
  readonly schema: string | null;
  /** Number of rows of each table. */
  readonly rowCounts: { readonly [table: string]: number };
}

export interface Backup {
  /** `opstage-<time>.db`. */
  readonly fileName: string;
  readonly origin: BackupOrigin;
  readonly madeAt: Instant;
  readonly sizeBytes: number;
  readonly proof: BackupProof;
  /** Whether the file is in the server's backup folder; a download is not. */
  readonly kept: boolean;
}

export interface BackupOverview {
  /** Null when this server creates none: backups are disabled, or the data is in PostgreSQL. */
  readonly schedule: { readonly intervalHours: number; readonly keep: number } | null;
  /** The newest backup that was reopened and found valid. */
  readonly lastProven: Backup | null;
  /** Newest first, the last fifty. */
  readonly backups: readonly Backup[];
}
