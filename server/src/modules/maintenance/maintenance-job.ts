/** One sweep: does one bounded batch a call, so that nothing it shares the database with has to wait long. */
export interface MaintenanceJob {
  readonly id: string;
  readonly description: string;
  /** Returns how much one batch did; 0 when there is nothing left. */
  readonly run: () => Promise<number>;
}

/** Past this many batches in one run the rest waits for the next run. */
const MAX_BATCHES = 1_000;

/** Runs batches until nothing is left; returns how much they did. */
export const runToTheEnd = async (run: MaintenanceJob['run']): Promise<number> => {
  let total = 0;
  for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
    const done = await run();
    if (done === 0) break;
    total += done;
  }
  return total;
};
