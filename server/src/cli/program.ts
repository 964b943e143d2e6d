import { Command } from 'commander';
import { DomainError, errorMessages } from '../common/errors.js';
import { packageVersion } from '../config/read-config.js';
import { DatabaseOpenError } from '../database/errors.js';
import { auditCommand } from './audit-command.js';
import { backupCommand } from './backup-command.js';
import { doctorCommand } from './doctor/doctor-command.js';
import { restoreCommand } from './restore/restore-command.js';
import { scanCommand } from './scan/scan-command.js';
import { note, UserError } from './terminal.js';
import { tokensCommand } from './tokens-command.js';
import { usersCommand } from './users-command.js';

/** Runs `opstage` with these arguments. Prints errors that the operator can act on, and sets the exit code; throws others. */
export const runProgram = async (args: readonly string[]): Promise<void> => {
  const program = new Command('opstage')
    .description('Maintains an installation of Opstage CE, on its host and with its environment.')
    .version(packageVersion());
  for (const command of [
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
    if (!(error instanceof UserError || error instanceof DomainError || error instanceof DatabaseOpenError))
      throw error;
    note(...(error instanceof DomainError ? errorMessages(error) : [error.message]));
    process.exitCode = 1;
  }
};
