import type { ReportedConfigItem } from '#contracts';
import type { DemoState } from './demo-state.js';
import { LOW_STOCK_THRESHOLD } from './inventory.js';

/** Configuration that stays the same while the demo runs. */
const FIXED: readonly ReportedConfigItem[] = [
  {
    key: 'warehouse.location',
    label: 'Location',
    type: 'string',
    source: 'environment',
    valuePreview: 'Rotterdam',
    defaultValue: 'Rotterdam',
  },
  {
    key: 'stock.lowThreshold',
    label: 'Low stock below',
    type: 'number',
    source: 'default',
    valuePreview: LOW_STOCK_THRESHOLD,
    defaultValue: LOW_STOCK_THRESHOLD,
  },
  {
    key: 'stock.autoReorder',
    label: 'Reorder automatically',
    type: 'boolean',
    source: 'file',
    editable: true,
    valuePreview: false,
    defaultValue: true,
  },
  {
    key: 'database.password',
    label: 'Database password',
    type: 'string',
    source: 'environment',
    sensitive: true,
    secretRef: 'env:DEMO_DATABASE_PASSWORD',
  },
];

/** The configuration shown in the console; for sensitive items only the source of their value. */
export const demoConfigs = (state: DemoState): readonly ReportedConfigItem[] => [
  ...FIXED,
  {
    key: 'health.mode',
    label: 'Health mode',
    type: 'string',
    source: 'runtime',
    valuePreview: state.health.mode,
    defaultValue: 'AUTO',
  },
  {
    key: 'signing.key',
    label: 'Signing key',
    type: 'string',
    source: 'runtime',
    sensitive: true,
    secretRef: `memory:${state.keyId}`,
  },
];
