import { Injectable } from '@nestjs/common';
import type { CommandId } from '#contracts';
import { Database } from '../../../database/database.js';
import type { Tx } from '../../../database/tx.js';
import { CommandProgressEntity } from './command-progress.entity.js';
import { CommandResultEntity } from './command-result.entity.js';

/** What agents reported about commands: one result and one progress each. */
@Injectable()
export class CommandResultsRepository {
  constructor(private readonly db: Database) {}

  async insert(result: CommandResultEntity, tx: Tx): Promise<void> {
    await tx.insert(CommandResultEntity, result);
  }

  findByCommand(commandId: CommandId, tx?: Tx): Promise<CommandResultEntity | null> {
    return this.db.findOne(CommandResultEntity, 'command_id = :commandId', { commandId }, tx);
  }

  /** Erases the one-time key if it is still there and has not expired; true for the one call that did. */
  async takeKey(commandId: CommandId, now: Date, tx: Tx): Promise<boolean> {
    const condition = 'command_id = :commandId AND sealed_key IS NOT NULL AND key_expires_at > :now';
    const parameters = { commandId, now: now.getTime() };
    return (await tx.update(CommandResultEntity, { sealedKey: null, keyExpiresAt: null }, condition, parameters)) > 0;
  }

  /** Erases one-time keys that have expired; returns how many. None lives on beyond `latest`. */
  async eraseExpiredKeys(now: Date, latest: Date, tx: Tx): Promise<number> {
    const isTooLate = 'key_expires_at > :latest';
    await tx.update(CommandResultEntity, { keyExpiresAt: latest }, isTooLate, { latest: latest.getTime() });
    const changes = { sealedKey: null, keyExpiresAt: null };
    return tx.update(CommandResultEntity, changes, 'key_expires_at <= :now', { now: now.getTime() });
  }

  findProgress(commandId: CommandId, tx?: Tx): Promise<CommandProgressEntity | null> {
    return this.db.findOne(CommandProgressEntity, 'command_id = :commandId', { commandId }, tx);
  }

  /** Stores the progress in place of the previous one. */
  async putProgress(progress: CommandProgressEntity, tx: Tx): Promise<void> {
    await tx.upsert(CommandProgressEntity, progress);
  }
}
