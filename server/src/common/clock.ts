/** The source of time; tests replace it. */
export abstract class Clock {
  abstract now(): Date;

  /** Returns the instant `seconds` from now; negative for the past. */
  secondsFromNow(seconds: number): Date {
    return secondsAfter(this.now(), seconds);
  }
}

/** Returns the instant `seconds` after `date`. */
export const secondsAfter = (date: Date, seconds: number): Date => new Date(date.getTime() + seconds * 1000);

/** The time of this machine. */
export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }
}

/** Returns the date in ISO 8601. */
export const toInstant = (date: Date): string => date.toISOString();

/** Returns the date in ISO 8601; null for none. */
export const toInstantOrNull = (date: Date | null): string | null => date?.toISOString() ?? null;
