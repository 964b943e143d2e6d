import type { CommandJournal, JournalContent, JournalEntry } from '../base/types.js';

/** How many settled commands are remembered, in case a server hands them out again. */
const MAX_SETTLED = 1000;

/** The last entry of every command: all unsettled ones, and the newest of the settled ones. */
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

/** Keeps the journal in memory, for the lifetime of the process. */
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
