/** What can make a check slower than its size suggests: patterns, recursive schemas, comparing all items with all. */
const EXPENSIVE_KEYWORDS =
  /"(?:pattern|patternProperties|format|uniqueItems|\$ref|\$dynamicRef|\$recursiveRef|\$id|\$async)":/g;
/** Formats that ordinary forms use and that are quick to check. */
const CHEAP_FORMAT = /^"format":"(?:password|textarea|date|date-time|time|int32|int64)"/;
const MAX_CHEAP_LENGTH = 8_000;
/** Each part of a schema may look at each part of a payload, which takes up to a microsecond. */
const MAX_CHEAP_PAIRS = 20_000;

const COMMA = 44;
const COLON = 58;

/** How many parts a JSON text has: more than its values and keys, never fewer. */
const countParts = (text: string): number => {
  let parts = 1;
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charCodeAt(i);
    if (char === COMMA || char === COLON) parts += 1;
  }
  return parts;
};

const isExpensive = (schemaText: string): boolean =>
  [...schemaText.matchAll(EXPENSIVE_KEYWORDS)].some(
    ({ index }) => !CHEAP_FORMAT.test(schemaText.slice(index, index + 40)),
  );

/** Whether a check is quick whatever the JSON texts of schema and payload say, so that a worker thread would only cost time. */
export const isCheapToCheck = (schemaText: string, payloadText: string): boolean =>
  schemaText.length + payloadText.length <= MAX_CHEAP_LENGTH &&
  countParts(schemaText) * countParts(payloadText) <= MAX_CHEAP_PAIRS &&
  !isExpensive(schemaText);
