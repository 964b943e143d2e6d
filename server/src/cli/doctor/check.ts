/** What the doctor found: fine, worth a thought, or to be put right. */
export type Verdict = 'ok' | 'warning' | 'fault';

export interface Check {
  readonly verdict: Verdict;
  /** What was found. */
  readonly found: string;
  /** What to do about it, when it is not fine. */
  readonly advice?: string;
}

/** It is fine. */
export const ok = (found: string): Check => ({ verdict: 'ok', found });

/** It is worth a thought. */
export const warning = (found: string, advice: string): Check => ({ verdict: 'warning', found, advice });

/** It is to be put right. */
export const fault = (found: string, advice: string): Check => ({ verdict: 'fault', found, advice });
