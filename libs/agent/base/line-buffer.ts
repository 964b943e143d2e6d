const MAX_LINES = 100;
const MAX_LINE_LENGTH = 1000;

/** Lines taken from a buffer, oldest first, and how many older ones were dropped. */
export interface TakenLines {
  readonly lines: readonly string[];
  readonly dropped: number;
}

/** Log lines waiting to be sent: bounded in number and length, the oldest dropped first. */
export class LineBuffer {
  private lines: readonly string[] = [];
  private dropped = 0;

  get isEmpty(): boolean {
    return this.lines.length === 0;
  }

  add(line: string): void {
    this.keep([...this.lines, truncate(line, MAX_LINE_LENGTH)]);
  }

  /** Returns all lines and empties the buffer. */
  take(): TakenLines {
    const { lines, dropped } = this;
    this.lines = [];
    this.dropped = 0;
    return { lines, dropped };
  }

  /** Puts lines back, before those added since. */
  putBack({ lines, dropped }: TakenLines): void {
    this.dropped += dropped;
    this.keep([...lines, ...this.lines]);
  }

  private keep(lines: readonly string[]): void {
    const fits = this.dropped === 0 && lines.length <= MAX_LINES;
    // Leave room for the line that says how many were dropped.
    const kept = fits ? lines : lines.slice(-(MAX_LINES - 1));
    this.dropped += lines.length - kept.length;
    this.lines = kept;
  }
}

/** The lines to send, preceded by one that says how many were dropped, if any. */
export const linesToSend = ({ lines, dropped }: TakenLines): readonly string[] =>
  dropped > 0 ? [`… ${dropped} lines dropped`, ...lines] : lines;

/** `text` cut to `maxLength`, never in the middle of a surrogate pair. */
export const truncate = (text: string, maxLength: number): string => {
  if (text.length <= maxLength) return text;
  const start = text.slice(0, maxLength - 1);
  return `${start.replace(/[\uD800-\uDBFF]$/, '')}…`;
};
