import { existsSync } from 'node:fs';
import { type DynamicModule, type INestApplicationContext, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AppConfig } from '../config/app-config.js';
import { readCommandConfigOrExit } from '../config/read-config.js';
import { CoreModule } from '../core.module.js';
import type { Database } from '../database/database.js';
import { DatabaseModule } from '../database/database.module.js';
import { noInstallation } from '../database/migrations/schema-state.js';
import { openExistingDatabase } from '../database/open-database.js';
import { entities } from '../entities.js';

type OpenDatabase = typeof openExistingDatabase;

interface Surroundings {
  readonly config?: AppConfig;
  readonly open?: OpenDatabase;
}

/** The part of the server that a command needs, without routes and scheduled jobs. */
@Module({})
class CommandModule {
  static forRoot(config: AppConfig, database: Database, modules: readonly Type[]): DynamicModule {
    const opened = () => Promise.resolve(database);
    const imports = [CoreModule.forRoot(config), DatabaseModule.forRoot(opened, entities), ...modules];
    return { module: CommandModule, imports };
  }
}

/**
 * The configuration of a command, which exits with 78 where there is no installation. Scripts read standard output, so an audit
 * copy meant for it goes to standard error instead.
 */
export const readCommandConfig = (): AppConfig => {
  const config = readCommandConfigOrExit();
  return config.auditStream === 'stdout' ? { ...config, auditStream: 'stderr' } : config;
};

/** For commands that read files only. @throws DatabaseOpenError where no server has made its SQLite database */
export const requireInstallation = ({ database: { kind, file } }: AppConfig): void => {
  if (kind === 'sqlite' && !existsSync(file)) throw noInstallation(file);
};

/**
 * Runs `work` with these modules of the server, on its database, whether or not a server is running. It needs no
 * sign-in: anyone who can run it on the host can read the database. Changes are audited like all others. The database must
 * exist and have the schema of this version, unless `open` says otherwise.
 * @throws DatabaseOpenError
 */
export const withModules = async <T>(
  modules: readonly Type[],
  work: (app: INestApplicationContext) => Promise<T>,
  { config = readCommandConfig(), open = openExistingDatabase }: Surroundings = {},
): Promise<T> => {
  // First, because Nest logs what a module throws, with its stack.
  const database = await open(config, entities);
  const app = await NestFactory.createApplicationContext(CommandModule.forRoot(config, database, modules), {
    logger: ['error'],
    abortOnError: false,
  });
  try {
    return await work(app);
  } finally {
    await app.close();
  }
};
