import type { Json, JsonObject } from '#contracts';

export type JsonReading = { readonly value: Json | undefined } | { readonly fault: string };

/** A value as a person reads and edits it. */
export const jsonText = (value: unknown): string => (value === undefined ? '' : JSON.stringify(value, null, 2));

/** What a text says as JSON; nothing for an empty text; the parser's complaint when it is none. */
export const readJson = (text: string): JsonReading => {
  if (text.trim() === '') return { value: undefined };
  try {
    return { value: JSON.parse(text) as Json };
  } catch (thrown) {
    return { fault: thrown instanceof Error ? thrown.message : String(thrown) };
  }
};

/** Whether it is an object, neither a list nor null. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A text, number or boolean as text; of anything else its JSON, of nothing an empty text. */
export const scalarText = (value: Json | undefined): string =>
  typeof value === 'object' ? jsonText(value) : String(value ?? '');
