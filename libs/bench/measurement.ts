/** The limit a value must keep. */
export type Budget = { readonly atMost: number } | { readonly atLeast: number };

export type Unit = 'ms' | 's' | '/s' | 'µs' | 'KB' | 'MB' | '%' | '×' | '';

/** One measured number. */
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

/** The durations of many calls. */
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

  /** The percentile by nearest rank; NaN without values. */
  percentile(percent: number): number {
    this.#sorted ??= Float64Array.from(this.#values).sort();
    const rank = Math.max(1, Math.ceil((percent / 100) * this.#sorted.length));
    return this.#sorted[rank - 1] ?? Number.NaN;
  }

  /** p50, p95 and p99 as measurements, with their budgets. */
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
