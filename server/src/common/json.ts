import type { JsonObject } from '#contracts';

/** Whether the value is an object, and neither an array nor null. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The key that a part of a JSON Pointer stands for (RFC 6901, 4). */
export const unescapePointer = (part: string): string => part.replace(/~1/g, '/').replace(/~0/g, '~');
