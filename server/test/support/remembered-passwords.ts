import { Passwords } from '../../src/modules/auth/passwords/passwords.js';

/**
 * The server's own hashing, for all servers of a test file: one thread does it, and does the same work once. Every test
 * signs somebody in, and 19 MiB of Argon2 each time would be a large part of what the suite costs.
 */
export class RememberedPasswords extends Passwords {
  readonly #hashes = new Map<string, Promise<string>>();
  readonly #checks = new Map<string, Promise<boolean>>();

  override hash(password: string): Promise<string> {
    return remember(this.#hashes, password, () => super.hash(password));
  }

  override verify(passwordHash: string | null, password: string): Promise<boolean> {
    return remember(this.#checks, JSON.stringify([passwordHash, password]), () => super.verify(passwordHash, password));
  }

  /** A server that stops leaves the thread to the others. */
  override onApplicationShutdown(): Promise<void> {
    return Promise.resolve();
  }

  end(): Promise<void> {
    return super.onApplicationShutdown();
  }
}

const remember = <T>(known: Map<string, Promise<T>>, key: string, find: () => Promise<T>): Promise<T> => {
  const result = known.get(key) ?? find();
  known.set(key, result);
  return result;
};
