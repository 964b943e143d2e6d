import type { AgentDescription, ReportedAction, ReportedService } from '#contracts';

let count = 0;

/** A code that is unique within this process. */
export const aCode = (prefix: string): string => `${prefix}-${(count += 1)}`;

export const anAgentDescription = (overrides: Partial<AgentDescription> = {}): AgentDescription => ({
  code: aCode('agent'),
  name: 'An agent',
  runtime: 'nodejs',
  version: '1.0.0',
  ...overrides,
});

export const anAction = (overrides: Partial<ReportedAction> = {}): ReportedAction => ({
  name: 'echo',
  label: 'Echo',
  inputSchema: {
    type: 'object',
    properties: { text: { type: 'string', maxLength: 100 } },
    required: ['text'],
    additionalProperties: false,
  },
  ...overrides,
});

export const aReportedService = (overrides: Partial<ReportedService> = {}): ReportedService => ({
  code: aCode('service'),
  name: 'A service',
  version: '1.0.0',
  runtime: 'nodejs',
  health: { status: 'UP' },
  actions: [anAction()],
  ...overrides,
});
