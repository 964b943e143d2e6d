import { Module } from '@nestjs/common';
import { AppConfig } from '../../config/app-config.js';
import { ChangeFeed } from './change-feed.js';
import { PostgresRelay } from './postgres-relay.js';

/** A SQLite database has one server, so there is no replica to notify. */
const startRelay = ({ database }: AppConfig, feed: ChangeFeed): Promise<PostgresRelay> | null =>
  database.kind === 'postgres' ? PostgresRelay.start(feed, { url: database.url }) : null;

@Module({
  providers: [ChangeFeed, { provide: PostgresRelay, useFactory: startRelay, inject: [AppConfig, ChangeFeed] }],
  exports: [ChangeFeed],
})
export class ChangesModule {}
