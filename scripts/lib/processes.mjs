import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** The signals that ask a script to end. */
export const END_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const REPEAT_AFTER_MS = 1000;
const PARENT_CHECK_MS = 500;

/** Calls `onGone` when npm ends: it sends a SIGTERM only to its shell, and many shells end without forwarding it. */
const watchNpm = (onGone) => {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, PARENT_CHECK_MS);
  timer.unref();
};

/**
 * Starts a program in its own process group, so that a ctrl-C in the terminal reaches only this script, which then stops
 * the programs in the right order. `exited` resolves with the exit code, or 128 plus the number of the signal.
 */
export const launch = (program, args, options = {}) => {
  const isWindows = process.platform === 'win32';
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: !isWindows, ...options });
  const exited = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
  // A failure to start must not be an unhandled rejection before `exited` is awaited.
  exited.catch(() => undefined);
  return { child, exited, isRunning: () => child.exitCode === null && child.signalCode === null };
};

/**
 * Calls `onFirst(signal)` on the first request to end, and `onRepeat` on later ones. npm and the terminal often deliver
 * one ctrl-C twice, which counts as one.
 */
export const onEndRequest = (onFirst, onRepeat) => {
  let firstAt = null;
  const listener = (signal) => {
    if (firstAt === null) {
      firstAt = Date.now();
      onFirst(signal);
    } else if (Date.now() - firstAt > REPEAT_AFTER_MS) onRepeat();
  };
  for (const signal of END_SIGNALS) process.on(signal, listener);
  watchNpm(() => listener('SIGTERM'));
};

/** Runs a program and resolves with its exit code; forwards requests to end, a repeated one as SIGKILL. */
export const runInForeground = (program, args, options) => {
  const { child, exited } = launch(program, args, options);
  onEndRequest(
    // Closing the terminal should still let the program finish its work.
    (signal) => child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal),
    () => child.kill('SIGKILL'),
  );
  return exited;
};
