import { CapsuleAgent, FileTokenStore, type CapsuleAgentOptions } from '#agent';
import { exerciseActions } from './actions/exercise-actions.js';
import { healthActions } from './actions/health-actions.js';
import { indexActions } from './actions/index-actions.js';
import { inventoryActions } from './actions/inventory-actions.js';
import { maintenanceActions } from './actions/maintenance-actions.js';
import { textActions } from './actions/text-actions.js';
import type { DemoAction } from './demo-action.js';
import { demoConfigs } from './demo-configs.js';
import type { DemoState } from './demo-state.js';
import type { DemoSettings } from './settings.js';

const VERSION = '1.0.0';

/** All actions of the demo; they call `onChange` when they change what the agent reports. */
export const demoActions = (state: DemoState, onChange: () => void): readonly DemoAction[] => [
  ...textActions(state),
  ...inventoryActions(state),
  ...healthActions(state, onChange),
  ...maintenanceActions(state, onChange),
  ...indexActions(state),
  ...exerciseActions(),
];

/** Creates the demo's agent without starting it; `overrides` are for specs. */
export const createDemoAgent = (
  settings: DemoSettings,
  state: DemoState,
  overrides: Partial<CapsuleAgentOptions> = {},
): CapsuleAgent => {
  const agent = new CapsuleAgent({
    backendUrl: settings.backendUrl,
    registrationToken: settings.registrationToken,
    tokenStore: new FileTokenStore(settings.tokenFile),
    agent: { code: settings.agentCode, name: settings.agentName, version: VERSION },
    service: {
      code: 'demo-service',
      name: 'Demo Inventory',
      description: 'A small inventory for trying out the console.',
      version: VERSION,
      manifest: { labels: { env: 'demo', team: 'warehouse' }, capabilities: ['actions', 'configs', 'health'] },
    },
    ...overrides,
  });
  agent.health(() => state.health.current()).configs(() => demoConfigs(state));
  const refresh = (): void => {
    agent.refresh();
  };
  for (const { declaration, handler } of demoActions(state, refresh))
    agent.action(declaration, (context) => {
      state.count(declaration.name);
      return handler(context);
    });
  return agent;
};
