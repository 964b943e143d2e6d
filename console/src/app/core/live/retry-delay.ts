const MIN_MS = 2_000;
const MAX_MS = 30_000;

/**
 * The delay before the next try after `failures` in a row: exponential up to half a minute, with jitter
 * (`random` in 0…1), so that consoles do not all reconnect at the same moment.
 */
export const retryDelayMs = (failures: number, random: number): number => {
  const longest = Math.min(MAX_MS, MIN_MS * 2 ** failures);
  return MIN_MS + random * (longest - MIN_MS);
};
