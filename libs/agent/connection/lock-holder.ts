import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Who holds a lock, as its file says. */
export interface LockHolder {
  /** Differs for every time a lock is taken. */
  readonly nonce: string;
  readonly agentCode: string;
  readonly pid: number;
  readonly host: string;
  /** Process ids mean something only within it; empty where there are none. */
  readonly pidNamespace: string;
  /** Tells a process from a later one with its id; empty where it cannot be known. */
  readonly processStart: string;
}

/** This process as the holder of a lock. */
export const thisProcess = (nonce: string, agentCode: string): LockHolder => ({
  nonce,
  agentCode,
  pid: process.pid,
  host: hostname(),
  pidNamespace: pidNamespace(),
  processStart: processStart(process.pid) ?? '',
});

/** The holder that a lock file names; null for anything else, such as a file that is being written. */
export const parseHolder = (text: string): LockHolder | null => {
  try {
    const holder = JSON.parse(text) as Partial<LockHolder> | null;
    return typeof holder?.nonce === 'string' && typeof holder.pid === 'number' ? (holder as LockHolder) : null;
  } catch {
    return null;
  }
};

/** Whether the holder's process runs; null when that cannot be seen from here: another machine or container. */
export const isRunning = (holder: LockHolder): boolean | null => {
  if (holder.host !== hostname() || holder.pidNamespace !== pidNamespace()) return null;
  // Locks of this very process are known by their nonce: this one is of an earlier process with the same id.
  if (holder.pid === process.pid) return false;
  if (!exists(holder.pid)) return false;
  const start = processStart(holder.pid);
  return start === null || holder.processStart === '' || start === holder.processStart;
};

const pidNamespace = (): string => {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
};

const exists = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** When a process started, on Linux; 'ended' for one that only waits to be collected, null where it cannot be known. */
const processStart = (pid: number): string | null => {
  try {
    // The name of the program, in parentheses, may contain anything.
    const [state = '', ...fields] = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
    return 'ZX'.includes(state) ? 'ended' : (fields[18] ?? null);
  } catch {
    return null;
  }
};
