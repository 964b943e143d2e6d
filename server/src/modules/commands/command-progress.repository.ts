import { Injectable } from '@nestjs/common';
import type { ObjectLiteral } from 'typeorm';
import type { CommandId } from '#contracts';
import { Database } from '../../database/database.js';
import type { EntityColumns } from '../../database/entity-sql.js';
import type { Tx } from '../../database/tx.js';
import { CommandProgressEntity } from './command-progress.entity.js';

@Injectable()
export class CommandProgressRepository {
  readonly #progress: EntityColumns<CommandProgressEntity>;

  readonly #selectOfCommand: string;

  constructor(private readonly db: Database) {
    this.#progress = db.columnsOf(CommandProgressEntity, 'progress');
    this.#selectOfCommand = `SELECT ${this.#progress.list} FROM command_progress progress WHERE progress.command_id = :commandId`;
  }

  async findByCommand(commandId: CommandId, tx?: Tx): Promise<CommandProgressEntity | null> {
    const [row] = await this.db.query<Record<string, unknown>>(this.#selectOfCommand, { commandId }, tx);
    return row ? this.#progress.read(row) : null;
  }

  /** Stores the progress in place of what was known. */
  async put(progress: CommandProgressEntity, tx: Tx): Promise<void> {
    await tx.manager.upsert<ObjectLiteral>(CommandProgressEntity, progress, ['commandId']);
  }
}
