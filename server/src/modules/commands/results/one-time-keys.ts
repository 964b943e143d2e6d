import { Injectable } from '@nestjs/common';
import { type CommandDetail, type CommandId, type Json, type JsonObject, REDACTED } from '#contracts';
import type { UserActor } from '../../../common/actor.js';
import { Clock } from '../../../common/clock.js';
import { SecretBox } from '../../../common/crypto/secret-box.js';
import { MaintenanceJob } from '../../../common/maintenance-job.js';
import { Database } from '../../../database/database.js';
import { AuditService } from '../../audit/audit.service.js';
import { toCommandDetail, type CommandWithResult } from '../command.mapper.js';
import type { CommandResultEntity } from './command-result.entity.js';
import { CommandResultsRepository } from './command-results.repository.js';

const KEY_LIFETIME_SECONDS = 300;

type KeyColumns = Pick<CommandResultEntity, 'sealedKey' | 'keyExpiresAt'>;

/** A result's `generatedKey`: sealed at rest, shown once and within five minutes to the user who created the command. */
@Injectable()
export class OneTimeKeys {
  constructor(
    private readonly db: Database,
    private readonly results: CommandResultsRepository,
    private readonly box: SecretBox,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** The columns that hold the key of a result; null without one. */
  seal(id: CommandId, data: JsonObject | undefined): KeyColumns {
    const key = data?.generatedKey;
    if (key === undefined || key === null || key === '') return { sealedKey: null, keyExpiresAt: null };
    return {
      sealedKey: this.box.seal(JSON.stringify(key), contextOf(id)),
      keyExpiresAt: this.clock.secondsFromNow(KEY_LIFETIME_SECONDS),
    };
  }

  /** The command as this user sees it: its creator gets the key in the clear the first time; it is `[REDACTED]` otherwise. */
  async reveal(actor: UserActor, whole: CommandWithResult): Promise<CommandDetail> {
    const { command, result } = whole;
    const detail = toCommandDetail(whole);
    if (!result?.sealedKey || command.createdByUserId !== actor.id) return detail;
    const key = await this.#take(actor, command.id, result.sealedKey);
    if (key === null || !detail.result) return detail;
    return { ...detail, result: { ...detail.result, data: { ...detail.result.data, generatedKey: key } } };
  }

  /** Erases keys that have expired unseen; returns how many. */
  @MaintenanceJob({
    id: 'one-time-keys',
    phase: 'expire',
    description: 'Erases one-time keys that were not collected in time.',
  })
  async eraseExpired(): Promise<number> {
    const latest = this.clock.secondsFromNow(KEY_LIFETIME_SECONDS);
    return this.db.transaction((tx) => this.results.eraseExpiredKeys(this.clock.now(), latest, tx));
  }

  /** The key, if this call is the one that erases it. */
  async #take(actor: UserActor, id: CommandId, sealed: string): Promise<Json> {
    const opened = this.box.open(sealed, contextOf(id));
    return this.db.transaction(async (tx) => {
      if (!(await this.results.takeKey(id, this.clock.now(), tx))) return null;
      await this.audit.record(tx, {
        actor,
        action: 'command.secret.revealed',
        target: { type: 'Command', id },
        message: `${actor.username} was shown the one-time key of a command; it is erased.`,
      });
      return opened === null ? REDACTED : (JSON.parse(opened) as Json);
    });
  }
}

const contextOf = (id: CommandId): string => `generatedKey ${id}`;
