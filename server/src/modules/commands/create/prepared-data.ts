import type { Json, JsonObject } from '#contracts';
import { isJsonObject } from '../payload/applicable-schemas.js';

/** The initial values of the form; empty when the agent returned nothing usable. */
export const preparedPayload = (data: JsonObject | null): JsonObject => objectOrNull(data?.initialPayload) ?? {};

/** The state the agent reported, of any shape; null without one. */
export const preparedState = (data: JsonObject | null): Json => data?.currentState ?? null;

/** The schema the agent made for this prepare: `inputSchema`, or that of `action`; null without one. */
export const preparedSchema = (data: JsonObject | null): JsonObject | null =>
  objectOrNull(data?.inputSchema) ?? objectOrNull(objectOrNull(data?.action)?.inputSchema);

const objectOrNull = (value: Json | undefined): JsonObject | null => (isJsonObject(value) ? value : null);
