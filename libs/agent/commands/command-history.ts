import type { CommandResultRequest } from '#contracts';
import type { AgentLog } from '../base/agent-log.js';
import type { CommandJournal, JournalContent, JournalEntry } from './command-journal.js';
import { messageOf } from '../base/errors.js';
import { RecentIds } from '../base/recent-ids.js';
import { restarted, resultAtRest } from './result-at-rest.js';

const REMEMBERED_IDS = 2000;
const INTERRUPTED = 'The service restarted while it ran this command; whether it took effect is not known.';

/** A result that the server does not have yet. */
export interface OwedResult {
  readonly commandId: string;
  readonly result: CommandResultRequest;
}

/**
 * What this agent has taken on, across its own restarts. A journal that cannot be kept is logged, and the agent works
 * on: then it still runs nothing twice as long as its process lives.
 */
export class CommandHistory {
  private readonly known = new RecentIds(REMEMBERED_IDS);
  private trouble: string | null = null;
  private opening: Promise<JournalContent> | null = null;

  constructor(
    private readonly journal: CommandJournal,
    private readonly log: AgentLog,
  ) {}

  /** Remembers what earlier runs did; gives the results they owe the server, oldest first. */
  async recall(): Promise<readonly OwedResult[]> {
    this.opening = this.journal.open();
    try {
      const { entries, trouble } = await this.opening;
      if (trouble !== undefined) this.log.error(`The journal of commands: ${trouble}`);
      for (const { commandId } of entries) this.known.add(commandId);
      return entries.flatMap((entry) => this.owedBy(entry));
    } catch (error) {
      this.failed(error);
      return [];
    }
  }

  /** Takes a command on; answers false when it was taken on before. */
  add(commandId: string): boolean {
    return this.known.add(commandId);
  }

  /** Resolves when a restart will know that the command has begun. */
  started(commandId: string): Promise<void> {
    return this.write({ event: 'started', commandId, at: new Date().toISOString() });
  }

  finished(commandId: string, result: CommandResultRequest): Promise<void> {
    return this.write({ event: 'finished', commandId, result: resultAtRest(result) });
  }

  /** The server has the result, or will never take it. */
  settled(commandId: string): Promise<void> {
    return this.write({ event: 'settled', commandId });
  }

  /** Resolves when everything is written. */
  async close(): Promise<void> {
    try {
      await this.opening;
      await this.journal.close();
    } catch (error) {
      this.failed(error);
    }
  }

  private owedBy(entry: JournalEntry): readonly OwedResult[] {
    const { event, commandId } = entry;
    if (event === 'settled') return [];
    if (event === 'finished') return [{ commandId, result: entry.result }];
    this.log.warn('The service restarted while it ran a command.', { commandId });
    return [{ commandId, result: { ...restarted(INTERRUPTED), startedAt: entry.at } }];
  }

  private async write(entry: JournalEntry): Promise<void> {
    try {
      await this.journal.write(entry);
      this.trouble = null;
    } catch (error) {
      this.failed(error);
    }
  }

  /** Logs a trouble when it begins, not every time it is met again. */
  private failed(error: unknown): void {
    const trouble = messageOf(error);
    if (trouble === this.trouble) return;
    this.trouble = trouble;
    this.log.error(
      `The journal of commands cannot be kept (${trouble}): after a crash, commands may be left unanswered.`,
    );
  }
}
