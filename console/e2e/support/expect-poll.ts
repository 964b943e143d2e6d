import { eventually } from '#testing';

type Polled<T> = jest.Matchers<Promise<void>, T> & { readonly not: jest.Matchers<Promise<void>, T> };

/**
 * Reads from the page again and again until the matcher passes: a page draws when it gets to it, so what was read once,
 * right after a click, may be the state before it.
 *
 * @throws the matcher's last error when it does not pass in time
 */
export const expectPoll = <T>(read: () => Promise<T>): Polled<T> => {
  const matchers = (isNegated: boolean): object =>
    new Proxy(
      {},
      {
        get: (_, name) => {
          if (name === 'not') return matchers(true);
          return async (...expected: unknown[]): Promise<void> => {
            await eventually(async () => {
              const expectation = expect(await read());
              const matcher: unknown = Reflect.get(isNegated ? expectation.not : expectation, name);
              if (typeof matcher !== 'function') throw new Error(`There is no matcher ${String(name)}.`);
              Reflect.apply(matcher, undefined, expected);
            });
          };
        },
      },
    );
  return matchers(false) as Polled<T>;
};
