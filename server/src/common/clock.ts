/** The source of time; tests replace it. */
export abstract class Clock {
  /** The time of day, as far as it can be trusted: a machine whose time is set does not move it at once. */
  abstract now(): Date;

  /** Milliseconds since some instant. They only ever grow: setting the machine's time does not change them. */
  elapsedMs(): number {
    return performance.now();
  }

  /** When this process last resumed after it had not run for `gapMs` or longer, by {@link elapsedMs}; null for never. */
  resumedAtMs(gapMs: number): number | null;
  resumedAtMs(): number | null {
    return null;
  }

  /** Returns the instant `seconds` from now; negative for the past. */
  secondsFromNow(seconds: number): Date {
    return secondsAfter(this.now(), seconds);
  }
}

/** The machine's time of day moved by more than the time that passed. */
export interface ClockJump {
  /** How far it moved: positive for ahead. */
  readonly byMs: number;
  /** When it was noticed, by the time that was trusted. */
  readonly noticedAt: Date;
}

/** Returns the instant `seconds` after `date`. */
export const secondsAfter = (date: Date, seconds: number): Date => new Date(date.getTime() + seconds * 1000);

/** The time of this machine, taken as it is. */
export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }
}

/** Returns the date in ISO 8601. */
export const toInstant = (date: Date): string => date.toISOString();

/** Returns the date in ISO 8601; null for none. */
export const toInstantOrNull = (date: Date | null): string | null => date?.toISOString() ?? null;
