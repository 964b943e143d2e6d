import { inputSchema, numberOf, textOf, type DemoAction } from '../demo-action.js';
import type { DemoState } from '../demo-state.js';

const STYLES: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  upper: (text) => text.toUpperCase(),
  reversed: (text) => Array.from(text).reverse().join(''),
};

const ECHO_SCHEMA = inputSchema(
  {
    text: { type: 'string', title: 'Text', description: 'The text to return.', minLength: 1, maxLength: 500 },
    repeat: { type: 'integer', title: 'Repeat', description: 'How many times.', minimum: 1, maximum: 10, default: 1 },
    style: {
      type: 'string',
      title: 'Style',
      enum: Object.keys(STYLES),
      enumLabels: { plain: 'Unchanged', upper: 'In capitals', reversed: 'Reversed' },
      default: 'plain',
    },
  },
  ['text'],
);

/** Actions without effects: the first ones to try. */
export const textActions = (state: DemoState): readonly DemoAction[] => [
  {
    declaration: {
      name: 'echo',
      label: 'Echo',
      description: 'Returns the given text.',
      category: 'Basics',
      order: 10,
      inputSchema: ECHO_SCHEMA,
      prepare: () => ({
        initialPayload: { text: 'Hello from the demo', repeat: 1, style: 'plain' },
        currentState: { echoes: state.counters.echo ?? 0 },
      }),
    },
    handler: ({ payload }) => {
      const style = STYLES[textOf(payload, 'style', 'plain')] ?? ((text: string) => text);
      const line = style(textOf(payload, 'text'));
      const text = Array.from({ length: numberOf(payload, 'repeat', 1) }, () => line).join('\n');
      return { message: 'Echoed.', data: { text, length: text.length } };
    },
  },
];
