import type { Due } from '../../../core/live/refresh';

/** What the page shows when a refresh is due. */
export interface AuditPageState {
  /** Events are open: new ones would move what is being read. */
  readonly isHeld: () => boolean;
  /** The time range moves with the clock. */
  readonly isMoving: () => boolean;
  /** The page of the list. */
  readonly page: () => number;
  /** The counts are older than the list. */
  readonly areCountsBehind: () => boolean;
}

/** What a refresh reads: the list as it is, the list over a range that has moved, or the counts beside it. */
export type AuditReading = 'list' | 'moved list' | 'counts';

/**
 * Decides what a due refresh of the audit page reads; null reads nothing. The counts cost more than the list, so they
 * get their turn only when nothing has changed, and instead of the list.
 */
export const nextReading = (why: Due, state: AuditPageState): AuditReading | null => {
  if (state.isHeld()) return null;
  // New events appear on the first page only; a moving range has to be asked for again on every page.
  if (!state.isMoving() && state.page() !== 1) return null;
  if (why === 'time' && state.areCountsBehind()) return 'counts';
  return state.isMoving() ? 'moved list' : 'list';
};
