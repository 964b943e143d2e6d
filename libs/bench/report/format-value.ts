import { isMet, type Budget, type Measurement, type Unit } from '../measurement.js';

/** A number with its unit, rounded to its significant digits. */
export const formatValue = (value: number, unit: Unit): string => {
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  const number = value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return unit === '/s' || unit === '' ? number + unit : `${number} ${unit}`;
};

/** A budget as a condition; empty without one. */
export const formatBudget = (budget: Budget | undefined, unit: Unit): string => {
  if (!budget) return '';
  return 'atMost' in budget ? `<= ${formatValue(budget.atMost, unit)}` : `>= ${formatValue(budget.atLeast, unit)}`;
};

/** Whether the budget is met, in a word; empty without one. */
export const formatMet = (measurement: Measurement): string => {
  const met = isMet(measurement);
  if (met === null) return '';
  return met ? 'yes' : 'NO';
};
