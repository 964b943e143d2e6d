import { HealthCycle } from './health-cycle.js';
import { Inventory } from './inventory.js';

/** All that the demo keeps, in memory. */
export class DemoState {
  readonly inventory: Inventory;
  readonly health: HealthCycle;
  private readonly runs = new Map<string, number>();
  private keyNumber = 1;

  constructor(now: () => Date = () => new Date()) {
    this.inventory = new Inventory(now);
    this.health = new HealthCycle(now);
  }

  /** How often each action ran since the counters were last reset. */
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

  /** Names the signing key in use; the key itself is kept nowhere. */
  get keyId(): string {
    return `key_${this.keyNumber}`;
  }

  /** Puts another key in use and answers with its name. */
  nextKey(): string {
    this.keyNumber += 1;
    return this.keyId;
  }
}
