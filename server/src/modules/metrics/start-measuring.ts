import { collectDefaultMetrics, type Registry } from 'prom-client';
import type { Metrics } from '../../common/metrics/metrics.js';
import type { ChangeFeed } from '../changes/change-feed.js';
import { countCommands } from './command-counts.js';
import { addGauges, type GaugeSources } from './gauges.js';
import { Measurements } from './measurements.js';

/** What is measured. */
export interface Measuring {
  readonly registry: Registry;
  stop(): void;
}

interface Sources extends GaugeSources {
  readonly metrics: Metrics;
  readonly changes: ChangeFeed;
}

/** Begins to measure; costs a little from then on. */
export const startMeasuring = ({ metrics, changes, ...sources }: Sources): Measuring => {
  const measurements = new Measurements();
  const { registry } = measurements;
  collectDefaultMetrics({ register: registry });
  metrics.observe(measurements);
  sources.db.writes.observe(measurements);
  addGauges(registry, sources);
  return { registry, stop: countCommands(measurements.commands, changes) };
};
