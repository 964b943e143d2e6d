import 'reflect-metadata';
import { dirname, join } from 'node:path';
import { getMetadataArgsStorage } from 'typeorm';
import { SystemClock } from './common/clock.js';
import type { AppConfig } from './config/app-config.js';
import { openDatabase } from './database/open-database.js';
import { entities } from './entities.js';
import { AuditChainService } from './modules/audit/chain/audit-chain.service.js';
import { ChainRepository } from './modules/audit/chain/chain.repository.js';

const ROWS_PER_COMMIT = 10_000;

/** A row by property names; an omitted column gets its default, null, or the empty value of its type. */
export type Row = Readonly<Record<string, unknown>>;

/** A store that tools fill with rows. */
interface FillableStore {
  /** Inserts `count` rows into the table of the entity with this class name. */
  insert(entityName: string, count: number, rowOf: (index: number) => Row): Promise<void>;
  /** Seals all audit events, as the running server does. */
  sealAudit(sessionSecret: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens or creates the SQLite store in `file`, for tools that fill it before its server starts (libs/bench). */
export const openStore = async (file: string): Promise<FillableStore> => {
  const dataDir = dirname(file);
  const config = { database: { kind: 'sqlite', file, url: '' }, backupDir: join(dataDir, 'backups') } as const;
  const db = await openDatabase(config, entities);
  return {
    insert: async (entityName, count, rowOf) => {
      const entity = entityByName(entityName);
      const complete = completeRows(entity);
      for (let from = 0; from < count; from += ROWS_PER_COMMIT)
        await db.transaction(async (tx) => {
          const end = Math.min(count, from + ROWS_PER_COMMIT);
          for (let index = from; index < end; index += 1) await tx.insert(entity, complete(rowOf(index)));
        });
    },
    sealAudit: async (sessionSecret) => {
      const chainConfig = { sessionSecrets: [sessionSecret], dataDir } as unknown as AppConfig;
      const repository = new ChainRepository(db);
      const chain = new AuditChainService(repository, db, new SystemClock(), chainConfig);
      await chain.sealNew({ isUrgent: true });
    },
    close: () => db.close(),
  };
};

const entityByName = (name: string): new () => object => {
  const entity = entities.find((one) => one.name === name);
  if (!entity) throw new Error(`The server has no entity ${name}.`);
  return entity;
};

/** Completes rows of an entity, so that the caller need not know every column. */
const completeRows = (entity: new () => object): ((row: Row) => object) => {
  const columns = getMetadataArgsStorage().columns.filter(({ target }) => target === entity);
  const defaults = columns.map(({ propertyName, options: { default: given, nullable, type } }) => {
    const empty = type === 'boolean' ? false : type === 'integer' || type === 'bigint' ? 0 : '';
    return [propertyName, (given as unknown) ?? (nullable === true ? null : empty)] as const;
  });
  return (row) => Object.fromEntries(defaults.map(([name, value]) => [name, row[name] ?? value]));
};
