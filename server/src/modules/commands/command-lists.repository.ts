import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import type { CommandStatus } from '#contracts';
import { Database } from '../../database/database.js';
import { applyFilter, type CommandFilter } from './command-filter.js';
import { CommandEntity } from './command.entity.js';

/** How many commands of one status were created in one stretch of time. */
export interface StatusCount {
  /** When the stretch begins, in multiples of its width. */
  readonly stretch: number | string;
  readonly status: CommandStatus;
  readonly count: number | string;
}

/** How long the answered commands took that were created in one stretch of time. */
export interface StretchDurations {
  readonly stretch: number | string;
  readonly answered: number | string;
  readonly p50: number | string;
  readonly p95: number | string;
}

/** Counts commands over time, beside the serving thread. */
@Injectable()
export class CommandSummaryRepository {
  constructor(private readonly db: Database) {}

  countByStatus(filter: CommandFilter, stretchMs: number): Promise<readonly StatusCount[]> {
    const query = this.#stretches(filter, stretchMs)
      .addSelect('command.status', 'status')
      .addSelect('COUNT(*)', 'count')
      .groupBy('1, 2');
    return this.db.queryAside<StatusCount>(...query.getQueryAndParameters());
  }

  /** By nearest rank: the value at or below which half, or 95 of a hundred, of the durations lie. */
  durations(filter: CommandFilter, stretchMs: number): Promise<readonly StretchDurations[]> {
    const [answered, values] = this.#stretches(filter, stretchMs)
      .addSelect('command.completed_at - command.started_at', 'duration')
      .andWhere(`command.status IN ('SUCCEEDED', 'FAILED') AND command.started_at IS NOT NULL`)
      .getQueryAndParameters();
    const ranked = `
      SELECT stretch, duration, COUNT(*) OVER (PARTITION BY stretch) AS answered,
        ROW_NUMBER() OVER (PARTITION BY stretch ORDER BY duration) AS place
      FROM (${answered}) one`;
    const sql = `
      SELECT stretch, answered,
        MIN(CASE WHEN place * 100 >= answered * 50 THEN duration END) AS p50,
        MIN(CASE WHEN place * 100 >= answered * 95 THEN duration END) AS p95
      FROM (${ranked}) ranked GROUP BY stretch, answered`;
    return this.db.queryAside<StretchDurations>(sql, values);
  }

  #stretches(filter: CommandFilter, stretchMs: number): SelectQueryBuilder<CommandEntity> {
    const commands = this.db.manager().createQueryBuilder(CommandEntity, 'command');
    // A whole number of ours: a parameter would count as another expression wherever it is repeated.
    commands.select(`command.created_at / ${Math.trunc(stretchMs)}`, 'stretch');
    return applyFilter(commands, this.db.kind, filter);
  }
}
