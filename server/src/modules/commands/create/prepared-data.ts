import type { Json, JsonObject } from '#contracts';

const objectOrNull = (value: Json | undefined): JsonObject | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;

/** What the form starts with; empty when the agent gave nothing usable. */
export const preparedPayload = (data: JsonObject | null): JsonObject => objectOrNull(data?.initialPayload) ?? {};

export const preparedState = (data: JsonObject | null): Json => data?.currentState ?? null;

/** A schema the agent made for this very moment: `inputSchema`, or that of `action`. */
export const preparedSchema = (data: JsonObject | null): JsonObject | null =>
  objectOrNull(data?.inputSchema) ?? objectOrNull(objectOrNull(data?.action)?.inputSchema);

