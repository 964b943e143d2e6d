import type { Database } from '../../database/database.js';
import { CHANNEL } from './postgres-relay.js';

/**
 * Sends a notification to every listener over a connection of the pool. A connection that listens receives its own notifications
 * even where it receives no other: a connection pooler passes them on with the answer.
 */
export const notifyOverPool = async (db: Database, text: string): Promise<void> => {
  await db.query('SELECT pg_notify(:channel, :text)', { channel: CHANNEL, text });
};
