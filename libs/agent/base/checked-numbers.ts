/** Checks that every number in these options is one of seconds. @throws TypeError that names the first that is not */
export const checkSeconds = (group: string, options: object): void => {
  for (const [name, value] of Object.entries(options) as [string, unknown][])
    if (value !== undefined && (typeof value !== 'number' || !(value >= 0)))
      throw new TypeError(`${group}.${name} must be a number of seconds, 0 or more.`);
};

/** @throws TypeError unless `value` is a whole number from 1 */
export const checkCount = (name: string, value: unknown): void => {
  if (!Number.isInteger(value) || (value as number) < 1) throw new TypeError(`${name} must be a whole number from 1.`);
};
