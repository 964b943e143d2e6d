import { Passwords } from '../../src/modules/auth/passwords/passwords.js';

/**
 * The server's own password hashing, shared by all servers of a test file: one worker for all of them, and each hash or
 * check computed once. Almost every test signs a user in, so Argon2 would otherwise dominate the run time.
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

  /** Keeps the worker for the other servers of the file. */
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
