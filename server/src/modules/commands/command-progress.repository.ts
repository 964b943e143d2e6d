import { Injectable } from '@nestjs/common';
import type { ObjectLiteral } from 'typeorm';
import type { CommandId } from '#contracts';
import { Database } from '../../database/database.js';
import type { Tx } from '../../database/tx.js';
import { CommandProgressEntity } from './command-progress.entity.js';

@Injectable()
export class CommandProgressRepository {
  constructor(private readonly db: Database) {}

  findByCommand(commandId: CommandId, tx?: Tx): Promise<CommandProgressEntity | null> {
    return this.db.manager(tx).findOneBy(CommandProgressEntity, { commandId });
  }

  /** Stores the progress in place of what was known. */
  async put(progress: CommandProgressEntity, tx: Tx): Promise<void> {
    await tx.manager.upsert<ObjectLiteral>(CommandProgressEntity, progress, ['commandId']);
  }
}
