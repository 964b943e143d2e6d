import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where this run keeps what its test files share; the global setup makes it, the global teardown removes it. */
const templatesFolder = (): string => {
  const folder = process.env.OPSTAGE_TEST_TEMPLATES;
  if (!folder) throw new Error('The global setup of the tests did not make a folder for templates.');
  return folder;
};

/**
 * A text that the first test file that needs it makes for the whole run. Two that need it at once both make it: either
 * result is good.
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

/** A new folder that is kept until the run ends. */
export const newTemplateFolder = (): string => mkdtempSync(join(templatesFolder(), 'place-'));
