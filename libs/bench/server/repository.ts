import { fileURLToPath } from 'node:url';

/** The URL of something this repository has built. */
export const built = (path: string): URL => new URL(`../../../${path}`, import.meta.url);

/** The program that is measured. */
export const SERVER_PROGRAM = fileURLToPath(built('server/main.js'));
