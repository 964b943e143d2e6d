import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { INestApplication, INestApplicationContext } from '@nestjs/common';
import { type DomainError, errorCodeOf, errorMessages } from './common/errors.js';
import { AppConfig } from './config/app-config.js';
import { DatabaseOpenError } from './database/errors.js';
import { UsersService } from './modules/auth/users/users.service.js';

/** How to sign in, on the start that made the first owner; empty on any other. */
export const firstSignInLines = (app: INestApplicationContext): readonly string[] => {
  const { createdOwner } = app.get(UsersService, { strict: false });
  if (!createdOwner) return [];
  const once = 'This password is shown once: keep it now.';
  return [`Sign in as    ${createdOwner.username}`, `with password ${createdOwner.password}`, once, ''];
};

/** Says where to go next; on the first start also how to sign in, which is never said again. */
export const startupMessage = async (app: INestApplication): Promise<string> => {
  const config = app.get(AppConfig);
  const url = config.publicBaseUrl ?? (await app.getUrl()).replace('[::1]', 'localhost');
  const ready = [`Opstage CE ${config.version} is ready at ${url}`, `API documentation: ${url}/api/docs`];
  return ['', ...ready, '', ...firstSignInLines(app)].join('\n');
};

/** What to tell the operator when the server cannot start. */
export const describeStartupError = (error: unknown, config: AppConfig): string => {
  const { host, port, database } = config;
  if (error instanceof DatabaseOpenError) return error.message;
  switch (errorCodeOf(error)) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is taken. Stop what listens there, or set OPSTAGE_PORT.`;
    case 'EACCES':
      return `This user may not listen on port ${port} of ${host}, or may not write to ${config.dataDir}.`;
    case 'ECONNREFUSED':
      return `The database does not answer (${database.kind}). Check DATABASE_URL and that it runs.`;
    case 'VALIDATION_FAILED':
      return errorMessages(error as DomainError)
        .map((message) => `${message}.`)
        .join('\n');
    default:
      return `The server could not start. ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
};

/** What the process ends with: 78 for a setting that cannot be used (EX_CONFIG of sysexits.h), else 1. */
export const startFailureExitCode = (error: unknown): number => (errorCodeOf(error) === 'VALIDATION_FAILED' ? 78 : 1);

/** By then whatever starting had begun is done. */
const AFTER_MS = 2_000;

/**
 * Starting leaves as much behind as an idle server needs, about 50 MB. V8 gives it back after it has collected, for which
 * a server that nobody asks anything gives it no reason.
 */
export const giveStartMemoryBack = (): void => {
  setTimeout(() => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    collect();
  }, AFTER_MS).unref();
};
