import type { CommandResultRequest, Instant } from '#contracts';

/** What happened to one command: its handler began, it ended with a result, or the server has (or never takes) that. */
export type JournalEntry =
  | { readonly event: 'started'; readonly commandId: string; readonly at: Instant }
  | { readonly event: 'finished'; readonly commandId: string; readonly result: CommandResultRequest }
  | { readonly event: 'settled'; readonly commandId: string };

export interface JournalContent {
  /** The last entry of every command that is remembered, oldest first. */
  readonly entries: readonly JournalEntry[];
  /** What was wrong with it, as a sentence for the log. */
  readonly trouble?: string;
}

/** Where an agent keeps what it has done with its commands, so that after a crash it runs none of them again. */
export interface CommandJournal {
  /** What earlier runs of this agent wrote. Called once, before anything is written. */
  open(): Promise<JournalContent>;
  /** Resolves when a `started` would survive a crash of the machine, and any other entry one of the process. */
  write(entry: JournalEntry): Promise<void>;
  close(): Promise<void>;
}

/** Commands that are over and still remembered, should a server hand them out again. */
const MAX_SETTLED = 1000;

/** The last entry of every command: all of those that are not settled, and the newest of those that are. */
export class JournalState {
  private readonly last = new Map<string, JournalEntry>();
  private readonly settled = new Set<string>();

  /** Oldest first. */
  get entries(): readonly JournalEntry[] {
    return [...this.last.values()];
  }

  apply(entry: JournalEntry): void {
    this.last.delete(entry.commandId);
    this.last.set(entry.commandId, entry);
    if (entry.event === 'settled') this.settled.add(entry.commandId);
    for (const oldest of this.settled) {
      if (this.settled.size <= MAX_SETTLED) break;
      this.settled.delete(oldest);
      this.last.delete(oldest);
    }
  }
}

/** Remembers as long as the process lives. */
export class MemoryCommandJournal implements CommandJournal {
  private readonly state = new JournalState();

  open(): Promise<JournalContent> {
    return Promise.resolve({ entries: this.state.entries });
  }

  write(entry: JournalEntry): Promise<void> {
    this.state.apply(entry);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
