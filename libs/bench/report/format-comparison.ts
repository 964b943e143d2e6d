import type { Measurement } from '../measurement.js';
import { formatTable } from './format-table.js';
import { formatValue } from './format-value.js';
import type { Outcome } from './outcome.js';

const HEADINGS = ['scenario', 'metric', 'own', 'other', 'own / other'];

interface Pair {
  readonly scenario: string;
  readonly own: Measurement;
  readonly others: readonly number[];
  readonly owns: readonly number[];
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const valuesOf = (outcomes: readonly Outcome[], scenario: string, metric: string): readonly number[] =>
  outcomes
    .filter((outcome) => outcome.scenario.id === scenario)
    .flatMap(({ measurements }) => measurements.filter((one) => one.metric === metric).map(({ value }) => value));

/** The metrics both servers have, with the values of all turns. */
const pairsOf = (outcomes: readonly Outcome[]): readonly Pair[] => {
  const owns = outcomes.filter(({ target }) => target === 'own');
  const others = outcomes.filter(({ target }) => target !== 'own');
  const firsts = owns.filter(({ scenario }, index) => owns.findIndex((one) => one.scenario === scenario) === index);
  return firsts
    .flatMap(({ scenario, measurements }) =>
      measurements.map((own) => ({
        scenario: scenario.id,
        own,
        owns: valuesOf(owns, scenario.id, own.metric),
        others: valuesOf(others, scenario.id, own.metric),
      })),
    )
    .filter((pair) => pair.others.length > 0);
};

/** The means of all turns, and their ratios. */
export const formatComparison = (outcomes: readonly Outcome[]): string => {
  const rows = pairsOf(outcomes).map(({ scenario, own, owns, others }) => [
    scenario,
    own.metric,
    formatValue(mean(owns), own.unit),
    formatValue(mean(others), own.unit),
    formatValue(mean(owns) / mean(others), '×'),
  ]);
  const remarks = outcomes.flatMap(({ scenario, target, notes, failure }) =>
    [...(failure === null ? [] : [`FAILED: ${failure}`]), ...notes].map((note) => `${scenario.id}, ${target}: ${note}`),
  );
  return [formatTable(HEADINGS, rows, new Set(HEADINGS.slice(2))), '', ...remarks].join('\n');
};
