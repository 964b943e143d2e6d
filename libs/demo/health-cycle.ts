import type { Health, HealthStatus } from '#contracts';

/** AUTO follows the cycle; any other mode stays until it is changed. */
export const HealthMode = { AUTO: 'AUTO', UP: 'UP', DEGRADED: 'DEGRADED', DOWN: 'DOWN' } as const;
export type HealthMode = keyof typeof HealthMode;

const UP_SECONDS = 180;
const DEGRADED_SECONDS = 60;

/** The health of the demo: alternately UP for three minutes and DEGRADED for one, unless an operator sets it. */
export class HealthCycle {
  private readonly startedAt: number;
  private chosen: HealthMode = 'AUTO';
  private reason: string | undefined;

  constructor(private readonly now: () => Date) {
    this.startedAt = now().getTime();
  }

  get mode(): HealthMode {
    return this.chosen;
  }

  /** Sets the health from now on. */
  choose(mode: HealthMode, reason?: string): void {
    this.chosen = mode;
    this.reason = reason;
  }

  /** The current health. */
  current(): Health {
    const status = this.chosen === 'AUTO' ? this.cycleStatus() : this.chosen;
    return { status, message: this.reason ?? MESSAGES[status], details: { mode: this.chosen } };
  }

  private cycleStatus(): 'UP' | 'DEGRADED' {
    const seconds = (this.now().getTime() - this.startedAt) / 1000;
    return seconds % (UP_SECONDS + DEGRADED_SECONDS) < UP_SECONDS ? 'UP' : 'DEGRADED';
  }
}

const MESSAGES: Readonly<Record<Exclude<HealthStatus, 'UNKNOWN'>, string>> = {
  UP: 'All shelves are in order.',
  DEGRADED: 'Stocktaking: responses are slow.',
  DOWN: 'The warehouse is closed.',
};
