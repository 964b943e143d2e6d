import { chmodSync, readdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

const OTHERS = 0o077;
const STICKY = 0o1000;
/** Files that only a data directory has. */
const OURS = ['session-secret', 'opstage.db'];

const isOurs = (folder: string): boolean => {
  const names = readdirSync(folder);
  return names.length === 0 || OURS.some((name) => names.includes(name));
};

/**
 * Makes the data directory readable by its owner only, where this process owns it: the volume of a container or a folder made by hand
 * is often open to all. A folder that is shared on purpose, or is obviously something else, stays as it is.
 */
export const narrowDataFolder = (folder: string): void => {
  try {
    const { uid, mode } = statSync(folder);
    const isOwn = uid === process.getuid?.() && resolve(folder) !== process.cwd();
    if (isOwn && (mode & OTHERS) !== 0 && (mode & STICKY) === 0 && isOurs(folder)) chmodSync(folder, 0o700);
  } catch {
    // Not there yet, or not readable: whoever needs it says so.
  }
};
