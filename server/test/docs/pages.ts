import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import type { CapsuleService, Command } from '#contracts';
import { eventually } from '#testing';
import type { CodeBlock } from './code-blocks.js';
import type { PageServer } from './page-server.js';

/** What a test does for the reader of a page. */
interface PageRun {
  /** Before a block: what the page says has happened by then, such as a click in the console. */
  readonly before?: (server: PageServer, block: CodeBlock) => Promise<void>;
  /** After the last block: that what the page promises is so. */
  readonly check: (server: PageServer) => Promise<void>;
}

const healthy = (server: PageServer, q: string): Promise<CapsuleService> =>
  eventually(`${q} is healthy; the page printed ${server.shell.output}`, async () => {
    const { data } = await (
      await server.owner()
    )
      .get(`/api/admin/capsule-services?q=${q}`)
      .expectPage<CapsuleService>();
    return data.find(({ status }) => status === 'HEALTHY');
  });

/** A migration that this version does not know. */
const NEWER = 'Newer9999999999999';

const migrationsOf = (file: string): readonly string[] => {
  const db = new BetterSqlite3(file);
  const rows = db.prepare('SELECT name FROM schema_migrations').all() as readonly { name: string }[];
  db.close();
  return rows.map(({ name }) => name);
};

/** Leaves the stopped server's database as a newer version would, which copied it first. */
const upgradeSchema = ({ app }: PageServer): void => {
  const backups = join(app.folder, 'backups');
  const [made = ''] = readdirSync(backups).filter((name) => name.endsWith('.db'));
  renameSync(join(backups, made), join(backups, `before-migration-${made.replace('opstage-', '')}`));
  const db = new BetterSqlite3(join(app.folder, 'opstage.db'));
  db.prepare('INSERT INTO schema_migrations (timestamp, name) VALUES (?, ?)').run(9_999_999_999_999, NEWER);
  db.close();
};

const commands = async (server: PageServer): Promise<readonly Command[]> =>
  (await (await server.owner()).get('/api/admin/commands').expectPage<Command>()).data;

/** The pages whose blocks are run in a shell, from top to bottom. */
export const PAGE_RUNS: Readonly<Record<string, PageRun>> = {
  'README.md': {
    before: async (server, { text }) => {
      if (!text.includes('auth/login')) return;
      await server.startDemo();
      await healthy(server, 'demo');
    },
    check: async (server) => {
      expect(await commands(server)).toMatchObject([{ actionName: 'echo' }]);
      expect(server.shell.output).toContain('command.created');
    },
  },
  'docs/getting-started.md': {
    before: async (server, { text }) => {
      if (!text.includes('commands?wait=')) return;
      const { id } = await healthy(server, 'by-hand');
      await (await server.owner()).post(`/api/admin/capsule-services/${id}/actions/greet`, {}).expectOk();
    },
    check: async (server) => {
      expect(await commands(server)).toMatchObject([{ actionName: 'greet', status: 'SUCCEEDED' }]);
    },
  },
  'docs/operations.md': {
    before: async ({ app }, { text }) => {
      if (text.includes('opstage restore')) await app.stop();
    },
    check: (server) => {
      expect(server.shell.output).toMatch(/reopened and verified/);
      expect(server.shell.output).toMatch(/Restored \S+ to/);
      return Promise.resolve();
    },
  },
  'docs/upgrade.md': {
    before: async (server, { text }) => {
      if (!text.includes('opstage restore')) return;
      await server.app.stop();
      upgradeSchema(server);
    },
    check: ({ app, folder, shell }) => {
      expect(shell.output).toMatch(/Restored \S+ to/);
      expect(readdirSync(app.folder)).toContainEqual(expect.stringMatching(/\.replaced-/));
      expect(migrationsOf(join(folder, 'data', 'opstage.db'))).not.toContain(NEWER);
      return Promise.resolve();
    },
  },
};
