/** Words that name a secret, alone or at the end of a name: `dbPassword`, `X_AUTH_TOKEN`, `client-secret`. */
const SECRET =
  /(?:passw(?:or)?d|passphrase|passcode|pwd|^pass|secret|token|cookie|authorization|credential|bearer|jwt|dsn|(?:api|access|private|secret|signing|encryption|generated|ssh)key|connectionstring|^pin|^otp|(?<= )(?:pass|pin|otp)|密码|口令|令牌)s?$/;

/** A name that ends in one of these is about a secret: `tokenCount`, `passwordUpdatedAt`. Those end in another word anyway. */
const COUNTED = /^(?:max|min|num|total|count|n)\b/;

/** Whether a field with this name holds a secret. */
export const isSecretName = (name: string): boolean => {
  const words = name
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .slice(0, 200)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .replace(/[\s\d]+$/, '');
  return !COUNTED.test(words) && (SECRET.test(words) || SECRET.test(words.replaceAll(' ', '')));
};

const MAX_STEPS = 5000;

interface Walk {
  readonly root: unknown;
  readonly names: Set<string>;
  readonly following: Set<string>;
  steps: number;
}

/** The names of the properties that a JSON Schema seals: `format: "password"` or `writeOnly`, also through `$ref`. */
export const sealedNamesOf = (schema: unknown): ReadonlySet<string> => {
  const walk: Walk = { root: schema, names: new Set(), following: new Set(), steps: 0 };
  visit(walk, schema, null);
  return walk.names;
};

/** `property` is the name under which a value described by `node` stands. */
const visit = (walk: Walk, node: unknown, property: string | null): void => {
  walk.steps += 1;
  if (typeof node !== 'object' || node === null || walk.steps > MAX_STEPS) return;
  if (Array.isArray(node)) {
    for (const item of node) visit(walk, item, property);
    return;
  }
  const schema = node as Readonly<Record<string, unknown>>;
  if (property !== null && (schema.format === 'password' || schema.writeOnly === true)) walk.names.add(property);
  followRef(walk, schema.$ref, property);
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword !== 'properties') visit(walk, value, property);
    else if (typeof value === 'object' && value !== null)
      for (const [name, described] of Object.entries(value)) visit(walk, described, name);
  }
};

/** Follows a reference within the schema, but never one that is being followed. */
const followRef = (walk: Walk, ref: unknown, property: string | null): void => {
  if (typeof ref !== 'string' || !ref.startsWith('#/')) return;
  const step = `${property} ${ref}`;
  if (walk.following.has(step)) return;
  walk.following.add(step);
  const target = ref
    .slice(2)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (at, part) => (typeof at === 'object' && at !== null ? Reflect.get(at, part) : undefined),
      walk.root,
    );
  visit(walk, target, property);
};
