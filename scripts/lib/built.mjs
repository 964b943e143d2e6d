import { isBuilt, staleParts } from './build.mjs';
import { PlainError } from './entry.mjs';
import { findNode } from './find-node.mjs';
import { areInstalled } from './packages.mjs';

/** `EX_CONFIG` of sysexits(3), as the server and its commands use it. */
const EXIT_NOT_READY = 78;

/**
 * Returns the Node that runs what was installed and built, without changing anything.
 * @throws PlainError that says what to run first when one of these parts is missing or older than the sources
 */
export const findBuilt = (...parts) => {
  if (!parts.every(isBuilt)) {
    throw new PlainError(
      'Opstage CE has not been built here. Run `npm start` or `npm run build` first.',
      EXIT_NOT_READY,
    );
  }
  if (!areInstalled() || staleParts().some(({ name }) => parts.includes(name))) {
    throw new PlainError(
      'The sources are newer than what was built of them. Stop the server and run `npm start`, which installs and builds them. ' +
        'To use what was built before, run: node dist/server/cli/main.js …',
      EXIT_NOT_READY,
    );
  }
  return findNode();
};
