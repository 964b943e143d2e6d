import type { AgentCommand } from '#contracts';
import type { AgentLog } from './agent-log.js';
import { jittered } from './backoff.js';
import type { Cadence } from './cadence.js';
import type { CommandRunner } from './command-runner.js';
import { Loop } from './loop.js';
import type { Presence } from './presence.js';
import { Recovery } from './recovery.js';
import type { WireClient } from './wire-client.js';

/** What the wire allows in one poll. */
const MAX_COMMANDS_PER_POLL = 10;

export interface CommandPollerOptions {
  readonly wire: WireClient;
  readonly presence: Presence;
  readonly runner: CommandRunner;
  readonly cadence: Cadence;
  readonly log: AgentLog;
}

/** Fetches commands, never more than can start at once. */
export class CommandPoller {
  private readonly loop: Loop;
  private readonly recovery: Recovery;

  constructor(private readonly options: CommandPollerOptions) {
    this.recovery = new Recovery('Fetching commands', options.cadence, options.log);
    this.loop = new Loop(
      (stopping) => this.step(stopping),
      (error) => this.failed(error),
    );
  }

  start(): void {
    this.loop.start();
  }

  /** Lets a poll that is under way end: commands it fetches are this agent's to answer. */
  stop(): Promise<void> {
    return this.loop.stop();
  }

  private async step(stopping: AbortSignal): Promise<number> {
    const { wire, presence, runner, cadence } = this.options;
    await presence.online.opened(stopping);
    await runner.room.opened(stopping);
    if (stopping.aborted) return 0;
    const limit = Math.min(runner.freeSlots, MAX_COMMANDS_PER_POLL);
    const commands = await wire.pollCommands(limit);
    this.recovery.succeeded();
    const fresh = commands.filter((command) => runner.accept(complete(command)));
    // As many as asked for: there may be more.
    return fresh.length >= limit ? 0 : jittered(cadence.pollSeconds);
  }

  private failed(error: unknown): number {
    if (!this.options.presence.doubt(error)) this.recovery.report(error);
    return this.recovery.secondsAfter(error);
  }
}

/** Handlers count on a payload; servers may leave an empty one out. */
const complete = (command: Partial<AgentCommand>): AgentCommand =>
  ({ ...command, payload: command.payload ?? {} }) as AgentCommand;
