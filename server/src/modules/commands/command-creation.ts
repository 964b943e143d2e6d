import { Injectable } from '@nestjs/common';
import type { UserActor } from '../../common/http/identity.js';
import { Database } from '../../database/database.js';
import { retryOnUniqueViolation } from '../../database/retry-on-unique-violation.js';
import type { Tx } from '../../database/tx.js';
import type { CommandEntity } from './command.entity.js';
import { CommandsRepository } from './commands.repository.js';
import { IdempotentRequests } from './idempotent-requests.js';
import { PayloadChecks, type IssuesOf } from './payload-checks.js';

/** A request for a command, as a user made it. */
export interface CreationRequest {
  readonly actor: UserActor;
  /** The `Idempotency-Key`; null without one. */
  readonly key: string | null;
  /** Everything that makes it this request. */
  readonly content: object;
}

/** Makes the command; may run more than once, each time in a transaction of its own. */
type Create = (tx: Tx, issuesOf: IssuesOf) => Promise<CommandEntity>;

/** Creates commands: one for all requests that are the same one said again. */
@Injectable()
export class CommandCreation {
  constructor(
    private readonly db: Database,
    private readonly requests: IdempotentRequests,
    private readonly commands: CommandsRepository,
    private readonly checks: PayloadChecks,
  ) {}

  /**
   * Runs `create` in a transaction, unless the same request did so within a day: then the command it made is returned as
   * it is now. A request that fails does not use up its key. @throws IDEMPOTENCY_KEY_REUSED
   */
  run(request: CreationRequest, create: Create): Promise<CommandEntity> {
    return this.checks.during((issuesOf) => this.#runOnce(request, (tx) => create(tx, issuesOf)));
  }

  #runOnce(request: CreationRequest, create: (tx: Tx) => Promise<CommandEntity>): Promise<CommandEntity> {
    const { actor, key, content } = request;
    if (key === null) return this.db.transaction(create);
    const keyed = { userId: actor.id, key, content };
    return retryOnUniqueViolation(() =>
      this.db.transaction(async (tx) => {
        const made = await this.requests.findMade(tx, keyed);
        const known = made && (await this.commands.findShown(made, tx));
        if (known) return known;
        const command = await create(tx);
        await this.requests.note(tx, keyed, command.id);
        return command;
      }),
    );
  }
}
