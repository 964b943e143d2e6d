import { Injectable } from '@nestjs/common';
import type { CommandId } from '#contracts';
import type { CommandResultEntity } from './command-result.entity.js';
import { CommandResultsRepository } from './command-results.repository.js';
import type { CommandEntity } from './command.entity.js';
import { commandNotFound } from './command.errors.js';
import { CommandsRepository } from './commands.repository.js';

export interface CommandWithResult {
  readonly command: CommandEntity;
  readonly result: CommandResultEntity | null;
}

@Injectable()
export class CommandReader {
  constructor(
    private readonly commands: CommandsRepository,
    private readonly results: CommandResultsRepository,
  ) {}

  /** @throws COMMAND_NOT_FOUND */
  async get(id: CommandId): Promise<CommandWithResult> {
    const command = await this.commands.findShown(id);
    if (!command) throw commandNotFound(id);
    return { command, result: await this.results.findByCommand(id) };
  }
}
