import { isMet, type Measurement } from '../measurement.js';
import type { Scenario } from '../scenario.js';
import type { Share } from './where-time-went.js';

/** What became of one scenario on one server. */
export interface Outcome {
  readonly scenario: Scenario;
  readonly target: string;
  readonly measurements: readonly Measurement[];
  readonly notes: readonly string[];
  /** Why there are no numbers; null when there are. */
  readonly failure: string | null;
  /** Where the time of the server went, if that was asked for: titles and shares. */
  readonly profile: ReadonlyMap<string, readonly Share[]> | null;
}

/** One line for machines. */
export const toJsonLine = ({ scenario, target, measurements, notes, failure }: Outcome): string =>
  JSON.stringify({
    scenario: scenario.id,
    target,
    metrics: Object.fromEntries(
      measurements.map((one) => [
        one.metric,
        { value: one.value, unit: one.unit, ...one.budget, ...(one.budget && { met: isMet(one) }) },
      ]),
    ),
    notes,
    ...(failure !== null && { failure }),
  });
