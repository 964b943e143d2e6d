import { Injectable } from '@nestjs/common';
import { hash, verify, type Options } from '@node-rs/argon2';

/** OWASP Password Storage Cheat Sheet: argon2id (the library's default) with 19 MiB, two passes, one lane. */
const PARAMETERS: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hashes and checks passwords, off the serving thread, and one at a time: whoever tries many gets no more of the machine. */
@Injectable()
export class Passwords {
  readonly #dummy = hash('a password that nobody has', PARAMETERS);
  #last: Promise<unknown> = Promise.resolve();

  hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(password, PARAMETERS));
  }

  /** Whether the password fits. Without a hash it takes just as long, and does not. */
  async verify(passwordHash: string | null, password: string): Promise<boolean> {
    const comparedWith = passwordHash ?? (await this.#dummy);
    const fits = await this.#inTurn(() => verify(comparedWith, password));
    return fits && passwordHash !== null;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work, work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}
