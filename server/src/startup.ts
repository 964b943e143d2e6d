import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { INestApplication, INestApplicationContext } from '@nestjs/common';
import { type DomainError, errorCodeOf, errorMessages } from './common/errors.js';
import { AppConfig } from './config/app-config.js';
import { EXIT_BAD_CONFIG } from './config/read-config.js';
import { DatabaseOpenError, storageFailureOf } from './database/errors.js';
import { UsersService } from './modules/auth/users/users.service.js';

/** Long enough for everything that the start triggered to finish. */
const GARBAGE_COLLECTION_DELAY_MS = 2_000;

const STORAGE_FAILURES = {
  full: 'the disk is full. Make room on it, or set OPSTAGE_DATA_DIR and DATABASE_URL to another one.',
  'read-only':
    'nothing can be written. Check that the disk is not read-only and that this user may write, or set OPSTAGE_DATA_DIR and DATABASE_URL to another place.',
} as const;

/** Returns how to sign in, on the start that created the first owner; empty on any other. */
export const firstSignInLines = (app: INestApplicationContext): readonly string[] => {
  const { createdOwner } = app.get(UsersService, { strict: false });
  if (!createdOwner) return [];
  const once = 'This password is shown only once: store it now.';
  return [`Sign in as    ${createdOwner.username}`, `with password ${createdOwner.password}`, once, ''];
};

/** Returns where to go next and, on the first start only, how to sign in. */
export const startupMessage = async (app: INestApplication): Promise<string> => {
  const config = app.get(AppConfig);
  const url = config.publicBaseUrl ?? (await app.getUrl()).replace('[::1]', 'localhost');
  const ready = [`Opstage CE ${config.version} is ready at ${url}`, `API documentation: ${url}/api/docs`];
  return ['', ...ready, '', ...firstSignInLines(app)].join('\n');
};

/** Returns what to tell the operator when the server cannot start. */
export const describeStartupError = (error: unknown, config: AppConfig): string => {
  const { host, port, database } = config;
  if (error instanceof DatabaseOpenError) return error.message;
  const failure = storageFailureOf(error);
  if (failure) return `The server could not start: ${STORAGE_FAILURES[failure]} Data directory: ${config.dataDir}.`;
  switch (errorCodeOf(error)) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is in use. Stop the process that listens there, or set OPSTAGE_PORT.`;
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

/** Returns the exit code of a failed start: 78 for an invalid setting, otherwise 1. */
export const startFailureExitCode = (error: unknown): number =>
  errorCodeOf(error) === 'VALIDATION_FAILED' ? EXIT_BAD_CONFIG : 1;

/**
 * Frees the garbage of the start, about 50 MB and as much as an idle server needs. V8 would keep it, because an idle server gives
 * it no reason to collect.
 */
export const giveStartMemoryBack = (): void => {
  setTimeout(() => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    collect();
  }, GARBAGE_COLLECTION_DELAY_MS).unref();
};
