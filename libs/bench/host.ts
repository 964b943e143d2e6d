import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const SERVER_CORE = '0';
const LOAD_CORE = '1';
/** Files a process has open besides its agents' connections. */
const SPARE_FILES = 500;

/** How the machine is divided between the server and the load. */
export interface Cores {
  /** What precedes the server's command line. */
  readonly serverPrefix: readonly string[];
  /** A description for the report. */
  readonly description: string;
}

/** Pins the server to one core and this process, the load generator, to another, where the system supports it. */
export const divideCores = (): Cores => {
  if (availableParallelism() < 2) return undivided('there is only one core');
  const { status } = spawnSync('taskset', ['-a', '-c', '-p', LOAD_CORE, String(process.pid)]);
  if (status !== 0) return undivided('taskset is not available');
  return {
    serverPrefix: ['taskset', '-c', SERVER_CORE],
    description: `server pinned to core ${SERVER_CORE}, load to core ${LOAD_CORE}`,
  };
};

const undivided = (reason: string): Cores => ({
  serverPrefix: [],
  description: `server and load share the machine: ${reason}`,
});

/** The number of agents the open-file limit allows; the server has the same limit as this process. */
export const agentsWithinFileLimit = (): number => {
  try {
    const [, soft] = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === undefined ? Infinity : Math.max(1, Number(soft) - SPARE_FILES);
  } catch {
    return Infinity;
  }
};
