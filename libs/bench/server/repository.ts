import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The URL of a file in `dist`. */
export const built = (path: string): URL => new URL(`../../../${path}`, import.meta.url);

interface Manifest {
  readonly opstage: { readonly nodeArguments: readonly string[] };
}

/** The Node arguments `npm start` uses for the server. */
export const nodeArgumentsOfServer = (): readonly string[] =>
  (JSON.parse(readFileSync(built('../package.json'), 'utf8')) as Manifest).opstage.nodeArguments;

/** The measured program. */
export const SERVER_PROGRAM = fileURLToPath(built('server/main.js'));
