import { findInexactNumber, type Json, type JsonObject } from '#contracts';

export type JsonReading = { readonly value: Json | undefined } | { readonly fault: string };

/** A value as indented JSON. */
export const jsonText = (value: unknown): string => (value === undefined ? '' : JSON.stringify(value, null, 2));

/** The parsed text; undefined when it is empty, the parser's message when it is not JSON, or holds a number that would be changed. */
export const readJson = (text: string): JsonReading => {
  if (text.trim() === '') return { value: undefined };
  try {
    const value = JSON.parse(text) as Json;
    const inexact = findInexactNumber(text);
    return inexact === null ? { value } : { fault: `${inexact} has more digits than a JSON number keeps` };
  } catch (thrown) {
    return { fault: thrown instanceof Error ? thrown.message : String(thrown) };
  }
};

/** Whether the value is an object, and not an array or null. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A scalar as text, anything else as JSON; empty for undefined. */
export const scalarText = (value: Json | undefined): string =>
  typeof value === 'object' ? jsonText(value) : String(value ?? '');
