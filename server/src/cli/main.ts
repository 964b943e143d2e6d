import 'reflect-metadata';
import { Command } from 'commander';
import { DomainError, messagesOf } from '../common/errors/domain-error.js';
import { packageVersion } from '../read-config.js';
import { auditCommand } from './audit-command.js';
import { backupCommand } from './backup-command.js';
import { note, PlainError } from './console-output.js';
import { doctorCommand } from './doctor-command.js';
import { restoreCommand } from './restore-command.js';
import { scanCommand } from './scan-command.js';
import { tokensCommand } from './tokens-command.js';
import { usersCommand } from './users-command.js';

// Whatever this process writes is its owner's alone.
process.umask(0o077);
const program = new Command('opstage')
  .description('Looks after an installation of Opstage CE, on its host and with its environment.')
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
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof PlainError || error instanceof DomainError)) throw error;
  note(...(error instanceof DomainError ? messagesOf(error) : [error.message]));
  process.exitCode = 1;
}
