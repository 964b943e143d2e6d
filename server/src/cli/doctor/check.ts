import type { SafetyFinding, SafetyStatus } from '#contracts';

/** What the doctor found about one thing. */
export interface Check {
  readonly status: SafetyStatus;
  /** What was found. */
  readonly found: string;
  readonly whyItMatters?: string;
  /** What to do about it, when it is not fine. */
  readonly whatToDo?: string | null;
  readonly details?: SafetyFinding['details'];
}

/** It is fine. */
export const ok = (found: string): Check => ({ status: 'OK', found });

/** It is worth a thought. */
export const warning = (found: string, whatToDo: string): Check => ({ status: 'WARNING', found, whatToDo });

/** It is to be put right. */
export const fault = (found: string, whatToDo: string): Check => ({ status: 'CRITICAL', found, whatToDo });
