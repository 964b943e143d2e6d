import { messagesOf, type DomainError } from './common/errors/domain-error.js';
import { errorCodeOf } from './common/errors/error-code.js';
import type { AppConfig } from './config/app-config.js';

/** What to tell the operator when the server cannot start. */
export const explainStartFailure = (error: unknown, config: AppConfig): string => {
  const { host, port, database } = config;
  switch (errorCodeOf(error)) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is taken. Stop what listens there, or set OPSTAGE_PORT.`;
    case 'EACCES':
      return `This user may not listen on port ${port} of ${host}, or may not write to ${config.dataDir}.`;
    case 'ECONNREFUSED':
      return `The database does not answer (${database.kind}). Check DATABASE_URL and that it runs.`;
    case 'VALIDATION_FAILED':
      return messagesOf(error as DomainError)
        .map((message) => `${message}.`)
        .join('\n');
    default:
      return `The server could not start. ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
};

/** What the process ends with: 78 for a setting that cannot be used (EX_CONFIG of sysexits.h), else 1. */
export const startFailureExitCode = (error: unknown): number => (errorCodeOf(error) === 'VALIDATION_FAILED' ? 78 : 1);
