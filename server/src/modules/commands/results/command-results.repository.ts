import { Injectable } from '@nestjs/common';
import type { ObjectLiteral } from 'typeorm';
import type { CommandId } from '#contracts';
import { Database } from '../../../database/database.js';
import type { EntityColumns } from '../../../database/sql/entity-sql.js';
import type { Tx } from '../../../database/tx.js';
import { CommandProgressEntity } from './command-progress.entity.js';
import { CommandResultEntity } from './command-result.entity.js';

@Injectable()
export class CommandResultsRepository {
  readonly #result: EntityColumns<CommandResultEntity>;

  readonly #selectOfCommand: string;

  constructor(private readonly db: Database) {
    this.#result = db.columnsOf(CommandResultEntity, 'result');
    this.#selectOfCommand = `SELECT ${this.#result.list} FROM command_results result WHERE result.command_id = :commandId`;
  }

  async insert(result: CommandResultEntity, tx: Tx): Promise<void> {
    await tx.insert(CommandResultEntity, result);
  }

  async findByCommand(commandId: CommandId, tx?: Tx): Promise<CommandResultEntity | null> {
    const [row] = await this.db.query<Record<string, unknown>>(this.#selectOfCommand, { commandId }, tx);
    return row ? this.#result.read(row) : null;
  }

  /** Erases the one-time key if it is still there and has not expired; true for the only call that did. */
  async takeKey(commandId: CommandId, now: Date, tx: Tx): Promise<boolean> {
    const condition = 'command_id = :commandId AND sealed_key IS NOT NULL AND key_expires_at > :now';
    const parameters = { commandId, now: now.getTime() };
    return (await tx.update(CommandResultEntity, { sealedKey: null, keyExpiresAt: null }, condition, parameters)) > 0;
  }

  /** Erases keys that nobody asked for in time; returns how many. */
  eraseExpiredKeys(now: Date, tx: Tx): Promise<number> {
    const changes = { sealedKey: null, keyExpiresAt: null };
    return tx.update(CommandResultEntity, changes, 'key_expires_at <= :now', { now: now.getTime() });
  }
}

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
