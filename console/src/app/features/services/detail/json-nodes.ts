/** A member of an object or list. */
export interface JsonNode {
  readonly key: string;
  readonly value: unknown;
  /** The number of members of the value; null for a scalar. */
  readonly size: number | null;
}

const isHolder = (value: unknown): value is object => typeof value === 'object' && value !== null;

const sizeOf = (value: unknown): number | null => (isHolder(value) ? Object.keys(value).length : null);

/** The members of a value, in their order. */
export const nodesOf = (value: unknown): readonly JsonNode[] =>
  isHolder(value)
    ? Object.entries<unknown>({ ...value }).map(([key, one]) => ({ key, value: one, size: sizeOf(one) }))
    : [];

/** The kind of a scalar, for its look. */
export const kindOf = (value: unknown): 'text' | 'number' | 'boolean' | 'null' => {
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'number';
  return typeof value === 'boolean' ? 'boolean' : 'null';
};
