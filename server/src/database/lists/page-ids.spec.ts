import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { In } from 'typeorm';
import { createTestDatabase } from '../../../test/support/test-database.js';
import { entities } from '../../entities.js';
import { SettingEntity } from '../../modules/settings/setting.entity.js';
import type { Database } from '../database.js';
import { openDatabase } from '../open-database.js';
import { pageIds, readInOrder } from './list-reader.js';

const KEYS = ['d', 'a', 'c', 'e', 'b'];

describe('the rows of a page', () => {
  let folder: string;
  let db: Database;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-page-'));
    const { config: database } = await createTestDatabase('sqlite', folder);
    db = await openDatabase({ database, backupDir: folder }, entities);
    const rows = KEYS.map((key) => ({ id: `set_${key}` as const, key, value: {}, updatedAt: new Date(5) }));
    await db.transaction(async (tx) => {
      await tx.delete(SettingEntity, '1 = 1', {});
      for (const row of rows) await tx.insert(SettingEntity, row);
    });
  });
  afterEach(async () => {
    await db.close();
    rmSync(folder, { recursive: true });
  });

  const found = () =>
    db
      .manager()
      .createQueryBuilder(SettingEntity, 'setting')
      .where('setting.key <> :no', { no: 'c' })
      .orderBy('setting.key', 'DESC')
      .offset(1)
      .limit(2);

  const read = (ids: readonly SettingEntity['id'][]) =>
    readInOrder(
      ids,
      (wanted) => db.manager().findBy(SettingEntity, { id: In(wanted) }),
      ({ id }) => id,
    );

  it('are found by filter, order, offset and limit, and come in that order', async () => {
    const ids = await pageIds(db, found());
    expect(ids).toEqual(['set_d', 'set_b']);
    expect((await read(ids)).map(({ key }) => key)).toEqual(['d', 'b']);
  });

  // However many rows an offset or a search passes over, agents do not wait for it.
  it('are sought beside the serving thread, which reads nothing for it', async () => {
    const query = found();
    const reader = jest.spyOn(db.manager().dataSource.driver, 'createQueryRunner');
    expect(await pageIds(db, query)).toHaveLength(2);
    expect(reader).not.toHaveBeenCalled();
    await read(['set_a']);
    expect(reader).toHaveBeenCalled();
  });

  it('are those that are still there', async () => {
    expect((await read(['set_e', 'set_x', 'set_a'])).map(({ key }) => key)).toEqual(['e', 'a']);
  });

  it('are none without a question when none were found', async () => {
    const ask = jest.fn();
    expect(await readInOrder([], ask, ({ id }: SettingEntity) => id)).toEqual([]);
    expect(ask).not.toHaveBeenCalled();
  });
});
