import { extname } from 'node:path';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Options } from '@node-rs/argon2';
import { SideThread } from '../../../common/worker-pool.js';

/** OWASP Password Storage Cheat Sheet: argon2id (the library's default) with 19 MiB, two passes, one lane. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } satisfies Options;

/** Of random bytes that were thrown away, with the same parameters: checking against it takes as long as any other. */
const NOBODYS_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$nesVVtd47V0KVuSDf10MmQ$rjBb1LDdte3y91yyIhPFtn/q+S0/MDOD8JZQwQm/dZI';

const PHC_PARAMETERS = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/;

interface Task {
  readonly password: string;
  readonly parameters?: Options;
  readonly hash?: string;
}

type Answer = { readonly answer: string | boolean } | { readonly fault: string };

/**
 * Hashes and checks passwords, in a thread beside the serving one and one at a time: whoever tries many gets no more of
 * the machine, and where it has few cores only what others leave.
 */
@Injectable()
export class Passwords implements OnApplicationShutdown {
  readonly #thread = new SideThread<Task, Answer>(
    new URL(`./passwords.worker${extname(import.meta.url)}`, import.meta.url),
  );

  async hash(password: string): Promise<string> {
    return String(await this.#ask({ password, parameters: PARAMETERS }));
  }

  /** Whether the password fits. Without a hash it takes just as long, and does not. */
  async verify(passwordHash: string | null, password: string): Promise<boolean> {
    const fits = await this.#ask({ password, hash: passwordHash ?? NOBODYS_HASH });
    return fits === true && passwordHash !== null;
  }

  /** Whether it was made with weaker parameters than today's: then it is to be made anew while the password is known. */
  isOutdated(passwordHash: string): boolean {
    const [, memoryCost, timeCost] = PHC_PARAMETERS.exec(passwordHash)?.map(Number) ?? [];
    if (memoryCost === undefined || timeCost === undefined) return true;
    return memoryCost < PARAMETERS.memoryCost || timeCost < PARAMETERS.timeCost;
  }

  onApplicationShutdown(): Promise<void> {
    return this.#thread.close();
  }

  async #ask(task: Task): Promise<string | boolean> {
    const answer = await this.#thread.ask(task);
    if ('fault' in answer) throw new Error(answer.fault);
    return answer.answer;
  }
}
