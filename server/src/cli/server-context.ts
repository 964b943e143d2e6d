import { type DynamicModule, type INestApplicationContext, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AppConfig } from '../config/app-config.js';
import { readConfigOrExit } from '../config/read-config.js';
import { CoreModule } from '../core.module.js';
import { DatabaseModule } from '../database/database.module.js';
import { openDatabase } from '../database/open-database.js';
import { entities } from '../entities.js';

/** The part of the server that a command needs, without routes and scheduled jobs. */
@Module({})
class CommandModule {
  static forRoot(config: AppConfig, modules: readonly Type[]): DynamicModule {
    const imports = [CoreModule.forRoot(config), DatabaseModule.forRoot(openDatabase, entities), ...modules];
    return { module: CommandModule, imports };
  }
}

/** Scripts read standard output, so an audit copy meant for it goes to standard error instead. */
const readCommandConfig = (): AppConfig => {
  const config = readConfigOrExit();
  return config.auditStream === 'stdout' ? { ...config, auditStream: 'stderr' } : config;
};

/**
 * Runs `work` with these modules of the server, on its database, whether or not a server is running. It needs no
 * sign-in: anyone who can run it on the host can read the database. Changes are audited like all others.
 */
export const withModules = async <T>(
  modules: readonly Type[],
  work: (app: INestApplicationContext) => Promise<T>,
): Promise<T> => {
  const app = await NestFactory.createApplicationContext(CommandModule.forRoot(readCommandConfig(), modules), {
    logger: ['error'],
    abortOnError: false,
  });
  try {
    return await work(app);
  } finally {
    await app.close();
  }
};
