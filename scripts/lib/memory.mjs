import { totalmem } from 'node:os';
import { say } from './entry.mjs';

const GIB = 2 ** 30;
/** What `npm ci` and the console's build take at most together with a little of a system: builds were killed at 1 GB and peaked at 1.2 GB. */
const BUILD_NEEDS = 2 * GIB;

/** The memory that this process may use: the machine's, or the limit of its container, whichever is smaller. */
export const usableMemory = () => {
  // Node 18 knows no limit of a container.
  const limit = process.constrainedMemory?.() ?? 0;
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
};

const inGib = (bytes) => `${(bytes / GIB).toFixed(1)} GB`;

/** Whether a build should take less at the price of time. */
export const isScarce = () => usableMemory() < 2 * BUILD_NEEDS;

/** Says what installing and building need, before they start, and warns where that is more than there is. */
export const sayMemoryNeeds = () => {
  say(`Installing and building take about ${inGib(BUILD_NEEDS)} of memory and a few minutes, once.`);
  if (usableMemory() >= BUILD_NEEDS) return;
  say(
    `There are only ${inGib(usableMemory())} here, so that the system may end the build. A release needs no build: ` +
      'unpack opstage-ce-<version>-linux-x64.tar.gz and run ./opstage start (docs/install.md).',
  );
};

/** What to say about a program that the system has ended with SIGKILL, as it does when memory is short. */
export const explainKill = () =>
  `it was killed, most likely because memory was short (${inGib(usableMemory())} here; about ${inGib(BUILD_NEEDS)} are needed). ` +
  'Give the machine more memory or swap, or run a release, which needs no build (docs/install.md).';
