import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The path of something in this repository, wherever the script was started from. */
export const inProject = (...parts) => join(ROOT, ...parts);

/** The content of a JSON file of this repository, or null when it is missing or broken. */
export const readProjectJson = (path) => {
  try {
    return JSON.parse(readFileSync(inProject(path), 'utf8'));
  } catch {
    return null;
  }
};

/** Node's arguments for the server (docs/decisions/0024). */
export const serverArguments = () => readProjectJson('package.json')?.opstage.nodeArguments ?? [];

/** Node's arguments that have it read the settings in `.env` of the working directory, if there is one. */
export const envFileArguments = () => (existsSync('.env') ? ['--env-file=.env'] : []);
