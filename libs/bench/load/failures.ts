/** Counts failures by message. */
export class Failures {
  readonly #counts = new Map<string, number>();

  add(error: unknown): void {
    const message = (error as Error).message;
    this.#counts.set(message, (this.#counts.get(message) ?? 0) + 1);
  }

  get count(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** The messages and their counts, as text. */
  toString(): string {
    return [...this.#counts].map(([message, count]) => `${count}× ${message}`).join(', ');
  }
}
