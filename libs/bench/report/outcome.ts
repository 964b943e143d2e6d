import { isMet, type Measurement } from '../measurement.js';
import type { Scenario } from '../scenario.js';
import type { Share } from './where-time-went.js';

/** The outcome of one scenario on one server. */
export interface Outcome {
  readonly scenario: Scenario;
  readonly target: string;
  readonly measurements: readonly Measurement[];
  readonly notes: readonly string[];
  /** Why it failed; null when it succeeded. */
  readonly failure: string | null;
  /** Where the server spent its time, if a profile was requested: titles and shares. */
  readonly profile: ReadonlyMap<string, readonly Share[]> | null;
}

/** One line of JSON. */
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
