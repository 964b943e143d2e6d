import { Injectable } from '@nestjs/common';
import { hash, verify, type Options } from '@node-rs/argon2';

/** OWASP Password Storage Cheat Sheet: argon2id (the library's default) with 19 MiB, two passes, one lane. */
const PARAMETERS: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Of random bytes that were thrown away, with the same parameters: checking against it takes as long as any other. */
const NOBODYS_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$nesVVtd47V0KVuSDf10MmQ$rjBb1LDdte3y91yyIhPFtn/q+S0/MDOD8JZQwQm/dZI';

/** Hashes and checks passwords, off the serving thread, and one at a time: whoever tries many gets no more of the machine. */
@Injectable()
export class Passwords {
  #last: Promise<unknown> = Promise.resolve();

  hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(password, PARAMETERS));
  }

  /** Whether the password fits. Without a hash it takes just as long, and does not. */
  async verify(passwordHash: string | null, password: string): Promise<boolean> {
    const fits = await this.#inTurn(() => verify(passwordHash ?? NOBODYS_HASH, password));
    return fits && passwordHash !== null;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work, work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}
