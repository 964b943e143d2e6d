import type { Instant } from './ids.js';

/** Who asked for a backup: the schedule, an owner who downloads it, or the command line on the host. */
export const BACKUP_ORIGINS = ['schedule', 'download', 'host'] as const;
export type BackupOrigin = (typeof BACKUP_ORIGINS)[number];

/** What was found when a backup was opened again after it was made. */
export interface BackupProof {
  readonly proven: boolean;
  readonly provenAt: Instant;
  /** What is wrong with it, in a sentence; null when it is proven. */
  readonly fault: string | null;
  /** The newest migration in it. */
  readonly schema: string | null;
  /** How many rows each table has. */
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
  /** Null where this server makes none: they are switched off, or the data is in PostgreSQL. */
  readonly schedule: { readonly intervalHours: number; readonly keep: number } | null;
  /** The newest that was opened again and found sound. */
  readonly lastProven: Backup | null;
  /** Newest first, the last fifty. */
  readonly backups: readonly Backup[];
}
