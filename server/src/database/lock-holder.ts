import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';

const holderFile = (file: string): string => `${file}.lock-holder`;

/** Notes beside the database who holds its lock, for the message of a process that is refused. */
export const noteLockHolder = (file: string): void => {
  const since = new Date(Date.now() - process.uptime() * 1000).toISOString();
  try {
    writeFileSync(holderFile(file), JSON.stringify({ pid: process.pid, host: hostname(), since }), { mode: 0o600 });
  } catch {
    // The lock itself holds without the note, also on a full disk.
  }
};

/** Removes the note. One that a crash left behind is never read: nobody is refused then. */
export const forgetLockHolder = (file: string): void => {
  rmSync(holderFile(file), { force: true });
};

/** `process 4711 on nas, since 2026-11-30T20:00:00.000Z`; null when it is not known. */
export const lockHolderOf = (file: string): string | null => {
  try {
    const { pid, host, since } = JSON.parse(readFileSync(holderFile(file), 'utf8')) as Record<string, unknown>;
    return `process ${String(pid)} on ${String(host)}, since ${String(since)}`;
  } catch {
    return null;
  }
};
