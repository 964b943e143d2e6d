import { extname } from 'node:path';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Options } from '@node-rs/argon2';
import { WorkerPool } from '../../../common/worker-pool.js';
import type * as tasks from './passwords.worker.js';

/** OWASP Password Storage Cheat Sheet: argon2id (the library's default) with 19 MiB, two passes, one lane. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } satisfies Options;

/** The hash of discarded random bytes, with the same parameters: checking against it takes as long as any other. */
const DUMMY_HASH = '$argon2id$v=19$m=19456,t=2,p=1$nesVVtd47V0KVuSDf10MmQ$rjBb1LDdte3y91yyIhPFtn/q+S0/MDOD8JZQwQm/dZI';

const PHC_PARAMETERS = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/;

/** Hashes and verifies passwords in a worker thread, one at a time: a flood of attempts cannot occupy the machine. */
@Injectable()
export class Passwords implements OnApplicationShutdown {
  readonly #pool = new WorkerPool<typeof tasks>(
    new URL(`./passwords.worker${extname(import.meta.url)}`, import.meta.url),
  );

  /** The argon2id hash with a new salt, in PHC string format. */
  hash(password: string): Promise<string> {
    return this.#pool.run('hash', { password, parameters: PARAMETERS });
  }

  /** Whether the password matches the hash; without a hash it takes as long and returns false. */
  async verify(passwordHash: string | null, password: string): Promise<boolean> {
    const isRight = await this.#pool.run('verify', { password, hash: passwordHash ?? DUMMY_HASH });
    return isRight && passwordHash !== null;
  }

  /** Whether the hash has weaker parameters than today's and should be renewed while the password is known. */
  isOutdated(passwordHash: string): boolean {
    const [, memoryCost, timeCost] = PHC_PARAMETERS.exec(passwordHash)?.map(Number) ?? [];
    if (memoryCost === undefined || timeCost === undefined) return true;
    return memoryCost < PARAMETERS.memoryCost || timeCost < PARAMETERS.timeCost;
  }

  onApplicationShutdown(): Promise<void> {
    return this.#pool.close();
  }
}
