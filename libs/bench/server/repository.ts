import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The URL of something this repository has built. */
export const built = (path: string): URL => new URL(`../../../${path}`, import.meta.url);

interface Manifest {
  readonly opstage: { readonly nodeArguments: readonly string[] };
}

/** Node's arguments with which `npm start` runs the server. */
export const nodeArgumentsOfServer = (): readonly string[] =>
  (JSON.parse(readFileSync(built('../package.json'), 'utf8')) as Manifest).opstage.nodeArguments;

/** The program that is measured. */
export const SERVER_PROGRAM = fileURLToPath(built('server/main.js'));
