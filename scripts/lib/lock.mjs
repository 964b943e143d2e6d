import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './entry.mjs';
import { inProject } from './project.mjs';

const LOCK = inProject('dist', 'preparing.pid');
const POLL_MS = 250;

const release = () => rmSync(LOCK, { force: true });

/** Whether this process got the lock. Linking a complete file is atomic: the first process wins. */
const take = () => {
  const draft = `${LOCK}.${process.pid}`;
  mkdirSync(inProject('dist'), { recursive: true });
  writeFileSync(draft, String(process.pid));
  try {
    linkSync(draft, LOCK);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
};

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** The process that holds the lock, or null when it no longer runs. */
const holder = () => {
  try {
    const pid = Number(readFileSync(LOCK, 'utf8'));
    return isAlive(pid) ? pid : null;
  } catch {
    return null;
  }
};

/** Runs `work` under a mutex with other scripts that install or build: `start` and `demo` may be started together. */
export const withLock = async (work) => {
  let isAnnounced = false;
  while (!take()) {
    const pid = holder();
    if (pid === null) release();
    else if (!isAnnounced) say(`Waiting for process ${pid} to finish installing and building…`);
    isAnnounced = pid !== null;
    await sleep(POLL_MS);
  }
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.removeListener('exit', release);
    release();
  }
};
