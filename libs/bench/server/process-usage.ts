import { readFileSync } from 'node:fs';

/** `USER_HZ`, which is 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const UTIME = 11;
const STIME = 12;

const read = (pid: number, file: string): string | null => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return null;
  }
};

/** Total CPU time of a process, user and system, over all threads; null when it cannot be read. */
export const cpuSeconds = (pid: number): number | null => {
  const stat = read(pid, 'stat');
  if (stat === null) return null;
  // The second field, the name, may contain blanks; it ends with the last parenthesis.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[UTIME]) + Number(fields[STIME])) / TICKS_PER_SECOND;
};

/** Resident memory of a process in bytes; null when it cannot be read. */
export const residentBytes = (pid: number): number | null => {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(read(pid, 'status') ?? '')?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1_024;
};
