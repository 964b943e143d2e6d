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

/** CPU time a process has used so far, all threads, user and system; null where the system does not tell. */
export const cpuSeconds = (pid: number): number | null => {
  const stat = read(pid, 'stat');
  if (stat === null) return null;
  // The name in the second field may hold blanks; it ends with the last parenthesis.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[UTIME]) + Number(fields[STIME])) / TICKS_PER_SECOND;
};

/** Memory a process holds now, in bytes; null where the system does not tell. */
export const residentBytes = (pid: number): number | null => {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(read(pid, 'status') ?? '')?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1_024;
};
