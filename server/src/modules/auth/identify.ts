import type { Request } from 'express';

/** Who a request is, as the packages of Passport find it out. */
interface RequestStrategy {
  authenticate(request: Request): void;
}

/** What a strategy calls exactly one of, to say who a request is (the contract of `passport-strategy`). */
interface Verdicts {
  readonly success: (identity: unknown) => void;
  readonly fail: () => void;
  readonly pass: () => void;
  readonly redirect: () => void;
  readonly error: (error: unknown) => void;
}

/**
 * Who the strategy says the request is; null when it refuses.
 *
 * In place of Passport's middleware, which assigns five function literals to properties for each request: V8 puts such
 * functions among the old objects at once, and with them all that the request refers to stays until the next full
 * collection (docs/decisions/0021).
 */
export const identify = <T>(strategy: RequestStrategy, request: Request): Promise<T | null> =>
  new Promise((resolve, reject) => {
    const refuse = (): void => {
      resolve(null);
    };
    const verdicts: Verdicts = {
      success: (identity) => {
        resolve(identity as T);
      },
      fail: refuse,
      pass: refuse,
      redirect: refuse,
      error: reject,
    };
    const attempt: RequestStrategy & Verdicts = Object.assign(Object.create(strategy) as RequestStrategy, verdicts);
    attempt.authenticate(request);
  });
