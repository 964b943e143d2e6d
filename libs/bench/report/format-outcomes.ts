import { formatTable } from './format-table.js';
import { formatBudget, formatMet, formatValue } from './format-value.js';
import type { Outcome } from './outcome.js';
import type { Share } from './where-time-went.js';

const HEADINGS = ['scenario', 'metric', 'measured', 'budget', 'met'];
const RIGHT = new Set(['measured', 'budget']);

const rowsOf = ({ scenario, measurements, failure }: Outcome): readonly (readonly string[])[] =>
  failure === null
    ? measurements.map((one, index) => [
        index === 0 ? scenario.id : '',
        one.metric,
        formatValue(one.value, one.unit),
        formatBudget(one.budget, one.unit),
        formatMet(one),
      ])
    : [[scenario.id, 'FAILED', '', '', 'NO']];

const remarksOf = ({ scenario, notes, failure }: Outcome): readonly string[] =>
  [...(failure === null ? [] : [`FAILED: ${failure}`]), ...notes].map((note) => `${scenario.id}: ${note}`);

const shares = (title: string, list: readonly Share[]): string =>
  [title, ...list.map(({ place, percent }) => `  ${percent.toFixed(1).padStart(5)} %  ${place}`)].join('\n');

/** The report: the numbers, the notes, and the profiles if requested. */
export const formatOutcomes = (outcomes: readonly Outcome[]): string => {
  const table = formatTable(HEADINGS, outcomes.flatMap(rowsOf), RIGHT);
  const remarks = outcomes.flatMap(remarksOf);
  const profiles = outcomes.flatMap(({ scenario, profile }) =>
    [...(profile ?? [])].map(([title, list]) => shares(`\n${scenario.id}: busy time of the server ${title}`, list)),
  );
  return [table, '', ...remarks, ...profiles].join('\n');
};
