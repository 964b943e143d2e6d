const MAX_LINES = 100;
const MAX_LINE_LENGTH = 1000;

/** Lines that were taken from a buffer: the newest, oldest first, and how many older ones had to go. */
export interface TakenLines {
  readonly lines: readonly string[];
  readonly dropped: number;
}

/** Log lines that wait to be sent: a bounded number of bounded lines, the oldest dropped first. */
export class LineBuffer {
  private lines: readonly string[] = [];
  private dropped = 0;

  get isEmpty(): boolean {
    return this.lines.length === 0;
  }

  add(line: string): void {
    this.keep([...this.lines, shortened(line, MAX_LINE_LENGTH)]);
  }

  /** Gives all lines away and starts anew. */
  take(): TakenLines {
    const { lines, dropped } = this;
    this.lines = [];
    this.dropped = 0;
    return { lines, dropped };
  }

  /** Takes lines back, before those that came since. */
  putBack({ lines, dropped }: TakenLines): void {
    this.dropped += dropped;
    this.keep([...lines, ...this.lines]);
  }

  private keep(lines: readonly string[]): void {
    const fits = this.dropped === 0 && lines.length <= MAX_LINES;
    // One place is for the line that says so.
    const kept = fits ? lines : lines.slice(-(MAX_LINES - 1));
    this.dropped += lines.length - kept.length;
    this.lines = kept;
  }
}

/** As they are sent, with a first line that says how many are missing. */
export const linesToSend = ({ lines, dropped }: TakenLines): readonly string[] =>
  dropped > 0 ? [`… ${dropped} lines dropped`, ...lines] : lines;

/** `text`, or as much of its beginning as fits, never half a character. */
export const shortened = (text: string, maxLength: number): string => {
  if (text.length <= maxLength) return text;
  const start = text.slice(0, maxLength - 1);
  return `${start.replace(/[\uD800-\uDBFF]$/, '')}…`;
};
