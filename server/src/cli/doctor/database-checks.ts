import { existsSync } from 'node:fs';
import { verify } from '@node-rs/argon2';
import { Client } from 'pg';
import type { AppConfig } from '../../config/app-config.js';
import { migrations } from '../../database/migrations/index.js';
import { ReadAside } from '../../database/read-aside.js';
import { fault, ok, warning, type Check } from './check.js';

type Query = <R>(sql: string) => Promise<readonly R[]>;

interface Owner {
  readonly username: string;
  readonly password_hash: string;
  readonly created_at: string | number;
  readonly updated_at: string | number;
}

/** Asks without changing anything: no migration is run. */
const withQuery = async <T>({ database }: AppConfig, work: (query: Query) => Promise<T>): Promise<T> => {
  if (database.kind === 'sqlite') {
    const aside = new ReadAside(database.file);
    try {
      return await work(async <R>(sql: string) => (await aside.query(sql, [])) as readonly R[]);
    } finally {
      await aside.close();
    }
  }
  const client = new Client({ connectionString: database.url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    return await work(async <R>(sql: string) => (await client.query(sql)).rows as readonly R[]);
  } finally {
    await client.end();
  }
};

const checkSchema = async (query: Query): Promise<Check> => {
  const done = new Set(
    (await query<{ readonly name: string }>('SELECT name FROM schema_migrations')).map(({ name }) => name),
  );
  const pending = migrations.filter(({ name }) => !done.has(name)).length;
  const unknown = [...done].filter((name) => !migrations.some((migration) => migration.name === name)).length;
  if (unknown > 0) return fault('The database is of a newer version than this program.', 'Use the newer version.');
  if (pending === 0) return ok('The schema is up to date.');
  return warning(`${pending} migrations are pending.`, 'The next start of the server runs them, after a copy.');
};

/** Whose password is as the first start left it: known from the environment, or never changed since. */
const isBootstrap = async (owner: Owner, adminPassword: string | null): Promise<boolean> =>
  adminPassword === null
    ? String(owner.created_at) === String(owner.updated_at)
    : verify(owner.password_hash, adminPassword);

const checkFirstOwner = async (query: Query, adminPassword: string | null): Promise<Check> => {
  const [owner] = await query<Owner>(`SELECT username, password_hash, created_at, updated_at FROM users
    WHERE role = 'owner' AND status = 'ACTIVE' ORDER BY created_at, id LIMIT 1`);
  if (!owner) return fault('There is no active owner.', '`opstage users create <name> --role owner` makes one.');
  return (await isBootstrap(owner, adminPassword))
    ? warning(
        `Owner ${owner.username} still has the password of the first start.`,
        'Change it in the console, and take OPSTAGE_ADMIN_PASSWORD away.',
      )
    : ok(`Owner ${owner.username} has a password of their own.`);
};

/** What the database says, which is only read. */
export const checkDatabase = async (config: AppConfig): Promise<Check[]> => {
  const { database, adminPassword } = config;
  if (database.kind === 'sqlite' && !existsSync(database.file)) {
    return [warning('There is no database yet.', 'The first start of the server makes it.')];
  }
  try {
    return await withQuery(config, async (query) => [
      await checkSchema(query),
      await checkFirstOwner(query, adminPassword),
    ]);
  } catch (error) {
    return [
      fault(
        `The database cannot be read: ${(error as Error).message}`,
        'Check DATABASE_URL; restore a backup if it is damaged.',
      ),
    ];
  }
};
