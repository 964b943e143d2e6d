import type { CommandResultRequest } from '../../contracts/index.js';
import type { AgentLog } from '../base/agent-log.js';
import { messageOf } from '../base/thrown.js';
import type { CommandJournal, JournalContent, JournalEntry } from '../base/types.js';
import { withTimeLimit } from '../base/waiting.js';
import { MemoryCommandJournal } from './command-journal.js';
import { restarted, resultAtRest } from './result-at-rest.js';

const REMEMBERED_IDS = 2000;
/** Of one call of the journal. */
const LIMIT_SECONDS = 10;
const INTERRUPTED = 'The service restarted while running this command; it is unknown whether it took effect.';

/** A result that the server does not have yet. */
export interface UndeliveredResult {
  readonly commandId: string;
  readonly result: CommandResultRequest;
}

/**
 * The commands this agent has accepted, across restarts. If the journal cannot be written, that is logged and the agent
 * continues; it then still runs nothing twice during the lifetime of the process.
 */
export class CommandHistory {
  private readonly known = new RecentIds(REMEMBERED_IDS);
  private reported: string | null = null;
  private opening: Promise<void> | null = null;
  private knowsEarlierRuns = false;

  /** `hasEarlierRuns` is asked once, when a journal turns out to be new. */
  constructor(
    private readonly journal: CommandJournal,
    private readonly log: AgentLog,
    private readonly hasEarlierRuns: () => Promise<boolean> = () => Promise.resolve(false),
  ) {}

  /** Whether this agent recognises every command that it or an earlier run may have started, also after a crash. */
  get survivesCrash(): boolean {
    return this.knowsEarlierRuns && this.reported === null && !(this.journal instanceof MemoryCommandJournal);
  }

  /** Loads what earlier runs recorded; returns the results they did not deliver, oldest first. */
  async load(): Promise<readonly UndeliveredResult[]> {
    const opened = this.open();
    this.opening = opened.then(
      () => undefined,
      () => undefined,
    );
    try {
      const { entries, trouble, isNew = false } = await opened;
      if (trouble !== undefined) this.log.error(`Command journal: ${trouble}`);
      this.knowsEarlierRuns = trouble === undefined && !(isNew && (await this.hasEarlierRuns()));
      for (const { commandId } of entries) this.known.add(commandId);
      return entries.flatMap((entry) => this.undelivered(entry));
    } catch (error) {
      this.failed(error);
      return [];
    }
  }

  private async open(): Promise<JournalContent> {
    return withTimeLimit(() => this.journal.open(), LIMIT_SECONDS, 'Opening the command journal');
  }

  /** Records that a command is accepted; returns false if it was before. */
  add(commandId: string): boolean {
    return this.known.add(commandId);
  }

  /** Whether a restart will know that the command has started. */
  started(commandId: string): Promise<boolean> {
    return this.write({ event: 'started', commandId, at: new Date().toISOString() });
  }

  finished(commandId: string, result: CommandResultRequest): Promise<boolean> {
    return this.write({ event: 'finished', commandId, result: resultAtRest(result) });
  }

  /** The server has the result, or will never accept it. */
  async settled(commandId: string): Promise<void> {
    await this.write({ event: 'settled', commandId });
  }

  /** Resolves when everything is written. */
  async close(): Promise<void> {
    try {
      await this.opening;
      await withTimeLimit(() => this.journal.close(), LIMIT_SECONDS, 'Closing the command journal');
    } catch (error) {
      this.failed(error);
    }
  }

  private undelivered(entry: JournalEntry): readonly UndeliveredResult[] {
    const { event, commandId } = entry;
    if (event === 'settled') return [];
    if (event === 'finished') return [{ commandId, result: entry.result }];
    this.log.warn('The service restarted while running a command.', { commandId });
    return [{ commandId, result: { ...restarted(INTERRUPTED), startedAt: entry.at } }];
  }

  private async write(entry: JournalEntry): Promise<boolean> {
    try {
      await withTimeLimit(() => this.journal.write(entry), LIMIT_SECONDS, 'Writing it');
      this.reported = null;
      return true;
    } catch (error) {
      this.failed(error);
      return false;
    }
  }

  /** Logs a problem when it starts, not every time it recurs. */
  private failed(error: unknown): void {
    const problem = messageOf(error);
    if (problem === this.reported) return;
    this.reported = problem;
    this.log.error(
      `The command journal cannot be written (${problem}). After a crash, commands may remain without a result.`,
    );
  }
}

/** A set of the newest ids, up to `capacity`. */
export class RecentIds {
  private readonly ids = new Set<string>();

  constructor(private readonly capacity: number) {}

  /** Adds `id`; returns whether it was new. */
  add(id: string): boolean {
    if (this.ids.has(id)) return false;
    this.ids.add(id);
    for (const oldest of this.ids) {
      if (this.ids.size <= this.capacity) break;
      this.ids.delete(oldest);
    }
    return true;
  }
}
