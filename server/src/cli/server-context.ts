import { type DynamicModule, type INestApplicationContext, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AppConfig } from '../config/app-config.js';
import { readConfigOrExit } from '../config/read-config.js';
import { ConfigModule } from '../core.module.js';
import { DatabaseModule } from '../database/database.module.js';
import { entities } from '../entities.js';

/** As much of the server as a command takes: no routes and no sweeps. */
@Module({})
class HostModule {
  static forRoot(config: AppConfig, modules: readonly Type[]): DynamicModule {
    const imports = [ConfigModule.forRoot(config), DatabaseModule.forRoot(entities), ...modules];
    return { module: HostModule, imports };
  }
}

/**
 * Runs `work` on parts of the server, on its database and beside it if it runs. Who may do this on the host can read the
 * database anyway; so nobody is asked to sign in, and what is changed is audited like anything else.
 */
export const withModules = async <T>(
  modules: readonly Type[],
  work: (app: INestApplicationContext) => Promise<T>,
): Promise<T> => {
  const app = await NestFactory.createApplicationContext(HostModule.forRoot(readConfigOrExit(), modules), {
    logger: ['error'],
    abortOnError: false,
  });
  try {
    return await work(app);
  } finally {
    await app.close();
  }
};
