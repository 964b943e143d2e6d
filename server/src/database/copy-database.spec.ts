import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { databaseFault } from '../common/http/database-faults.js';
import { copyDatabase } from './copy-database.js';
import { ReadAside } from './read-aside.js';

describe('what fails beside the serving thread', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-aside-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('is told with its code when a copy cannot be made, so that it is answered as a database that is away', async () => {
    const failure: unknown = await copyDatabase(join(folder, 'none.db'), join(folder, 'copy.db')).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: 'SQLITE_CANTOPEN' });
    expect(databaseFault(failure)).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  });

  it('is told with its code when a question cannot be answered', async () => {
    const file = join(folder, 'some.db');
    new BetterSqlite3(file).exec('CREATE TABLE some (id)').close();
    const aside = new ReadAside(file);
    await expect(aside.query('SELECT * FROM other', [])).rejects.toMatchObject({
      code: 'SQLITE_ERROR',
      message: 'no such table: other',
    });
    await aside.close();
  });
});
