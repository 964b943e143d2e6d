import { Command } from 'commander';
import { DomainError, errorMessages, isSystemError } from '../common/errors.js';
import { packageVersion } from '../config/build-info.js';
import { EXIT_BAD_CONFIG } from '../config/read-config.js';
import { DatabaseOpenError } from '../database/errors.js';
import { auditCommand } from './audit-command.js';
import { backupCommand } from './backup-command.js';
import { doctorCommand } from './doctor/doctor-command.js';
import { restoreCommand } from './restore/restore-command.js';
import { scanCommand } from './scan/scan-command.js';
import { note, UserError } from './terminal.js';
import { tokensCommand } from './tokens-command.js';
import { usersCommand } from './users-command.js';

/**
 * Runs `opstage` with these arguments. Prints errors that the operator can act on, and sets the exit code:
 * 78 where there is no installation, otherwise 1. Throws other errors.
 */
export const runProgram = async (args: readonly string[]): Promise<void> => {
  const program = new Command('opstage')
    .description('Maintains an installation of Opstage CE, on its host and with its environment.')
    .version(packageVersion());
  for (const command of [
    startCommand,
    usersCommand,
    tokensCommand,
    backupCommand,
    restoreCommand,
    scanCommand,
    auditCommand,
    doctorCommand,
  ])
    program.addCommand(command());
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    note(...messagesOf(error));
    process.exitCode = isMissingSetting(error) ? EXIT_BAD_CONFIG : 1;
  }
};

const startCommand = (): Command =>
  new Command('start')
    .description('Starts the server in the foreground; ctrl-C or SIGTERM ends it.')
    .action(async () => {
      await import('../start-server.js');
    });

/** Whether the command ran in the wrong place: another setting would help, another try would not. */
const isMissingSetting = (error: unknown): boolean =>
  error instanceof DatabaseOpenError && error.code !== 'DATABASE_IN_USE';

/** What the operator can act on. @throws the error itself when it is a fault of the program */
const messagesOf = (error: unknown): readonly string[] => {
  if (error instanceof DomainError) return errorMessages(error);
  // The system and the drivers name the file or the address in their messages.
  if (error instanceof UserError || error instanceof DatabaseOpenError || isSystemError(error)) return [error.message];
  throw error;
};
