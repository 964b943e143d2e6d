import { built } from '../server/repository.js';

/** A row by property names; an omitted column gets its default, null, or the empty value of its type. */
export type Row = Readonly<Record<string, unknown>>;

/** A store opened and migrated by the server's own code. */
export interface Store {
  /** Inserts `count` rows into the table of the entity with this class name. */
  insert(entityName: string, count: number, rowOf: (index: number) => Row): Promise<void>;
  /** Seals all audit events, as the running server does. */
  sealAudit(sessionSecret: string): Promise<void>;
  close(): Promise<void>;
}

/** What `server/src/store-filling.ts` exports. */
interface StoreFilling {
  readonly openStore: (file: string) => Promise<Store>;
}

/** Opens the store in `file`. Needs the built server. */
export const openStore = async (file: string): Promise<Store> => {
  const { openStore: open } = (await import(built('server/store-filling.js').href)) as StoreFilling;
  return open(file);
};
