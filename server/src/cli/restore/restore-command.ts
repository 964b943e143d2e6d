import { randomUUID } from 'node:crypto';
import { existsSync, renameSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { SYSTEM } from '../../common/actor.js';
import { readConfigOrExit } from '../../config/read-config.js';
import { ensurePrivateFolder } from '../../config/secret-file.js';
import { withDatabaseLock } from '../../database/database-lock.js';
import { Database } from '../../database/database.js';
import { AuditModule } from '../../modules/audit/audit.module.js';
import { AuditService } from '../../modules/audit/audit.service.js';
import { HEAD_FILE } from '../../modules/audit/chain/chain-head.js';
import { withModules } from '../server-context.js';
import { UserError, print } from '../terminal.js';
import { discardDraft, prepareCopy, type SoundCopy } from './prepare-copy.js';
import { swapDatabase } from './swap-database.js';

const NO_POSTGRES =
  'This installation stores its data in PostgreSQL; restore it with pg_restore, and end all sessions with a new OPSTAGE_SESSION_SECRET.';

/** Opened as the server does it: an older schema is brought up to date, and what was done is audited. */
const recordRestore = (source: string): Promise<void> =>
  withModules([AuditModule], (app) =>
    app.get(Database).transaction((tx) =>
      app.get(AuditService, { strict: false }).record(tx, {
        actor: SYSTEM,
        action: 'backup.restored',
        target: { type: 'Backup', id: null },
        message: 'The database was replaced by a backup, on the host. All sessions have ended.',
        metadata: { fileName: source.split(/[\\/]/).at(-1) },
      }),
    ),
  );

const sayWhatWasFound = ({ schema, rowCounts }: SoundCopy): void => {
  const { users = 0, agents = 0, capsule_services: services = 0, commands = 0, audit_events: events = 0 } = rowCounts;
  print(
    `The backup is sound: ${users} users, ${agents} agents, ${services} services, ${commands} commands, ${events} audit events.`,
    `Its schema is ${schema}.`,
  );
};

/**
 * The kept head of the audit chain knows of events that an older copy has not; it goes with the database it belongs to,
 * and the next seal writes a new one.
 */
const putHeadAside = (dataDir: string, replaced: string): void => {
  const head = join(dataDir, HEAD_FILE);
  if (existsSync(head)) renameSync(head, `${replaced}.${HEAD_FILE}`);
};

const restore = async (given: string): Promise<void> => {
  const { database, dataDir, host, port } = readConfigOrExit();
  if (database.kind !== 'sqlite') throw new UserError(NO_POSTGRES);
  const source = resolve(given);
  const { file } = database;
  if (source === file) throw new UserError(`${source} is the database itself.`);
  ensurePrivateFolder(dirname(file));
  const draft = `${file}.restoring-${randomUUID()}`;
  const replaced = `${file}.replaced-${new Date().toISOString().replace(/[:.]/g, '-')}`;
  try {
    sayWhatWasFound(await prepareCopy(source, draft));
    // A server that starts meanwhile waits.
    const wasThere = await withDatabaseLock(file, () => swapDatabase({ file, host, port }, draft, replaced));
    putHeadAside(dataDir, replaced);
    print(wasThere ? `The database it replaces is kept: ${replaced}` : 'There was no database before.');
  } finally {
    discardDraft(draft);
  }
  await recordRestore(source);
  print(`${source} is the database now: ${file}`, 'All sessions have ended: everybody signs in anew.');
  print(
    'Agents that were revoked, and tokens that were used, after the backup was made are valid again: look at both.',
  );
};

/** `opstage restore`: puts a backup in the place of the database. */
export const restoreCommand = (): Command =>
  new Command('restore')
    .description('replace the SQLite database by a backup, while no server runs; the database that is there is kept')
    .argument('<file>', 'the backup')
    .action(restore);
