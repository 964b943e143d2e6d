import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SYSTEM } from '../common/http/identity.js';
import type { AppConfig } from '../config/app-config.js';
import { ConfigModule } from '../config/config.module.js';
import { DatabaseModule } from '../database/database.module.js';
import { entities } from '../entities.js';
import { RegistrationTokensService } from '../modules/registration/registration-tokens.service.js';
import { RegistrationModule } from '../modules/registration/registration.module.js';
import { readConfigOrExit } from '../read-config.js';

const LIFE_SECONDS = 300;

/** As much of the server as making a token takes: no routes, sweeps or users. */
@Module({})
class HostModule {
  static forRoot(config: AppConfig): DynamicModule {
    const imports = [ConfigModule.forRoot(config), DatabaseModule.forRoot(entities), RegistrationModule];
    return { module: HostModule, imports };
  }
}

/**
 * Prints a registration token made for one agent code. Who may run this on the host can read the database anyway; so it
 * asks for no sign-in, and works beside a running server. Audited like any other.
 */
const { values } = parseArgs({ options: { 'agent-code': { type: 'string' }, name: { type: 'string' } } });
process.umask(0o077);
const app = await NestFactory.createApplicationContext(HostModule.forRoot(readConfigOrExit()), {
  logger: ['error'],
  abortOnError: false,
});
const { token } = await app.get(RegistrationTokensService, { strict: false }).create(SYSTEM, {
  name: values.name ?? 'made on the host',
  expiresInSeconds: LIFE_SECONDS,
  ...(values['agent-code'] !== undefined && { agentCode: values['agent-code'] }),
});
process.stdout.write(`${token}\n`);
await app.close();
