import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const REPEAT_AFTER_MS = 1000;
const PARENT_CHECK_MS = 500;

/** Calls `onGone` when npm ends: it hands a SIGTERM to its shell only, and many a shell ends without handing it on. */
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
 * Starts a program in a process group of its own, so that a ctrl-C in the terminal reaches only who started it, who then
 * ends what runs in the right order. `exited` resolves with its exit code, 128 + number if a signal ended it.
 */
export const launch = (program, args, options = {}) => {
  const isWindows = process.platform === 'win32';
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: !isWindows, ...options });
  const exited = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
  // Whoever waits for `exited` is told; until somebody does, a program that cannot be started must not end this one.
  exited.catch(() => undefined);
  return { child, exited, isRunning: () => child.exitCode === null && child.signalCode === null };
};

/**
 * Calls `onFirst(signal)` when this process is asked to end, and `onRepeat` when it is asked again later. npm and the
 * terminal often deliver the same ctrl-C twice: that counts as one.
 */
export const onEndRequest = (onFirst, onRepeat) => {
  let firstAt = null;
  const listener = (signal) => {
    if (firstAt === null) {
      firstAt = Date.now();
      onFirst(signal);
    } else if (Date.now() - firstAt > REPEAT_AFTER_MS) onRepeat();
  };
  for (const signal of SIGNALS) process.on(signal, listener);
  watchNpm(() => listener('SIGTERM'));
};

/** Runs a program until it ends and answers with its exit code; hands on requests to end, a repeated one with force. */
export const runInForeground = (program, args, options) => {
  const { child, exited } = launch(program, args, options);
  onEndRequest(
    // A terminal that is closed is no reason to end without finishing what is under way.
    (signal) => child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal),
    () => child.kill('SIGKILL'),
  );
  return exited;
};
