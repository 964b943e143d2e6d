import fc from 'fast-check';

const revoked = (target: object): unknown => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};

const throwing = (): never => {
  throw new Error('A trap.');
};

/** A proxy all of whose traps throw. */
const hostile = (target: object): unknown =>
  new Proxy(target, Object.fromEntries(Reflect.ownKeys(Reflect).map((trap) => [trap, throwing])));

const cyclic = (): unknown => {
  const one: Record<string, unknown> = {};
  one.self = [one, new Map([[one, one]])];
  return one;
};

const deep = (): unknown => {
  let value: unknown = 1;
  for (let depth = 0; depth < 20_000; depth += 1) value = [value];
  return value;
};

const throwingFields = (...names: string[]): unknown =>
  Object.defineProperties({}, Object.fromEntries(names.map((name) => [name, { get: throwing, enumerable: true }])));

const unnamedError = (): unknown => {
  const error = new Error();
  Object.defineProperties(error, { message: { get: throwing }, stack: { get: throwing }, name: { get: throwing } });
  return error;
};

const circularCause = (): unknown => {
  const error = new Error('Round.');
  error.cause = new AggregateError([error, revoked({})], '', { cause: error });
  return error;
};

/** What is hard to read, print or send. Made anew for each test: some of it changes when it is read. */
const NASTY: readonly (() => unknown)[] = [
  () => Object.create(null) as unknown,
  () => revoked({}),
  () => revoked([]),
  () => revoked(() => undefined),
  () => hostile({}),
  () => hostile([]),
  () => hostile(new Error('Behind a proxy.')),
  () => throwingFields('message', 'code', 'cause', 'errors', 'stack', 'status', 'success', 'data', 'toJSON'),
  () => ({ toString: throwing, valueOf: throwing, [Symbol.toPrimitive]: throwing }),
  () => ({ toJSON: throwing }),
  () => ({ toJSON: () => hostile({}) }),
  unnamedError,
  circularCause,
  cyclic,
  deep,
  () => Symbol('symbol'),
  () => 1n,
  () => new Array(600_000) as unknown,
  () => new Uint8Array(1_100_000),
  () => 'x'.repeat(300_000),
  () => ({ message: 'x'.repeat(300_000), code: 'y'.repeat(100_000) }),
  () => ({ success: false, error: hostile({}) }),
  () => ({ status: 'UP', message: hostile({}), details: cyclic() }),
  () => ({ data: deep() }),
  () => ({ message: revoked({}), data: revoked([]) }),
  () => Function,
  () => new Date(Number.NaN),
  () => JSON.parse('{"__proto__": {"polluted": true}}') as unknown,
];

/** How often what a function gives is a plain value, a nasty one, or a promise or thenable of one. */
const values = (): fc.Arbitrary<() => unknown> =>
  fc.oneof(
    fc.constantFrom(...NASTY),
    fc
      .anything({ withBigInt: true, withMap: true, withSet: true, withNullPrototype: true, withSparseArray: true })
      .map((value) => () => value),
  );

const given = (value: () => unknown): fc.Arbitrary<() => unknown> =>
  fc.constantFrom(
    value,
    () => {
      throw value();
    },
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- anything can be thrown.
    () => Promise.reject(value()),
    () => Promise.resolve(value()),
    () => ({
      then: (_: unknown, reject: (reason: unknown) => void) => {
        reject(value());
      },
    }),
    () => ({
      get then(): never {
        throw value();
      },
    }),
  );

/** Functions that return, throw, resolve to or reject with anything at all. */
export const anyFunction = (): fc.Arbitrary<() => unknown> => values().chain(given);

/** Everything that is nasty, each in some of the ways a function can give it. */
export const nastyFunctions = (waysOfEach: number): readonly (() => unknown)[] =>
  NASTY.flatMap((value, seed) => fc.sample(given(value), { numRuns: waysOfEach, seed }));
