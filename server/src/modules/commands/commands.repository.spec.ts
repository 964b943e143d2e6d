import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase } from '../../../test/support/test-database.js';
import type { Database } from '../../database/database.js';
import { openDatabase } from '../../database/open-database.js';
import { entities } from '../../entities.js';
import { CommandsRepository } from './commands.repository.js';

describe('the query plan on SQLite', () => {
  let folder: string;
  let db: Database;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-commands-'));
    const { config: database } = await createTestDatabase('sqlite', folder);
    db = await openDatabase({ database, backupDir: folder }, entities);
  });
  afterEach(async () => {
    await db.close();
    rmSync(folder, { recursive: true });
  });

  /** The query plan of every statement that `work` reads with. */
  const planOf = async (work: () => Promise<unknown>): Promise<string> => {
    const query = jest.spyOn(db, 'query');
    await work();
    const asked = [...query.mock.calls];
    query.mockRestore();
    const steps = asked.map(([text, parameters]) =>
      db.query<{ detail: string }>(`EXPLAIN QUERY PLAN ${text}`, parameters),
    );
    return (await Promise.all(steps))
      .flat()
      .map(({ detail }) => detail)
      .join('\n');
  };

  it.each([
    ['hasClaimable', (commands: CommandsRepository) => commands.hasClaimable('agt_1', new Date())],
    [
      'listClaimable',
      (commands: CommandsRepository) => db.transaction((tx) => commands.listClaimable('agt_1', new Date(), 10, tx)),
    ],
    [
      'listCancelledWhileRunning',
      (commands: CommandsRepository) => commands.listCancelledWhileRunning('agt_1', new Date()),
    ],
  ])('of %s searches the commands of one agent, not of all', async (_, ask) => {
    const plan = await planOf(() => ask(new CommandsRepository(db)));
    expect(plan).toMatch(/SEARCH command USING .*\(agent_id=\? AND status=\?\)/);
  });
});
