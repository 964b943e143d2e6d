import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';

/** Everything the server does leaves a time in one of these. */
const WRITTEN = [
  ['audit_events', 'created_at'],
  ['commands', 'created_at'],
  ['agents', 'last_heartbeat_at'],
  ['leases', 'taken_at'],
  ['job_runs', 'started_at'],
  ['sign_in_failures', 'last_failed_at'],
] as const;

const NEWEST = WRITTEN.map(
  ([table, column]) => `SELECT (SELECT MAX(${column}) FROM ${table} WHERE ${column} <= :now) AS past,
    (SELECT MAX(${column}) FROM ${table} WHERE ${column} > :now) AS future`,
).join(' UNION ALL ');

interface NewestRow {
  readonly past: string | number | null;
  readonly future: string | number | null;
}

/** The newest times in the database on both sides of an instant; null where there is none. */
export interface NewestInstants {
  readonly past: Date | null;
  readonly future: Date | null;
}

const newest = (times: readonly (string | number | null)[]): Date | null => {
  const known = times.filter((time) => time !== null).map(Number);
  return known.length === 0 ? null : new Date(Math.max(...known));
};

/** What the database knows about the time: the last signs of life of every server that used it. */
@Injectable()
export class StoredInstantsStore {
  constructor(private readonly db: Database) {}

  /** The newest stored times up to `now`, and after it. */
  async findNewest(now: Date): Promise<NewestInstants> {
    const rows = await this.db.query<NewestRow>(NEWEST, { now: now.getTime() });
    return { past: newest(rows.map(({ past }) => past)), future: newest(rows.map(({ future }) => future)) };
  }
}
