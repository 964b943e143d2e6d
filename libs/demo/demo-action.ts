import type { ActionDeclaration, ActionHandler } from '#agent';
import type { JsonObject } from '#contracts';

/** An action of the demo. */
export interface DemoAction {
  readonly declaration: ActionDeclaration & { readonly inputSchema?: JsonObject };
  readonly handler: ActionHandler;
}

/** An input schema with these properties and no others. */
export const inputSchema = (properties: JsonObject, required: readonly string[] = []): JsonObject => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

/** The text under `key`, or `fallback` when there is none. */
export const textOf = (payload: JsonObject, key: string, fallback = ''): string => {
  const value = payload[key];
  return typeof value === 'string' ? value : fallback;
};

/** The number under `key`, or `fallback` when there is none. */
export const numberOf = (payload: JsonObject, key: string, fallback: number): number => {
  const value = payload[key];
  return typeof value === 'number' ? value : fallback;
};
