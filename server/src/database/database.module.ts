import { Injectable, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { MixedList } from 'typeorm';
import { AppConfig } from '../config/app-config.js';
import { Database } from './database.js';
import { openDatabase } from './open-database.js';

/** Closes the database after everything that uses it has stopped. */
@Injectable()
class DatabaseShutdown implements OnApplicationShutdown {
  constructor(private readonly database: Database) {}

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}

/** The {@link Database}, opened and migrated, for every module. */
@Module({})
export class DatabaseModule {
  static forRoot(entities: MixedList<new () => object>): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        {
          provide: Database,
          useFactory: (config: AppConfig) => openDatabase(config, entities),
          inject: [AppConfig],
        },
        DatabaseShutdown,
      ],
      exports: [Database],
    };
  }
}
