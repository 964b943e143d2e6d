import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

// Loaded into a thread before its own script. Linux has priorities of single threads, each under its own number; where
// there are none, the system shares out its time as it likes.
try {
  const thread = readlinkSync('/proc/thread-self').split('/').at(-1);
  setPriority(Number(thread), constants.priority.PRIORITY_BELOW_NORMAL);
} catch {
  // Nothing depends on it but how long others wait.
}
