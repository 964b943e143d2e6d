const MIN_MS = 2_000;
const MAX_MS = 30_000;

/**
 * How long to wait before the next try after `failures` in a row: longer each time, up to half a minute, and by chance
 * (`random` in 0…1), so that not every console comes back in the same moment.
 */
export const retryDelayMs = (failures: number, random: number): number => {
  const longest = Math.min(MAX_MS, MIN_MS * 2 ** failures);
  return MIN_MS + random * (longest - MIN_MS);
};
