import { Injectable } from '@nestjs/common';
import type { CommandDurations } from '#contracts';
import { Clock } from '../../common/time/clock.js';
import { CommandsRepository } from './commands.repository.js';

const SAMPLE = 1_000;
const TOP_ERRORS = 10;

/** The value below which `share` of the sorted values lie (nearest rank); null of none. */
export const percentile = (sorted: readonly number[], share: number): number | null =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;

/** Figures about commands. */
@Injectable()
export class CommandMetrics {
  constructor(
    private readonly commands: CommandsRepository,
    private readonly clock: Clock,
  ) {}

  /** Of the newest commands that an agent answered. */
  async durations(): Promise<CommandDurations> {
    const sorted = (await this.commands.newestDurationsMs(SAMPLE)).sort((a, b) => a - b);
    const sum = sorted.reduce((total, one) => total + one, 0);
    return {
      sampleSize: sorted.length,
      p50Ms: percentile(sorted, 0.5),
      p95Ms: percentile(sorted, 0.95),
      maxMs: sorted.at(-1) ?? null,
      meanMs: sorted.length === 0 ? null : Math.round(sum / sorted.length),
    };
  }

  /** The most frequent error codes first. */
  topErrors(): Promise<{ errorCode: string; count: number }[]> {
    return this.commands.topErrors(TOP_ERRORS);
  }

  async oldestPendingSeconds(): Promise<number | null> {
    const oldest = await this.commands.oldestPendingAt();
    return oldest && Math.max(0, Math.round((this.clock.now().getTime() - oldest.getTime()) / 1000));
  }
}
