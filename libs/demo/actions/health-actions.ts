import { inputSchema, textOf, type DemoAction } from '../demo-action.js';
import type { DemoState } from '../demo-state.js';
import { HealthMode } from '../health-cycle.js';

const SET_HEALTH_SCHEMA = inputSchema(
  {
    mode: {
      type: 'string',
      title: 'Health',
      description: 'The health the demo reports from now on.',
      enum: Object.keys(HealthMode),
      enumLabels: { AUTO: 'Automatic', UP: 'Up', DEGRADED: 'Degraded', DOWN: 'Down' },
      default: HealthMode.AUTO,
    },
    reason: { type: 'string', title: 'Reason', description: 'Shown next to the health.', maxLength: 200 },
  },
  ['mode'],
);

const isMode = (text: string): text is HealthMode => text in HealthMode;

/** Actions about the health of the demo; they call `onChange` when they change it. */
export const healthActions = (state: DemoState, onChange: () => void): readonly DemoAction[] => [
  {
    declaration: {
      name: 'runHealthCheck',
      label: 'Run health check',
      description: 'Checks the health and shows the result.',
      category: 'Health',
      order: 30,
    },
    handler: () => {
      const { status, message, details } = state.health.current();
      return {
        message: `The health is ${status}.`,
        data: { status, message: message ?? null, details: details ?? null },
      };
    },
  },
  {
    declaration: {
      name: 'setHealth',
      label: 'Set health',
      description: 'Sets the health, to see how the console shows it.',
      category: 'Health',
      order: 31,
      inputSchema: SET_HEALTH_SCHEMA,
      prepare: () => ({ initialPayload: { mode: state.health.mode }, currentState: { ...state.health.current() } }),
    },
    handler: ({ payload }) => {
      const mode = textOf(payload, 'mode', HealthMode.AUTO);
      state.health.choose(isMode(mode) ? mode : HealthMode.AUTO, textOf(payload, 'reason') || undefined);
      onChange();
      return { message: `The health is now ${state.health.current().status}.` };
    },
  },
];
