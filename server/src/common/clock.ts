/** Where the time comes from; a test brings its own. */
export abstract class Clock {
  abstract now(): Date;

  /** The instant `seconds` from now; negative for the past. */
  secondsFromNow(seconds: number): Date {
    return secondsAfter(this.now(), seconds);
  }
}

/** The instant `seconds` after `date`. */
export const secondsAfter = (date: Date, seconds: number): Date => new Date(date.getTime() + seconds * 1000);

export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }
}

export const toInstant = (date: Date): string => date.toISOString();

/** ISO-8601 of a date that may not be known. */
export const toInstantOrNull = (date: Date | null): string | null => date?.toISOString() ?? null;
