import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { CreateUserRequest, ResetPasswordRequest, UpdateUserRequest, User, UserId } from '#contracts';
import { type Actor, actorName, SYSTEM, type SystemActor, type UserActor } from '../../../common/actor.js';
import { Clock } from '../../../common/clock.js';
import { Ids } from '../../../common/ids.js';
import { AppConfig } from '../../../config/app-config.js';
import { Database } from '../../../database/database.js';
import { isUniqueViolation } from '../../../database/errors.js';
import { type PageResult, parseSort, toPage } from '../../../database/lists/page.js';
import type { Tx } from '../../../database/tx.js';
import { AuditService } from '../../audit/audit.service.js';
import { cannotResetOwnPassword, lastOwnerRequired, userAlreadyExists, userNotFound } from '../auth.errors.js';
import { requireGoodPassword } from '../passwords/password-policy.js';
import { Passwords } from '../passwords/passwords.js';
import type { ListUsersQuery } from './dto/users.dto.js';
import { toUser, type UserEntity } from './user.entity.js';
import { UsersRepository } from './users.repository.js';

interface CreatedOwner {
  readonly username: string;
  readonly password: string;
}

const SORT_FIELDS = { createdAt: 'createdAt', username: 'username', lastLoginAt: 'lastLoginAt' } as const;

/** Manages the users of the installation. */
@Injectable()
export class UsersService {
  /** The first owner if this start generated their password, which is shown once and not stored; otherwise null. */
  createdOwner: CreatedOwner | null = null;

  constructor(
    private readonly config: AppConfig,
    private readonly db: Database,
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /**
   * Creates the first owner when there are no users, from the environment or with a generated password. A server does so at its
   * start; a command on the host never does.
   * @throws VALIDATION_FAILED for a password that is too easy to guess
   */
  async createFirstOwner(): Promise<void> {
    const username = this.config.adminUsername ?? 'admin';
    const password = this.config.adminPassword ?? randomBytes(18).toString('base64url');
    const isCreated = await this.#insertFirstOwner(username, password);
    if (isCreated && this.config.adminPassword === null) this.createdOwner = { username, password };
  }

  /** Lists users by name. */
  async list(query: ListUsersQuery): Promise<PageResult<User>> {
    const sort = parseSort(query.sort, SORT_FIELDS, [{ field: 'username', direction: 'ASC' }]);
    return toPage(query, await this.users.list(query, { ...query, sort }), toUser);
  }

  /** How many users there are. */
  count(): Promise<number> {
    return this.users.count();
  }

  /** The user with this name in any case, or null. */
  async findByUsername(username: string): Promise<User | null> {
    const user = await this.users.findByUsername(username);
    return user && toUser(user);
  }

  /** Creates an active user. @throws USER_ALREADY_EXISTS, VALIDATION_FAILED for a password that is too easy to guess */
  async create(actor: UserActor | SystemActor, request: CreateUserRequest): Promise<User> {
    await requireGoodPassword('password', request.password, request.username);
    const user = await this.#newUser(request);
    try {
      await this.db.transaction((tx) => this.#insert(tx, actor, user));
    } catch (error) {
      if (isUniqueViolation(error)) throw userAlreadyExists(user.username);
      throw error;
    }
    return toUser(user);
  }

  /**
   * Changes role, status or display name. A new role or status ends the user's sessions at once.
   * @throws USER_NOT_FOUND
   * @throws LAST_OWNER_REQUIRED if no active owner would remain
   */
  async update(actor: UserActor | SystemActor, id: UserId, request: UpdateUserRequest): Promise<User> {
    return this.db.transaction(async (tx) => {
      await this.users.lockOwners(tx);
      const user = await this.#getById(id, tx);
      const after = changesOf(user, request);
      const changed = Object.keys(after) as (keyof UpdateUserRequest)[];
      if (changed.length === 0) return toUser(user);
      await this.users.change(id, { ...after, updatedAt: this.clock.now() }, tx);
      if (after.role !== undefined || after.status !== undefined) await this.users.invalidateSessions(id, tx);
      if ((await this.users.countActiveOwners(tx)) === 0) throw lastOwnerRequired();
      await this.audit.record(tx, {
        actor,
        action: 'user.updated',
        target: { type: 'User', id },
        message: `${actorName(actor)} changed ${changed.join(', ')} of user ${user.username}.`,
        metadata: { before: Object.fromEntries(changed.map((field) => [field, user[field]])), after },
      });
      return toUser(await this.#getById(id, tx));
    });
  }

  /**
   * Sets a new password and ends the user's sessions at once.
   * @throws USER_NOT_FOUND, VALIDATION_FAILED for a password that is too easy to guess
   * @throws FORBIDDEN for the actor's own account: a stolen session must not be enough to take it over
   */
  async resetPassword(actor: Actor, id: UserId, request: ResetPasswordRequest): Promise<User> {
    if (actor.kind === 'user' && actor.id === id) throw cannotResetOwnPassword();
    const password = request.password ?? request.newPassword ?? '';
    const field = request.password === undefined ? 'newPassword' : 'password';
    await requireGoodPassword(field, password, (await this.#getById(id)).username);
    const passwordHash = await this.passwords.hash(password);
    return this.db.transaction(async (tx) => {
      const user = await this.#getById(id, tx);
      await this.users.setPassword(id, passwordHash, this.clock.now(), tx);
      await this.audit.record(tx, {
        actor,
        action: 'user.password.reset',
        target: { type: 'User', id },
        message: `The password of user ${user.username} was reset.`,
      });
      return toUser(await this.#getById(id, tx));
    });
  }

  /** Returns false when there are users already. */
  async #insertFirstOwner(username: string, password: string): Promise<boolean> {
    if ((await this.users.count()) > 0) return false;
    await requireGoodPassword('OPSTAGE_ADMIN_PASSWORD', password, username);
    const user = { ...(await this.#newUser({ username, password, role: 'owner' })), isBootstrapPassword: true };
    try {
      return await this.db.transaction(async (tx) => {
        if ((await this.users.count(tx)) > 0) return false;
        await this.#insertFirst(tx, user);
        return true;
      });
    } catch (error) {
      // Another replica was faster.
      if (isUniqueViolation(error)) return false;
      throw error;
    }
  }

  async #newUser(request: CreateUserRequest): Promise<UserEntity> {
    const now = this.clock.now();
    return {
      id: this.ids.make('usr'),
      username: request.username.toLowerCase(),
      displayName: request.displayName ?? null,
      passwordHash: await this.passwords.hash(request.password),
      isBootstrapPassword: false,
      role: request.role,
      status: 'ACTIVE',
      sessionEpoch: 0,
      passkeyCount: 0,
      createdAt: now,
      updatedAt: now,
      lastLoginAt: null,
    };
  }

  async #insert(tx: Tx, actor: UserActor | SystemActor, user: UserEntity): Promise<void> {
    await this.users.insert(user, tx);
    await this.audit.record(tx, {
      actor,
      action: 'user.created',
      target: { type: 'User', id: user.id },
      message: `${actorName(actor)} created user ${user.username} as ${user.role}.`,
      metadata: { username: user.username, role: user.role },
    });
  }

  async #insertFirst(tx: Tx, user: UserEntity): Promise<void> {
    await this.users.insert(user, tx);
    await this.audit.record(tx, {
      actor: SYSTEM,
      action: 'system.bootstrap.completed',
      target: { type: 'User', id: user.id },
      message: `The installation was set up with its first owner, ${user.username}.`,
      metadata: { username: user.username },
    });
  }

  async #getById(id: UserId, tx?: Tx): Promise<UserEntity> {
    const user = await this.users.findById(id, tx);
    if (!user) throw userNotFound(id);
    return user;
  }
}

/** Returns the fields whose value would change. */
const changesOf = (user: UserEntity, { role, status, displayName }: UpdateUserRequest): UpdateUserRequest => ({
  ...(role !== undefined && role !== user.role && { role }),
  ...(status !== undefined && status !== user.status && { status }),
  ...(displayName !== undefined && displayName !== user.displayName && { displayName }),
});
