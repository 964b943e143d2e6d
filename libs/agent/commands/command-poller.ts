import type { AgentCommand } from '../../contracts/index.js';
import type { AgentLog } from '../base/agent-log.js';
import { jittered } from '../base/backoff.js';
import { Loop } from '../base/loop.js';
import { timeLimit } from '../base/waiting.js';
import type { Cadence } from '../connection/cadence.js';
import { LongPolls } from '../connection/long-polls.js';
import type { Presence } from '../connection/presence.js';
import { Recovery } from '../connection/recovery.js';
import type { Poll, WireClient } from '../connection/wire-client.js';
import type { CommandRunner } from './command-runner.js';

/** The maximum the API allows in one poll. */
const MAX_COMMANDS_PER_POLL = 10;

export interface CommandPollerOptions {
  readonly wire: WireClient;
  readonly presence: Presence;
  readonly runner: CommandRunner;
  readonly cadence: Cadence;
  readonly log: AgentLog;
}

/** Fetches commands, never more than can start at once: by long polling if the server supports it, else at intervals. */
export class CommandPoller {
  private readonly loop: Loop;
  private readonly recovery: Recovery;
  private readonly longPolls: LongPolls;

  constructor(private readonly options: CommandPollerOptions) {
    this.longPolls = new LongPolls(options.cadence);
    this.recovery = new Recovery('Fetching commands', options.cadence, options.log);
    this.loop = new Loop(
      (stopping) => this.step(stopping),
      (error, stopping) => this.failed(error, stopping),
    );
  }

  start(): void {
    this.loop.start();
  }

  /**
   * Waits for a running poll, because this agent must answer the commands it fetches, but abandons one that is held
   * open: the server keeps what it has not delivered.
   */
  stop(): Promise<void> {
    return this.loop.stop();
  }

  private async step(stopping: AbortSignal): Promise<number> {
    const { presence, runner } = this.options;
    await presence.online.whenOpen(stopping);
    if (!runner.room.isOpen) await this.waitForRoom(stopping);
    if (stopping.aborted || !presence.online.isOpen || !runner.room.isOpen) return 0;
    const limit = Math.min(runner.freeSlots, MAX_COMMANDS_PER_POLL);
    const { waitSeconds } = this.longPolls;
    return waitSeconds > 0 ? this.pollHeld({ limit, waitSeconds }, stopping) : this.pollAtOnce(limit, stopping);
  }

  private async pollAtOnce(limit: number, stopping: AbortSignal): Promise<number> {
    const { length } = await this.poll({ limit, waitSeconds: 0 });
    // A full batch: there may be more.
    if (length >= limit) return 0;
    if (length === 0) await this.checkForCancellations(stopping);
    return jittered(this.options.cadence.pollSeconds);
  }

  /** Waits for a free slot, for one poll interval at most. */
  private async waitForRoom(stopping: AbortSignal): Promise<void> {
    const { runner, cadence } = this.options;
    const limit = timeLimit(jittered(cadence.pollSeconds));
    await runner.room.whenOpen(AbortSignal.any([stopping, limit]));
    if (!runner.room.isOpen) await this.checkForCancellations(stopping);
  }

  /** A poll the server holds open until there is a command; the next one can follow at once. */
  private async pollHeld(poll: Omit<Poll, 'holding'>, stopping: AbortSignal): Promise<number> {
    const { presence, cadence } = this.options;
    const abandoned = AbortSignal.any([stopping, presence.online.closed]);
    const begun = performance.now();
    const heldSeconds = (): number => (performance.now() - begun) / 1000;
    try {
      const { length } = await this.poll({ ...poll, abandoned });
      if (length > 0) {
        this.longPolls.succeeded();
        return 0;
      }
    } catch (error) {
      if (abandoned.aborted) return 0;
      this.longPolls.failed(heldSeconds());
      throw error;
    }
    const mayRepeatAtOnce = this.longPolls.cameBackEmpty(heldSeconds());
    await this.checkForCancellations(stopping);
    return mayRepeatAtOnce ? 0 : jittered(cadence.pollSeconds);
  }

  /** Only a heartbeat response lists cancelled commands; the server ends a held poll early to trigger a heartbeat. */
  private async checkForCancellations(stopping: AbortSignal): Promise<void> {
    const { presence, runner } = this.options;
    if (runner.unfinishedCount > 0) await presence.heartbeatNow(stopping);
  }

  /** Fetches commands and starts them; returns those that were new. */
  private async poll(poll: Omit<Poll, 'holding'>): Promise<readonly AgentCommand[]> {
    const { wire, runner } = this.options;
    const { holding } = runner;
    const commands = await wire.pollCommands({ ...poll, holding });
    this.recovery.succeeded();
    return commands.filter((command) => runner.accept(command, holding !== null));
  }

  private async failed(error: unknown, stopping: AbortSignal): Promise<number> {
    if (!(await this.options.presence.isOfflineAfter(error, stopping))) this.recovery.report(error);
    return this.recovery.secondsAfter(error);
  }
}
