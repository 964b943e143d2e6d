import { existsSync } from 'node:fs';
import { open, readFile, rename, type FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isMissingFile, replaceFile } from '../base/private-file.js';
import { messageOf } from '../base/thrown.js';
import type { CommandJournal, JournalContent, JournalEntry } from '../base/types.js';
import { DEFAULT_TOKEN_FILE, besideTokenFile } from '../connection/token-store.js';
import { JournalState } from './command-journal.js';

/** The file is compacted when it has grown by this much, or to twice its size. */
const MIN_GROWTH_BYTES = 1_000_000;

/** The path of the journal that belongs to a token file: beside it. */
export const journalFileOf = (tokenFile: string): string => besideTokenFile(tokenFile, 'commands.jsonl');

/** Keeps the journal in a file that only its owner can read: one appended line of JSON per entry. */
export class FileCommandJournal implements CommandJournal {
  private readonly path: string;
  private readonly state = new JournalState();
  private file: FileHandle | null = null;
  private grownBytes = 0;
  private maxGrowthBytes = MIN_GROWTH_BYTES;
  private closed = false;
  /** What the next write appends, and whether it must be synced to disk. */
  private waiting: { text: string; durable: boolean } = { text: '', durable: false };
  private lastWrite: Promise<void> = Promise.resolve();
  private nextWrite: Promise<void> | null = null;

  constructor(path: string = journalFileOf(DEFAULT_TOKEN_FILE)) {
    this.path = resolve(path);
  }

  /** Reads what it can; moves a damaged file aside, unless a crash merely left an incomplete last line. */
  async open(): Promise<JournalContent> {
    const { trouble, isNew } = await this.load();
    const { entries } = this.state;
    try {
      await this.rewrite();
      return { entries, trouble, isNew };
    } catch (error) {
      const unwritable = `${this.path} cannot be written (${messageOf(error)}).`;
      return { entries, trouble: `${trouble ?? ''} ${unwritable}`.trim(), isNew };
    }
  }

  async write(entry: JournalEntry): Promise<void> {
    // The file may belong to another agent by now.
    if (this.closed) return;
    this.state.apply(entry);
    this.waiting.text += lineOf(entry);
    this.waiting.durable ||= entry.event === 'started';
    // Group commit: entries that arrive during a write share the next one.
    this.nextWrite ??= this.writeAfter(this.lastWrite);
    await this.nextWrite;
  }

  async close(): Promise<void> {
    this.closed = true;
    await (this.nextWrite ?? this.lastWrite).catch(() => undefined);
    await this.closeFile();
  }

  private async writeAfter(previous: Promise<void>): Promise<void> {
    await previous.catch(() => undefined);
    this.lastWrite = this.nextWrite ?? this.lastWrite;
    this.nextWrite = null;
    const { text, durable } = this.waiting;
    this.waiting = { text: '', durable: false };
    if (this.file === null || this.grownBytes > this.maxGrowthBytes) await this.rewrite();
    else await this.append(this.file, text, durable);
  }

  private async append(file: FileHandle, text: string, durable: boolean): Promise<void> {
    try {
      await file.appendFile(text);
      if (durable) await file.datasync();
      this.grownBytes += Buffer.byteLength(text);
    } catch (error) {
      // The line may be incomplete: the next write replaces the file.
      await this.closeFile();
      throw error;
    }
  }

  /** Replaces the file with one that contains only the remembered entries. */
  private async rewrite(): Promise<void> {
    await this.closeFile();
    const text = this.state.entries.map(lineOf).join('');
    await replaceFile(this.path, text);
    this.file = await open(this.path, 'a', 0o600);
    this.grownBytes = 0;
    this.maxGrowthBytes = Math.max(MIN_GROWTH_BYTES, Buffer.byteLength(text));
  }

  private async closeFile(): Promise<void> {
    const { file } = this;
    this.file = null;
    await file?.close();
  }

  /** Loads the file; returns what is wrong with it, if anything. */
  private async load(): Promise<Pick<JournalContent, 'trouble' | 'isNew'>> {
    try {
      const lines = (await readFile(this.path, 'utf8')).split('\n');
      const entries = lines.map(parseEntry);
      for (const entry of entries) if (entry) this.state.apply(entry);
      // The last line is empty, or was cut off by a crash.
      if (entries.slice(0, -1).every((entry) => entry !== null)) return {};
      return { trouble: await this.moveAside(`${this.path} is damaged; its readable entries are used.`) };
    } catch (error) {
      if (isMissingFile(error)) return { isNew: true };
      return { trouble: await this.moveAside(`${this.path} cannot be read (${messageOf(error)}).`) };
    }
  }

  private async moveAside(trouble: string): Promise<string> {
    const first = `${this.path}.damaged`;
    // An earlier one is kept.
    const aside = existsSync(first) ? `${first}-${new Date().toISOString().replaceAll(':', '-')}` : first;
    try {
      await rename(this.path, aside);
      return `${trouble} It is now ${aside}.`;
    } catch (error) {
      return `${trouble} It could not be moved aside (${messageOf(error)}).`;
    }
  }
}

const lineOf = (entry: JournalEntry): string => `${JSON.stringify(entry)}\n`;

const parseEntry = (line: string): JournalEntry | null => {
  try {
    const value: unknown = JSON.parse(line);
    return isEntry(value) ? value : null;
  } catch {
    return null;
  }
};

const isEntry = (value: unknown): value is JournalEntry => {
  if (typeof value !== 'object' || value === null) return false;
  const { event, commandId, at, result } = value as Readonly<Record<string, unknown>>;
  if (typeof commandId !== 'string') return false;
  if (event === 'started') return typeof at === 'string';
  if (event === 'finished') return typeof result === 'object' && result !== null;
  return event === 'settled';
};
