import { randomUUID } from 'node:crypto';
import { existsSync, renameSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { Command } from 'commander';
import { SYSTEM } from '../../common/actor.js';
import type { AppConfig } from '../../config/app-config.js';
import { ensurePrivateFolder } from '../../config/secret-file.js';
import { withDatabaseLock } from '../../database/database-lock.js';
import { Database } from '../../database/database.js';
import { DatabaseOpenError } from '../../database/errors.js';
import { openDatabase } from '../../database/open-database.js';
import { AuditModule } from '../../modules/audit/audit.module.js';
import { AuditService } from '../../modules/audit/audit.service.js';
import { HEAD_FILE } from '../../modules/audit/chain/chain-head.js';
import { readCommandConfig, withModules } from '../server-context.js';
import { UserError, print } from '../terminal.js';
import { discardDraft, prepareCopy, refuseFolder, type SoundCopy } from './prepare-copy.js';
import { IN_USE, swapDatabase } from './swap-database.js';

const NO_POSTGRES =
  'This installation stores its data in PostgreSQL. Stop the servers, restore it with pg_restore, and empty its table of sessions, so that those of that time end. Keep the session secret: a new one could not verify the audit.';

/** Opens the database like a server, which migrates an older schema, and audits the restore. */
const recordRestore = (source: string, config: AppConfig): Promise<void> => {
  const record = (app: INestApplicationContext): Promise<void> =>
    app.get(Database).transaction((tx) =>
      app.get(AuditService, { strict: false }).record(tx, {
        actor: SYSTEM,
        action: 'backup.restored',
        target: { type: 'Backup', id: null },
        message: 'The database was replaced with a backup, on the host. All sessions have ended.',
        metadata: { fileName: source.split(/[\\/]/).at(-1) },
      }),
    );
  return withModules([AuditModule], record, { config, open: openDatabase });
};

const printContent = ({ schema, rowCounts }: SoundCopy): void => {
  const { users = 0, agents = 0, capsule_services: services = 0, commands = 0, audit_events: events = 0 } = rowCounts;
  print(
    `The backup is valid: ${users} users, ${agents} agents, ${services} services, ${commands} commands, ${events} audit events.`,
    `Its schema is ${schema}.`,
  );
};

/**
 * The stored head of the audit chain refers to events that the backup may not have. It stays with the database that is
 * replaced, and the next seal writes a new one.
 */
const putHeadAside = (dataDir: string, replaced: string): void => {
  const head = join(dataDir, HEAD_FILE);
  if (existsSync(head)) renameSync(head, `${replaced}.${HEAD_FILE}`);
};

/** Reports the lock that a running server holds. */
const throwUserError = (error: unknown): never => {
  throw error instanceof DatabaseOpenError ? new UserError(IN_USE) : error;
};

const restore = async (given: string): Promise<void> => {
  const source = resolve(given);
  refuseFolder(source);
  const config = readCommandConfig();
  const { database, dataDir } = config;
  if (database.kind !== 'sqlite') throw new UserError(NO_POSTGRES);
  const { file } = database;
  if (source === file) throw new UserError(`${source} is the database itself.`);
  ensurePrivateFolder(dirname(file));
  const draft = `${file}.restoring-${randomUUID()}`;
  const replaced = `${file}.replaced-${new Date().toISOString().replace(/[:.]/g, '-')}`;
  try {
    printContent(await prepareCopy(source, draft));
    const wasThere = await withDatabaseLock(file, () => swapDatabase(file, draft, replaced), 0).catch(throwUserError);
    putHeadAside(dataDir, replaced);
    print(wasThere ? `The previous database is kept: ${replaced}` : 'There was no previous database.');
  } finally {
    discardDraft(draft);
  }
  await recordRestore(source, config);
  print(`Restored ${source} to ${file}.`, 'All sessions have ended; everyone has to sign in again.');
  print('Agents revoked and registration tokens used after the backup was made are valid again; check both.');
};

/** `opstage restore`: replaces the database with a backup. */
export const restoreCommand = (): Command =>
  new Command('restore')
    .description('replace the SQLite database with a backup while no server is running; the previous database is kept')
    .argument('<file>', 'the backup')
    .action(restore);
