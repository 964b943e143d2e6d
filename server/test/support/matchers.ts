import type { Id, IdPrefix, Instant } from '#contracts';

// Jest types its matchers as `any`; these have the type they stand for.

export const anId = <P extends IdPrefix>(prefix: P): Id<P> =>
  expect.stringMatching(new RegExp(`^${prefix}_[0-9A-HJKMNP-TV-Z]{26}$`)) as Id<P>;

/** ISO-8601, UTC, milliseconds. */
export const anInstant = (): Instant => expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as Instant;

export const aText = (pattern = /./): string => expect.stringMatching(pattern) as string;

export const aNumber = (): number => expect.any(Number) as number;

/** A list that contains at least these. */
export const listWith = <T>(...items: readonly T[]): readonly T[] => expect.arrayContaining([...items]) as readonly T[];
