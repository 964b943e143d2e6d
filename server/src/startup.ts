import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { INestApplication, INestApplicationContext } from '@nestjs/common';
import { type DomainError, errorCodeOf, errorMessages, isSystemError } from './common/errors.js';
import { AppConfig } from './config/app-config.js';
import { EXIT_BAD_CONFIG } from './config/read-config.js';
import { DatabaseOpenError, storageFailureOf } from './database/errors.js';
import { UsersService } from './modules/auth/users/users.service.js';

/** `EX_TEMPFAIL` of sysexits(3): the same start works once the other server has stopped. */
const EXIT_IN_USE = 75;
const EXIT_FAULT = 1;

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
  const { host, port } = config;
  const failure = storageFailureOf(error instanceof DatabaseOpenError ? error.cause : error);
  if (failure) return `The server could not start: ${STORAGE_FAILURES[failure]} Data directory: ${config.dataDir}.`;
  if (error instanceof DatabaseOpenError) return error.message;
  switch (errorCodeOf(error)) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is in use. Stop the process that listens there, or set OPSTAGE_PORT.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `This machine has no address ${host} to listen on. Set OPSTAGE_HOST.`;
    case 'EACCES':
      return isListening(error)
        ? `This user may not listen on port ${port} of ${host}. Set OPSTAGE_PORT to 1024 or higher.`
        : `This user may not use ${pathOf(error, config)}. Check who owns it, or set OPSTAGE_DATA_DIR.`;
    case 'VALIDATION_FAILED':
      return errorMessages(error as DomainError)
        .map((message) => `${message}.`)
        .join('\n');
    default:
      return isSystemError(error)
        ? `The server could not start: ${error.message}.`
        : `The server could not start. ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
};

const isListening = (error: unknown): boolean => (error as NodeJS.ErrnoException).syscall === 'listen';

const pathOf = (error: unknown, { dataDir }: AppConfig): string => (error as NodeJS.ErrnoException).path ?? dataDir;

/**
 * Returns the exit code of a failed start: 75 while another server uses the database, 78 when a setting or what it points to
 * has to be changed, 1 for a fault of the program.
 */
export const startFailureExitCode = (error: unknown): number => {
  if (error instanceof DatabaseOpenError) return error.code === 'DATABASE_IN_USE' ? EXIT_IN_USE : EXIT_BAD_CONFIG;
  return errorCodeOf(error) === 'VALIDATION_FAILED' || isSystemError(error) ? EXIT_BAD_CONFIG : EXIT_FAULT;
};

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
