import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder that all test files of a run share; created by the global setup, removed by the global teardown. */
const templatesFolder = (): string => {
  const folder = process.env.OPSTAGE_TEST_TEMPLATES;
  if (!folder) throw new Error('The global setup of the tests did not make a folder for templates.');
  return folder;
};

/**
 * Returns a text that the first test file to need it makes for the whole run. Two files that need it at the same time
 * both make it; either result is fine.
 */
export const madeOnce = async (name: string, make: () => Promise<string>): Promise<string> => {
  const file = join(templatesFolder(), name);
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const text = await make();
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, text);
  renameSync(draft, file);
  return text;
};

/** Creates a folder that is kept until the run ends. */
export const newTemplateFolder = (): string => mkdtempSync(join(templatesFolder(), 'place-'));
