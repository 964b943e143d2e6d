import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import { readConfigOrExit } from './config/read-config.js';
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
try {
  const options = { bufferLogs: true, bodyParser: false, abortOnError: false };
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.forRoot(config),
    new EnvelopeAdapter(),
    options,
  );
  app.useLogger(app.get(AppLogger));
  applyPipeline(app);
  await app.listen(config.port, config.host).catch((error: unknown) => {
    // The owner exists by now, and no later start shows the password.
    process.stdout.write(`${firstSignInLines(app).join('\n')}\n`);
    throw error;
  });
  process.stdout.write(`${await startupMessage(app)}\n`);
  giveStartMemoryBack();
} catch (error) {
  process.stderr.write(`${describeStartupError(error, config)}\n`);
  process.exit(startFailureExitCode(error));
}
