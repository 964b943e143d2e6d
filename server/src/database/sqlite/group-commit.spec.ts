import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createTestDatabase } from '../../../test/support/test-database.js';
import { entities } from '../../entities.js';
import { SettingEntity } from '../../modules/settings/setting.entity.js';
import type { Database } from '../database.js';
import { openDatabase } from '../open-database.js';

let made = 0;
const aSetting = (key: string): SettingEntity => ({
  id: `set_${String((made += 1)).padStart(26, '0')}`,
  key,
  value: {},
  updatedAt: new Date(),
});

describe('group commit on SQLite', () => {
  const openSqlite = async () => {
    const folder = mkdtempSync(join(tmpdir(), 'opstage-db-'));
    const store = await createTestDatabase('sqlite', folder);
    const db = await openDatabase({ database: store.config, backupDir: join(folder, 'backups') }, entities);
    const close = async (): Promise<void> => {
      await db.close();
      rmSync(folder, { recursive: true });
    };
    return { db, file: store.config.file, close };
  };

  it('answers no caller before the one commit of the group', async () => {
    const { db, close } = await openSqlite();
    const answered: string[] = [];
    const first = db
      .transaction((tx) => tx.insert(SettingEntity, aSetting('first')))
      .then(() => answered.push('first'));
    const second = db.transaction(async (tx) => {
      await tx.insert(SettingEntity, aSetting('second'));
      await nextTurn();
      expect(answered).toEqual([]);
      expect(await db.count(SettingEntity, 'TRUE')).toBe(0);
    });
    await Promise.all([first, second]);
    expect(answered).toEqual(['first']);
    await close();
  });

  it('answers with success what is durable, whatever the observer of the commit throws', async () => {
    const { db, close } = await openSqlite();
    const fail = (): never => {
      throw new Error('broken observer');
    };
    db.writes.observe({ onCommit: fail, onWrite: fail });
    await db.transaction((tx) => tx.insert(SettingEntity, aSetting('kept')));
    expect(await db.count(SettingEntity, 'TRUE')).toBe(1);
    await close();
  });

  it("runs each caller's work, and what follows its commit, in that caller's own context", async () => {
    const { db, close } = await openSqlite();
    const context = new AsyncLocalStorage<string>();
    const seen: string[] = [];
    const write = (name: string): Promise<void> =>
      context.run(name, () =>
        db.transaction((tx) => {
          seen.push(`${name} works as ${context.getStore()}`);
          tx.afterCommit(() => {
            seen.push(`${name} is told as ${context.getStore()}`);
          });
          return Promise.resolve();
        }),
      );
    await Promise.all([write('a'), write('b')]);
    expect(seen).toEqual(['a works as a', 'b works as b', 'a is told as a', 'b is told as b']);
    await close();
  });

  it('fails the whole group when SQLite ends the transaction itself, and then continues', async () => {
    const { db, close } = await openSqlite();
    const outcomes = await Promise.allSettled([
      db.transaction((tx) => tx.insert(SettingEntity, aSetting('before'))),
      db.transaction(async (tx) => {
        // What SQLite does on a full disk or an I/O error.
        await tx.execute('ROLLBACK');
        throw new Error('disk full');
      }),
      db.transaction((tx) => tx.insert(SettingEntity, aSetting('after'))),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await db.count(SettingEntity, 'TRUE')).toBe(0);
    await db.transaction((tx) => tx.insert(SettingEntity, aSetting('next')));
    expect(await db.count(SettingEntity, 'TRUE')).toBe(1);
    await close();
  });

  it('refuses to change anything outside a transaction', async () => {
    const { db, close } = await openSqlite();
    await db.transaction((tx) => tx.insert(SettingEntity, aSetting('kept')));
    await expect(db.query('DELETE FROM settings', {})).rejects.toThrow('must not change any');
    await expect(db.query("DELETE FROM settings WHERE key = 'kept' RETURNING key", {})).rejects.toThrow();
    await expect(db.transaction((tx) => tx.query('DELETE FROM settings', {}))).rejects.toThrow('must not change any');
    expect(await db.query('SELECT key FROM settings', {})).toEqual([{ key: 'kept' }]);
    await close();
  });

  it('shares the file with another writer', async () => {
    const { db, file, close } = await openSqlite();
    const other = await openDatabase(
      { database: { kind: 'sqlite', file, url: '' }, backupDir: join(file, '..', 'backups') },
      entities,
    );
    const write = (one: Database, key: string) => one.transaction((tx) => tx.insert(SettingEntity, aSetting(key)));
    await Promise.all(Array.from({ length: 40 }, (_, i) => write(i % 2 === 0 ? db : other, `key-${i}`)));
    expect(await db.count(SettingEntity, 'TRUE')).toBe(40);
    await other.close();
    await close();
  });
});
