import { Module } from '@nestjs/common';
import { AppConfig } from '../../config/app-config.js';
import { Database } from '../../database/database.js';
import { ChangeFeed } from './change-feed.js';
import { notifyOverPool } from './notifications.store.js';
import { PostgresRelay } from './postgres-relay.js';

/** A SQLite database has one server, so there is no replica to notify. */
const startRelay = ({ database }: AppConfig, feed: ChangeFeed, db: Database): Promise<PostgresRelay> | null => {
  const { kind, url } = database;
  return kind === 'postgres' ? PostgresRelay.start(feed, { url, notify: (text) => notifyOverPool(db, text) }) : null;
};

@Module({
  providers: [
    ChangeFeed,
    { provide: PostgresRelay, useFactory: startRelay, inject: [AppConfig, ChangeFeed, Database] },
  ],
  exports: [ChangeFeed],
})
export class ChangesModule {}
