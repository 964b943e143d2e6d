import { HealthCycle } from './health-cycle.js';
import { Inventory } from './inventory.js';

/** The state of the demo, in memory. */
export class DemoState {
  readonly inventory: Inventory;
  readonly health: HealthCycle;
  private readonly runs = new Map<string, number>();
  private keyNumber = 1;

  constructor(now: () => Date = () => new Date()) {
    this.inventory = new Inventory(now);
    this.health = new HealthCycle(now);
  }

  /** Number of runs of each action since the last reset. */
  get counters(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.runs);
  }

  /** Counts one run of an action. */
  count(action: string): void {
    this.runs.set(action, (this.runs.get(action) ?? 0) + 1);
  }

  resetCounters(): void {
    this.runs.clear();
  }

  /** The name of the current signing key; the key itself is not stored. */
  get keyId(): string {
    return `key_${this.keyNumber}`;
  }

  /** Switches to a new key and returns its name. */
  nextKey(): string {
    this.keyNumber += 1;
    return this.keyId;
  }
}
