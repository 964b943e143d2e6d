import { Injectable } from '@nestjs/common';
import { hash, verify, type Options } from '@node-rs/argon2';
import { Turns } from '../../common/concurrency/turns.js';

/** OWASP Password Storage Cheat Sheet: argon2id (the library's default) with 19 MiB, two passes, one lane. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } satisfies Options;

/** Of random bytes that were thrown away, with the same parameters: checking against it takes as long as any other. */
const NOBODYS_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$nesVVtd47V0KVuSDf10MmQ$rjBb1LDdte3y91yyIhPFtn/q+S0/MDOD8JZQwQm/dZI';

const PHC_PARAMETERS = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/;

/** Hashes and checks passwords, off the serving thread, and one at a time: whoever tries many gets no more of the machine. */
@Injectable()
export class Passwords {
  readonly #turns = new Turns();

  hash(password: string): Promise<string> {
    return this.#turns.take(() => hash(password, PARAMETERS));
  }

  /** Whether the password fits. Without a hash it takes just as long, and does not. */
  async verify(passwordHash: string | null, password: string): Promise<boolean> {
    const fits = await this.#turns.take(() => verify(passwordHash ?? NOBODYS_HASH, password));
    return fits && passwordHash !== null;
  }

  /** Whether it was made with weaker parameters than today's: then it is to be made anew while the password is known. */
  isOutdated(passwordHash: string): boolean {
    const [, memoryCost, timeCost] = PHC_PARAMETERS.exec(passwordHash)?.map(Number) ?? [];
    if (memoryCost === undefined || timeCost === undefined) return true;
    return memoryCost < PARAMETERS.memoryCost || timeCost < PARAMETERS.timeCost;
  }
}
