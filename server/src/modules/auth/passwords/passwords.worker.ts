import { parentPort } from 'node:worker_threads';
import { hashSync, type Options, verifySync } from '@node-rs/argon2';

/** Hash the password with these parameters, or check it against a hash. */
type Task = { readonly password: string } & ({ readonly parameters: Options } | { readonly hash: string });

const answerTo = (task: Task): string | boolean =>
  'hash' in task ? verifySync(task.hash, task.password) : hashSync(task.password, task.parameters);

// A thread of its own. It imports no other file of ours: in the tests Node itself reads it.
parentPort?.on('message', (task: Task) => {
  try {
    parentPort?.postMessage({ answer: answerTo(task) });
  } catch (error) {
    parentPort?.postMessage({ fault: (error as Error).message });
  }
});
