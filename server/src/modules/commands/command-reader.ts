import { Injectable } from '@nestjs/common';
import type { CommandId } from '#contracts';
import type { CommandProgressEntity } from './command-progress.entity.js';
import { CommandProgressRepository } from './command-progress.repository.js';
import type { CommandResultEntity } from './command-result.entity.js';
import { CommandResultsRepository } from './command-results.repository.js';
import type { CommandEntity } from './command.entity.js';
import { commandNotFound } from './command.errors.js';
import { CommandsRepository } from './commands.repository.js';

/** A command with all that belongs to it. */
export interface WholeCommand {
  readonly command: CommandEntity;
  readonly result: CommandResultEntity | null;
  readonly progress: CommandProgressEntity | null;
}

@Injectable()
export class CommandReader {
  constructor(
    private readonly commands: CommandsRepository,
    private readonly results: CommandResultsRepository,
    private readonly progress: CommandProgressRepository,
  ) {}

  /** @throws COMMAND_NOT_FOUND */
  async get(id: CommandId): Promise<WholeCommand> {
    const command = await this.commands.findShown(id);
    if (!command) throw commandNotFound(id);
    const result = await this.results.findByCommand(id);
    return { command, result, progress: await this.progress.findByCommand(id) };
  }
}
