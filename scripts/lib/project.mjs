import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A path in this repository, regardless of the working directory. */
export const inProject = (...parts) => join(ROOT, ...parts);

/** The content of a JSON file of this repository, or null when it is missing or broken. */
export const readProjectJson = (path) => {
  try {
    return JSON.parse(readFileSync(inProject(path), 'utf8'));
  } catch {
    return null;
  }
};

/** The Node arguments for the server (docs/decisions/0024). */
export const serverArguments = () => readProjectJson('package.json')?.opstage.nodeArguments ?? [];

/** The Node arguments that load `.env` from the working directory, if it exists. */
export const envFileArguments = () => (existsSync('.env') ? ['--env-file=.env'] : []);
