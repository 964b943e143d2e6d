import { execFile } from 'node:child_process';
import { mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildPart, staleParts } from '../../../scripts/lib/build.mjs';
import { startPostgres } from './postgres-server.mjs';

const MEMORY = '/dev/shm';
const ENOUGH_BYTES = 4 * 1024 ** 3;

/** Whether /dev/shm has room for the temporary files; containers often have only 64 MB there. */
const hasRoomInMemory = () => {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= ENOUGH_BYTES;
  } catch {
    return false;
  }
};

/** Builds the API description that every answer is checked against, if the sources have changed. */
const buildApiDocs = () => {
  const part = staleParts().find(({ name }) => name === 'api-docs');
  return part && buildPart(part, process.execPath, promisify(execFile));
};

/** Prepares what all test files of a run share. The workers inherit the environment. */
export default async () => {
  if (!process.env.TMPDIR && hasRoomInMemory()) process.env.TMPDIR = MEMORY;
  process.env.OPSTAGE_TEST_TEMPLATES = mkdtempSync(join(tmpdir(), 'opstage-templates-'));
  await buildApiDocs();
  globalThis.opstagePostgres ??= await startPostgres();
};
