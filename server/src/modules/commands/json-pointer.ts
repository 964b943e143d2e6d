import type { Json } from '#contracts';

/** A part of a JSON Pointer as the key it stands for (RFC 6901, 4). */
export const unescapePointer = (part: string): string => part.replace(/~1/g, '/').replace(/~0/g, '~');

const decode = (fragment: string): string | null => {
  try {
    return decodeURIComponent(fragment);
  } catch {
    // A malformed escape: it points nowhere.
    return null;
  }
};

const step = (value: Json | undefined, key: string): Json | undefined =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as { readonly [key: string]: Json })[key]
    : undefined;

/** The value a URI fragment such as `#/definitions/key` points to (RFC 6901, 6); undefined when it points nowhere. */
export const resolveFragment = (root: Json, reference: string): Json | undefined => {
  const pointer = reference.startsWith('#') ? decode(reference.slice(1)) : null;
  if (pointer === '') return root;
  if (!pointer?.startsWith('/')) return undefined;
  return pointer.split('/').slice(1).map(unescapePointer).reduce<Json | undefined>(step, root);
};
