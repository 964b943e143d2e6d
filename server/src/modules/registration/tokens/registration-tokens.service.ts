import { Injectable } from '@nestjs/common';
import {
  type AuditAction,
  type Counts,
  type CreatedRegistrationToken,
  type CreateRegistrationTokenRequest,
  DEFAULT_REGISTRATION_TOKEN_TTL_SECONDS,
  type Done,
  REGISTRATION_TOKEN_PREFIX,
  type RegistrationToken,
  type RegistrationTokenId,
  type TokenStatus,
} from '#contracts';
import { SYSTEM, type SystemActor, type UserActor } from '../../../common/actor.js';
import { Clock, secondsAfter } from '../../../common/clock.js';
import { hashToken, makeToken } from '../../../common/crypto/hashes.js';
import { Ids } from '../../../common/ids.js';
import { MaintenanceJob } from '../../../common/maintenance-job.js';
import { Database } from '../../../database/database.js';
import { type PageResult, parseSort, toPage } from '../../../database/lists/page.js';
import type { Tx } from '../../../database/tx.js';
import { AuditService } from '../../audit/audit.service.js';
import {
  registrationTokenNotActive,
  registrationTokenNotDeletable,
  registrationTokenNotFound,
} from '../registration.errors.js';
import type { ListRegistrationTokensQuery } from './dto/registration-tokens.dto.js';
import { effectiveStatus, type RegistrationTokenEntity, toRegistrationToken } from './registration-token.entity.js';
import { RegistrationTokensRepository } from './registration-tokens.repository.js';

const SORT_FIELDS = { createdAt: 'createdAt', expiresAt: 'expiresAt', name: 'name' } as const;
const SHOWN_CHARACTERS = 6;
const EXPIRY_BATCH = 200;

interface TokenEvent {
  readonly actor: UserActor | SystemActor;
  readonly action: AuditAction;
  /** Completes "Registration token <name> …". */
  readonly what: string;
}

/** Registration tokens as operators manage them. */
@Injectable()
export class RegistrationTokensService {
  constructor(
    private readonly db: Database,
    private readonly tokens: RegistrationTokensRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Lists tokens, newest first. */
  async list(query: ListRegistrationTokensQuery): Promise<PageResult<RegistrationToken>> {
    const sort = parseSort(query.sort, SORT_FIELDS, [{ field: 'createdAt', direction: 'DESC' }]);
    const now = this.clock.now();
    const found = await this.tokens.list(query, { ...query, sort, now });
    return toPage(query, found, (token) => toRegistrationToken(token, now));
  }

  /** How many tokens have each status. */
  async counts(): Promise<Counts<TokenStatus>> {
    const zero = { ACTIVE: 0, USED: 0, REVOKED: 0, EXPIRED: 0 };
    const counted = (await this.tokens.countByStatus(this.clock.now())).map(({ status, count }) => [status, count]);
    return { ...zero, ...(Object.fromEntries(counted) as Partial<Counts<TokenStatus>>) };
  }

  /** Creates a token. Its plaintext is only in this result; the database keeps a hash. */
  async create(
    actor: UserActor | SystemActor,
    request: CreateRegistrationTokenRequest,
  ): Promise<CreatedRegistrationToken> {
    const plaintext = makeToken(REGISTRATION_TOKEN_PREFIX);
    const token = this.#newToken(actor, request, plaintext);
    await this.db.transaction(async (tx) => {
      await this.tokens.insert(token, tx);
      await this.#record(tx, token, { actor, action: 'registration_token.created', what: 'was created' });
    });
    return { ...toRegistrationToken(token, this.clock.now()), token: plaintext, rawToken: plaintext };
  }

  /**
   * Revokes an active token; repeating it changes nothing.
   * @throws REGISTRATION_TOKEN_NOT_FOUND
   * @throws REGISTRATION_TOKEN_NOT_ACTIVE for a used or expired one
   */
  async revoke(actor: UserActor, id: RegistrationTokenId): Promise<RegistrationToken> {
    return this.db.transaction(async (tx) => {
      const now = this.clock.now();
      const revoked = await this.tokens.revoke(id, now, tx);
      const token = await this.#getById(id, tx);
      const status = effectiveStatus(token, now);
      if (status !== 'REVOKED') throw registrationTokenNotActive(status);
      if (revoked) await this.#record(tx, token, { actor, action: 'registration_token.revoked', what: 'was revoked' });
      return toRegistrationToken(token, now);
    });
  }

  /** Deletes an expired or revoked token. @throws REGISTRATION_TOKEN_NOT_FOUND, REGISTRATION_TOKEN_NOT_DELETABLE */
  async delete(actor: UserActor, id: RegistrationTokenId): Promise<Done> {
    return this.db.transaction(async (tx) => {
      const token = await this.#getById(id, tx);
      const status = effectiveStatus(token, this.clock.now());
      if (status !== 'EXPIRED' && status !== 'REVOKED') throw registrationTokenNotDeletable(status);
      if (!(await this.tokens.delete(id, tx))) throw registrationTokenNotFound(id);
      await this.#record(tx, token, { actor, action: 'registration_token.deleted', what: 'was deleted' });
      return { done: true };
    });
  }

  /** Records the expiry of one batch of tokens and returns how many; call again while it is not 0. */
  @MaintenanceJob({
    id: 'registration-tokens',
    phase: 'expire',
    description: 'Records registration tokens that expired unused.',
  })
  async expire(): Promise<number> {
    return this.db.transaction(async (tx) => {
      await this.tokens.bringBackExpiry(this.clock.now(), tx);
      const expired = await this.tokens.listExpired(this.clock.now(), EXPIRY_BATCH, tx);
      for (const token of expired) {
        if (!(await this.tokens.markExpired(token.id, tx))) continue;
        await this.#record(tx, token, {
          actor: SYSTEM,
          action: 'system.registration_token.expired',
          what: 'expired unused',
        });
      }
      return expired.length;
    });
  }

  #newToken(
    actor: UserActor | SystemActor,
    request: CreateRegistrationTokenRequest,
    plaintext: string,
  ): RegistrationTokenEntity {
    const { expiresInSeconds = DEFAULT_REGISTRATION_TOKEN_TTL_SECONDS } = request;
    const createdAt = this.clock.now();
    return {
      id: this.ids.make('tok'),
      name: request.name ?? null,
      tokenHash: hashToken(plaintext),
      tokenPrefix: plaintext.slice(0, REGISTRATION_TOKEN_PREFIX.length + SHOWN_CHARACTERS),
      status: 'ACTIVE',
      agentCode: request.agentCode ?? null,
      allowedCidrs: request.allowedCidrs ?? [],
      createdByUserId: actor.kind === 'user' ? actor.id : null,
      createdAt,
      expiresAt: expiresInSeconds === null ? null : secondsAfter(createdAt, expiresInSeconds),
      usedAt: null,
      usedByAgentId: null,
      revokedAt: null,
    };
  }

  async #getById(id: RegistrationTokenId, tx: Tx): Promise<RegistrationTokenEntity> {
    const token = await this.tokens.findById(id, tx);
    if (!token) throw registrationTokenNotFound(id);
    return token;
  }

  #record(tx: Tx, token: RegistrationTokenEntity, { actor, action, what }: TokenEvent): Promise<void> {
    return this.audit.record(tx, {
      actor,
      action,
      target: { type: 'RegistrationToken', id: token.id },
      message: `Registration token ${token.name ?? token.id} ${what}.`,
      metadata: {
        name: token.name,
        agentCode: token.agentCode,
        expiresAt: token.expiresAt?.toISOString() ?? null,
        allowedCidrs: token.allowedCidrs,
      },
    });
  }
}
