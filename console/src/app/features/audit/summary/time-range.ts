import type { Instant } from '#contracts';

export interface TimeRange {
  readonly from: Instant;
  /** Not included. */
  readonly to: Instant;
}
