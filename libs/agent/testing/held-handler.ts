import type { ActionContext } from '../base/types.js';

/** A handler that runs until it is released or aborted. */
export const heldHandler = () => {
  const started: ActionContext[] = [];
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const handler = async (context: ActionContext) => {
    started.push(context);
    const aborted = new Promise((_, reject) => {
      context.signal.addEventListener('abort', () => {
        reject(context.signal.reason as Error);
      });
    });
    await Promise.race([ended, aborted]);
    return { done: true };
  };
  return {
    started,
    handler,
    end: () => {
      end();
    },
  };
};
