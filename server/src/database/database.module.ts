import { Injectable, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { MixedList } from 'typeorm';
import { AppConfig } from '../config/app-config.js';
import { Database } from './database.js';
import { LeasesStore } from './leases/leases.store.js';
import type { openDatabase } from './open-database.js';

/** Closes the database after every module that uses it has stopped. */
@Injectable()
class DatabaseShutdown implements OnApplicationShutdown {
  constructor(private readonly database: Database) {}

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}

/** The {@link Database}, opened and migrated, and its leases, for every module. */
@Module({})
export class DatabaseModule {
  /** `open`: {@link openDatabaseForServer} for a server, {@link openDatabase} for a command of the CLI. */
  static forRoot(open: typeof openDatabase, entities: MixedList<new () => object>): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        {
          provide: Database,
          useFactory: (config: AppConfig) => open(config, entities),
          inject: [AppConfig],
        },
        DatabaseShutdown,
        LeasesStore,
      ],
      exports: [Database, LeasesStore],
    };
  }
}
