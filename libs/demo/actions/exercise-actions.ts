import { setTimeout as sleep } from 'node:timers/promises';
import { inputSchema, numberOf, textOf, type DemoAction } from '../demo-action.js';

const SLOW_TASK_SCHEMA = inputSchema(
  { seconds: { type: 'integer', title: 'Seconds', minimum: 1, maximum: 60, default: 10 } },
  ['seconds'],
);

const FAILING_TASK_SCHEMA = inputSchema({
  reason: {
    type: 'string',
    title: 'Reason',
    description: 'The error message.',
    maxLength: 200,
    default: 'This task always fails.',
  },
});

/** Actions that show long-running and failing commands in the console. */
export const exerciseActions = (): readonly DemoAction[] => [
  {
    declaration: {
      name: 'slowTask',
      label: 'Slow task',
      description: 'Takes the given time. It stops immediately when cancelled.',
      category: 'Exercises',
      order: 50,
      timeoutSeconds: 90,
      inputSchema: SLOW_TASK_SCHEMA,
      prepare: () => ({ initialPayload: { seconds: 10 } }),
    },
    handler: async ({ payload, signal, log }) => {
      const seconds = numberOf(payload, 'seconds', 10);
      log('The slow task has started.', { seconds });
      await sleep(seconds * 1000, undefined, { signal });
      return { message: `Worked for ${seconds} seconds.`, data: { seconds } };
    },
  },
  {
    declaration: {
      name: 'failingTask',
      label: 'Failing task',
      description: 'Always fails.',
      category: 'Exercises',
      order: 51,
      inputSchema: FAILING_TASK_SCHEMA,
    },
    handler: ({ payload }) => {
      const reason = textOf(payload, 'reason', 'This task always fails.');
      throw Object.assign(new Error(reason), { code: 'DEMO_FAILURE' });
    },
  },
];
