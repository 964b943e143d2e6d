import type { AgentCommand } from '#contracts';
import type { AgentLog } from './agent-log.js';
import { jittered } from './backoff.js';
import type { Cadence } from './cadence.js';
import type { CommandRunner } from './command-runner.js';
import { Loop } from './loop.js';
import type { Presence } from './presence.js';
import { Recovery } from './recovery.js';
import { timeLimit } from './waiting.js';
import type { Poll, WireClient } from './wire-client.js';

/** What the wire allows in one poll. */
const MAX_COMMANDS_PER_POLL = 10;
/** A poll that came back empty after less than this part of its time was answered early on purpose. */
const WHOLE_TIME = 0.9;
/** So many polls in a row that were hardly held, and the server is taken not to hold them. */
const HASTY_POLLS = 3;

export interface CommandPollerOptions {
  readonly wire: WireClient;
  readonly presence: Presence;
  readonly runner: CommandRunner;
  readonly cadence: Cadence;
  readonly log: AgentLog;
}

/** Fetches commands, never more than can start at once: by polls the server holds open, or else at intervals. */
export class CommandPoller {
  private readonly loop: Loop;
  private readonly recovery: Recovery;
  private hastyPolls = 0;

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

  /**
   * Lets a poll that is under way end: commands it fetches are this agent's to answer. One that is held is given up:
   * the server keeps what it has not delivered.
   */
  stop(): Promise<void> {
    return this.loop.stop();
  }

  private async step(stopping: AbortSignal): Promise<number> {
    const { presence, runner, cadence } = this.options;
    await presence.online.opened(stopping);
    if (!runner.room.isOpen) await this.waitForRoom(stopping);
    if (stopping.aborted || !presence.online.isOpen || !runner.room.isOpen) return 0;
    const limit = Math.min(runner.freeSlots, MAX_COMMANDS_PER_POLL);
    const waitSeconds = cadence.longPollSeconds;
    if (waitSeconds > 0) return this.pollHeld({ limit, waitSeconds }, stopping);
    // As many as asked for: there may be more.
    return (await this.poll({ limit, waitSeconds })).length >= limit ? 0 : jittered(cadence.pollSeconds);
  }

  /** Gives up after a while, with a heartbeat: who cannot poll hears only by that of a command that was cancelled. */
  private async waitForRoom(stopping: AbortSignal): Promise<void> {
    const { presence, runner, cadence } = this.options;
    const patience = timeLimit(jittered(cadence.pollSeconds));
    await runner.room.opened(AbortSignal.any([stopping, patience]));
    if (!runner.room.isOpen) await presence.ask(stopping);
  }

  /** A poll that the server holds until there is a command: the next one can follow at once. */
  private async pollHeld(poll: Poll, stopping: AbortSignal): Promise<number> {
    const { presence, runner, cadence } = this.options;
    const abandoned = AbortSignal.any([stopping, presence.online.untilClosed]);
    const begun = performance.now();
    try {
      if ((await this.poll({ ...poll, abandoned })).length > 0) return this.wasHeld();
    } catch (error) {
      if (abandoned.aborted) return 0;
      throw error;
    }
    const heldSeconds = (performance.now() - begun) / 1000;
    // It may be that a command is cancelled: that only a heartbeat's answer says.
    if (heldSeconds < poll.waitSeconds * WHOLE_TIME && runner.unfinishedCount > 0) await presence.ask(stopping);
    if (heldSeconds >= Math.min(cadence.pollSeconds, poll.waitSeconds) * WHOLE_TIME) return this.wasHeld();
    this.hastyPolls += 1;
    return this.hastyPolls < HASTY_POLLS ? 0 : jittered(cadence.pollSeconds);
  }

  private wasHeld(): number {
    this.hastyPolls = 0;
    return 0;
  }

  /** The commands among those fetched that are new. */
  private async poll(poll: Poll): Promise<readonly AgentCommand[]> {
    const { wire, runner } = this.options;
    const commands = await wire.pollCommands(poll);
    this.recovery.succeeded();
    return commands.filter((command) => runner.accept(complete(command)));
  }

  private failed(error: unknown): number {
    if (!this.options.presence.doubt(error)) this.recovery.report(error);
    return this.recovery.secondsAfter(error);
  }
}

/** Handlers count on a payload; servers may leave an empty one out. */
const complete = (command: Partial<AgentCommand>): AgentCommand =>
  ({ ...command, payload: command.payload ?? {} }) as AgentCommand;
