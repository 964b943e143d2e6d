import { Injectable } from '@nestjs/common';
import { secondsAfter } from '../../common/clock.js';
import { AppConfig } from '../../config/app-config.js';
import type { CommandEntity } from './command.entity.js';

/** How long a prepare waits for its agent, and its request for the answer: somebody looks at a form meanwhile. */
export const PREPARE_SECONDS = 30;

/** An agent stops a handler by its own clock; the server expires the command this much later, to hear about it first. */
const GRACE_SECONDS = 5;

/** The two clocks of a command, of which `expiresAt` shows the one in force: until a poll claims it, and from then on. */
@Injectable()
export class CommandClocks {
  constructor(private readonly config: AppConfig) {}

  /** Until when the command can be claimed. */
  waitsUntil({ type, createdAt }: Pick<CommandEntity, 'type' | 'createdAt'>): Date {
    return secondsAfter(createdAt, type === 'ACTION_PREPARE' ? PREPARE_SECONDS : this.config.commandTtlSeconds);
  }

  /** Until when a command that is claimed at `startedAt` can be answered. */
  runsUntil({ timeoutSeconds }: Pick<CommandEntity, 'timeoutSeconds'>, startedAt: Date): Date {
    return secondsAfter(startedAt, (timeoutSeconds ?? this.config.commandTtlSeconds) + GRACE_SECONDS);
  }
}
