import { extname } from 'node:path';
import { SideThread } from '../common/threads/side-thread.js';
import { asError, type SideError } from './side-error.js';
import { BUSY_TIMEOUT_MS } from './sqlite-pragmas.js';

/** Writes a consistent copy of the SQLite database `from` to `to`, in a thread of its own; the copy needs no side files. */
export const copyDatabase = async (from: string, to: string): Promise<void> => {
  const script = new URL(`./copy-database.worker${extname(import.meta.url)}`, import.meta.url);
  const thread = new SideThread<object, { readonly error?: SideError }>(script, {
    workerData: { timeout: BUSY_TIMEOUT_MS },
  });
  try {
    const { error } = await thread.ask({ from, to });
    if (error) throw asError(error);
  } finally {
    await thread.close();
  }
};
