import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import { narrowDataFolder } from './config/data-folder.js';
import { readConfigOrExit } from './config/read-config.js';
import type { Database } from './database/database.js';
import { openDatabaseForServer } from './database/open-database.js';
import { entities } from './entities.js';
import { EnvelopeAdapter } from './http/envelope.adapter.js';
import { AppLogger } from './http/logging.js';
import { applyPipeline } from './pipeline.js';
import {
  describeStartupError,
  firstSignInLines,
  giveStartMemoryBack,
  startFailureExitCode,
  startupMessage,
} from './startup.js';

// Files that this process writes are readable by their owner only.
process.umask(0o077);
const config = readConfigOrExit();
narrowDataFolder(config.dataDir);

/** Starts the server on its opened database. */
const start = async (database: Database): Promise<void> => {
  const options = { bufferLogs: true, bodyParser: false, abortOnError: false };
  const module = AppModule.forRoot(config, () => Promise.resolve(database));
  const app = await NestFactory.create<NestExpressApplication>(module, new EnvelopeAdapter(), options);
  app.useLogger(app.get(AppLogger));
  applyPipeline(app);
  await app.init();
  // Nest would log a failure to listen too, beside our own words for it.
  app.useLogger(false);
  await app.listen(config.port, config.host).catch((error: unknown) => {
    // The owner exists by now, and no later start shows the password.
    process.stdout.write(`${firstSignInLines(app).join('\n')}\n`);
    throw error;
  });
  app.useLogger(app.get(AppLogger));
  process.stdout.write(`${await startupMessage(app)}\n`);
  giveStartMemoryBack();
};

// Until the server's own logger is there.
Logger.attachBuffer();
try {
  // First, because Nest logs what a module throws, with its stack.
  await start(await openDatabaseForServer(config, entities));
} catch (error) {
  process.stderr.write(`${describeStartupError(error, config)}\n`);
  process.exit(startFailureExitCode(error));
}
