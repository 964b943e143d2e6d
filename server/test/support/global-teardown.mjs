import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';

/** Drops the template database, which would otherwise stay on a PostgreSQL that outlives the tests. */
const dropTemplate = async (templates) => {
  const file = join(templates, 'started-postgres.json');
  if (!existsSync(file)) return;
  const client = new Client({ connectionString: process.env.OPSTAGE_TEST_POSTGRES_URL });
  await client.connect();
  try {
    await client.query(`DROP DATABASE IF EXISTS ${JSON.parse(readFileSync(file, 'utf8')).databaseName}`);
  } finally {
    await client.end();
  }
};

export default async () => {
  const templates = process.env.OPSTAGE_TEST_TEMPLATES;
  if (templates) {
    await dropTemplate(templates);
    rmSync(templates, { recursive: true, force: true });
  }
  await globalThis.opstagePostgres?.stop();
  globalThis.opstagePostgres = undefined;
};
