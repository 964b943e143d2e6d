import { DatabaseOpenError } from '../errors.js';
import { isUnfinishedPreview, pendingMigrations, UNFINISHED_PREVIEW, unknownMigrations } from './index.js';

export const MIGRATIONS_TABLE = 'schema_migrations';

/** What a database contains, read without changing it. */
export interface FoundSchema {
  /** The names of its tables and views. */
  readonly tables: readonly string[];
  /** The migrations that it recorded; empty without such a record. */
  readonly recorded: readonly string[];
}

/** `empty`: nothing is in it yet; `outdated`: migrations of this version are pending. */
export type SchemaState = 'empty' | 'outdated' | 'current';

/**
 * Returns how far the schema of a database is; `name` is how messages call the database.
 * @throws DatabaseOpenError when it belongs to another program or to a newer version, or can never be completed
 */
export const schemaStateOf = (name: string, { tables, recorded }: FoundSchema): SchemaState => {
  const unknown = unknownMigrations(recorded);
  if (unknown.length === recorded.length) {
    if (unknown.length === 0 && tables.every((table) => table === MIGRATIONS_TABLE)) return 'empty';
    throw new DatabaseOpenError(
      'NOT_OURS',
      `${name} belongs to another program: it has tables, but not those of Opstage CE. Nothing was changed; give Opstage CE a database of its own (OPSTAGE_DATA_DIR or DATABASE_URL).`,
    );
  }
  if (unknown[0] !== undefined) {
    throw new DatabaseOpenError(
      'SCHEMA_NEWER',
      `${name} was made by a newer version of Opstage CE: this one does not know its schema ${unknown[0]}. Nothing was changed; run the newer version, or restore a backup made before the upgrade.`,
    );
  }
  if (isUnfinishedPreview(recorded, tables.includes('passkeys'))) {
    throw new DatabaseOpenError('SCHEMA_INCOMPLETE', `${name} cannot be used. ${UNFINISHED_PREVIEW}`);
  }
  return pendingMigrations(recorded) === 0 ? 'current' : 'outdated';
};

/** Accepts only a database that needs no migration. @throws DatabaseOpenError for an empty or an older one */
export const requireCurrentSchema = (name: string, state: SchemaState): void => {
  if (state === 'empty') throw noInstallation(name);
  if (state === 'outdated') {
    throw new DatabaseOpenError(
      'SCHEMA_OUTDATED',
      `${name} has an older schema. Start the server of this version once, which copies the database and upgrades it; commands change no schema.`,
    );
  }
};

/** The refusal of a command that found no database of a server. */
export const noInstallation = (name: string): DatabaseOpenError =>
  new DatabaseOpenError(
    'NO_DATABASE',
    `There is no installation: ${name} does not exist or is empty. Set OPSTAGE_DATA_DIR (or DATABASE_URL) as the server has it, or run this where the server runs.`,
  );
