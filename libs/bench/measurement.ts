/** What a value must be, to be within its budget. */
export type Budget = { readonly atMost: number } | { readonly atLeast: number };

export type Unit = 'ms' | 's' | '/s' | 'µs' | 'KB' | 'MB' | '%' | '×' | '';

/** One number that a scenario found. */
export interface Measurement {
  readonly metric: string;
  readonly value: number;
  readonly unit: Unit;
  readonly budget?: Budget;
}

/** Whether a value is within its budget; null without one. */
export const isMet = ({ value, budget }: Measurement): boolean | null => {
  if (!budget) return null;
  return 'atMost' in budget ? value <= budget.atMost : value >= budget.atLeast;
};

/** How long each of many calls took. */
export class Latencies {
  readonly #values: number[] = [];
  #sorted: Float64Array | null = null;

  add(ms: number): void {
    this.#values.push(ms);
    this.#sorted = null;
  }

  get count(): number {
    return this.#values.length;
  }

  /** The smallest value that at least `percent` of all are not above (nearest rank); NaN of none. */
  percentile(percent: number): number {
    this.#sorted ??= Float64Array.from(this.#values).sort();
    const rank = Math.max(1, Math.ceil((percent / 100) * this.#sorted.length));
    return this.#sorted[rank - 1] ?? Number.NaN;
  }

  /** p50, p95 and p99 under these names, with the budgets there are for them. */
  summary(
    name: string,
    budgets: { readonly p50?: number; readonly p95?: number; readonly p99?: number } = {},
  ): Measurement[] {
    const one = (percent: number, budget: number | undefined): Measurement => ({
      metric: `${name} p${percent}`.trim(),
      value: this.percentile(percent),
      unit: 'ms',
      ...(budget !== undefined && { budget: { atMost: budget } }),
    });
    return [one(50, budgets.p50), one(95, budgets.p95), one(99, budgets.p99)];
  }
}
