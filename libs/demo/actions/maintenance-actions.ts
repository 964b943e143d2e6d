import { randomBytes } from 'node:crypto';
import { inputSchema, type DemoAction } from '../demo-action.js';
import type { DemoState } from '../demo-state.js';

const ROTATE_KEY_SCHEMA = inputSchema(
  {
    currentPassphrase: {
      type: 'string',
      title: 'Current passphrase',
      description: 'This demo accepts any text. It is neither stored nor logged.',
      format: 'password',
      minLength: 1,
    },
  },
  ['currentPassphrase'],
);

const resetCounters = (state: DemoState): DemoAction => ({
  declaration: {
    name: 'resetCounters',
    label: 'Reset counters',
    description: 'Resets all action counters to zero. This cannot be undone.',
    category: 'Maintenance',
    order: 40,
    dangerLevel: 'HIGH',
    requiresConfirmation: true,
    prepare: () => ({ currentState: { counters: state.counters } }),
  },
  handler: ({ log }) => {
    const before = state.counters;
    state.resetCounters();
    log('The counters were reset.');
    return { message: 'All counters are zero.', data: { before } };
  },
});

const rotateKey = (state: DemoState, onChange: () => void): DemoAction => ({
  declaration: {
    name: 'rotateKey',
    label: 'Rotate signing key',
    description: 'Generates a new signing key and shows it once, to the operator who requested it.',
    category: 'Maintenance',
    order: 41,
    dangerLevel: 'MEDIUM',
    requiresConfirmation: true,
    inputSchema: ROTATE_KEY_SCHEMA,
    prepare: () => ({ currentState: { keyId: state.keyId } }),
  },
  handler: () => {
    const keyId = state.nextKey();
    onChange();
    const generatedKey = `demo_${randomBytes(24).toString('base64url')}`;
    return { message: `The current key is now ${keyId}.`, data: { generatedKey, keyId } };
  },
});

/** Actions that need confirmation; they call `onChange` when they change the configuration. */
export const maintenanceActions = (state: DemoState, onChange: () => void): readonly DemoAction[] => [
  resetCounters(state),
  rotateKey(state, onChange),
];
