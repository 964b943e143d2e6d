import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { SessionId } from '#contracts';
import type { ClientInfo } from '../../../common/actor.js';
import { Clock } from '../../../common/clock.js';
import { hashToken, makeToken } from '../../../common/crypto/hashes.js';
import { SecretBox } from '../../../common/crypto/secret-box.js';
import { Ids } from '../../../common/ids.js';
import { MaintenanceJob } from '../../../common/maintenance-job.js';
import { AppConfig } from '../../../config/app-config.js';
import { Database } from '../../../database/database.js';
import { storageFailureOf } from '../../../database/errors.js';
import type { Tx } from '../../../database/tx.js';
import { AuditService } from '../../audit/audit.service.js';
import type { UserEntity } from '../users/user.entity.js';
import type { LiveSession, SessionEntity } from './session.entity.js';
import { type Lifetime, SessionsRepository } from './sessions.repository.js';
import type { SignedIn } from './signed-in.js';

/** The expiry is extended at most this often, or every quarter of a shorter idle time: otherwise each request would write. */
const EXTEND_AFTER_MS = 60_000;
const DELETE_BATCH = 500;
/** More than anybody has browsers, and a script that signs in at each run without signing out needs no more either. */
const MAX_SESSIONS_PER_USER = 50;

export interface OpenedSession {
  /** The value of the cookie, which is stored nowhere else. */
  readonly cookieValue: string;
  readonly live: LiveSession;
}

const newSalt = (): string => randomBytes(24).toString('base64url');

/** Opens, extends and ends sessions, and guards them against cross-site requests. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly db: Database,
    private readonly sessions: SessionsRepository,
    private readonly audit: AuditService,
    private readonly box: SecretBox,
    private readonly config: AppConfig,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Opens a session for a user who has just signed in. */
  async open(tx: Tx, user: UserEntity, origin: ClientInfo): Promise<OpenedSession> {
    const cookieValue = makeToken('');
    const now = this.clock.now();
    const session: SessionEntity = {
      id: this.ids.make('ses'),
      userId: user.id,
      idHash: hashToken(cookieValue),
      csrfSalt: newSalt(),
      userSessionEpoch: user.sessionEpoch,
      ...origin,
      createdAt: now,
      lastSeenAt: now,
      expiresAt: this.#expiry(now),
      confirmedAt: now,
    };
    await this.sessions.insert(session, tx);
    return { cookieValue, live: { session, user } };
  }

  /** Ends the user's least recently used sessions, as far as there are too many with this new one; returns them. */
  async makeRoom(tx: Tx, { session, user }: LiveSession): Promise<readonly SessionEntity[]> {
    const others = (await this.listLive(user, tx)).filter(({ id }) => id !== session.id);
    const ended = others.slice(MAX_SESSIONS_PER_USER - 1);
    for (const { id } of ended) await this.end(tx, id);
    return ended;
  }

  /** The live session of this cookie, or null. */
  findLive(cookieValue: string): Promise<LiveSession | null> {
    return this.sessions.findLive(hashToken(cookieValue), this.#lifetime());
  }

  /** The first of these cookies that belongs to a live session, with that session; null when none does. */
  async findFirstLive(cookieValues: readonly string[]): Promise<OpenedSession | null> {
    for (const cookieValue of cookieValues) {
      const live = await this.findLive(cookieValue);
      if (live) return { cookieValue, live };
    }
    return null;
  }

  /** The session, or null when it has ended. */
  findLiveById(id: SessionId): Promise<LiveSession | null> {
    return this.sessions.findLiveById(id, this.#lifetime());
  }

  /** The user's live sessions, most recently used first. */
  listLive(user: UserEntity, tx?: Tx): Promise<SessionEntity[]> {
    return this.sessions.listLive(user, this.#lifetime(), tx);
  }

  /** How many sessions are live. */
  countLive(): Promise<number> {
    return this.sessions.countLive(this.#lifetime());
  }

  /** The session with a later expiry; null when it was extended only recently. */
  async extend({ session, user }: LiveSession): Promise<LiveSession | null> {
    const lastSeenAt = this.clock.now();
    const unextendedMs = lastSeenAt.getTime() - session.lastSeenAt.getTime();
    // Last seen in the future: the clock has been set back since, and the expiry follows it.
    if (unextendedMs >= 0 && unextendedMs < this.#extendAfterMs()) return null;
    const expiresAt = this.#expiry(session.createdAt);
    try {
      await this.db.transaction((tx) => this.sessions.extend(session.id, lastSeenAt, expiresAt, tx));
    } catch (error) {
      // On a full disk a signed-in user must still get in, to make room.
      if (storageFailureOf(error) === null) throw error;
      return null;
    }
    return { session: { ...session, lastSeenAt, expiresAt }, user };
  }

  /** Records that the user has just proved who they are. */
  async confirm(tx: Tx, { session }: LiveSession, at: Date): Promise<void> {
    await this.sessions.setConfirmedAt(session.id, at, tx);
  }

  /** Ends one session. */
  async end(tx: Tx, id: SessionId): Promise<void> {
    await this.sessions.delete(id, tx);
  }

  /** Keeps this session alive when the same transaction ends all sessions of its user. */
  async keepAlive(tx: Tx, { session }: LiveSession): Promise<void> {
    await this.sessions.adoptEpoch(session.id, session.userSessionEpoch + 1, tx);
  }

  /** The CSRF token of this session. */
  csrfToken(session: SessionEntity): string {
    return this.box.sign(this.#csrfMessage(session));
  }

  /** Whether `token` is the session's CSRF token, compared in constant time. */
  isCsrfToken(session: SessionEntity, token: string): boolean {
    return this.box.verify(this.#csrfMessage(session), token);
  }

  /** A new CSRF token; the earlier one is refused from then on. */
  async refreshCsrf({ actor, live: { session } }: SignedIn): Promise<string> {
    const csrfSalt = newSalt();
    await this.db.transaction(async (tx) => {
      await this.sessions.setCsrfSalt(session.id, csrfSalt, tx);
      await this.audit.record(tx, {
        actor,
        action: 'session.csrf.refreshed',
        target: { type: 'User', id: actor.id },
        message: `${actor.username} requested a new CSRF token.`,
      });
    });
    return this.csrfToken({ ...session, csrfSalt });
  }

  /** Deletes one batch of sessions that have ended; returns how many. Call again until it returns 0. */
  @MaintenanceJob({ id: 'sessions', phase: 'expire', description: 'Deletes sessions that have ended.' })
  deleteEndedSessions(): Promise<number> {
    return this.db.transaction((tx) => this.sessions.deleteEnded(this.#lifetime(), DELETE_BATCH, tx));
  }

  /** One idle time from now, but never past the absolute limit. */
  #expiry(createdAt: Date): Date {
    const idle = this.clock.secondsFromNow(this.config.sessionTtlSeconds).getTime();
    return new Date(Math.min(idle, createdAt.getTime() + this.config.sessionAbsoluteSeconds * 1000));
  }

  #lifetime(): Lifetime {
    const now = this.clock.now();
    return { now, bornAfter: new Date(now.getTime() - this.config.sessionAbsoluteSeconds * 1000) };
  }

  #extendAfterMs(): number {
    return Math.min(EXTEND_AFTER_MS, (this.config.sessionTtlSeconds * 1000) / 4);
  }

  #csrfMessage(session: SessionEntity): string {
    return `csrf ${session.id} ${session.csrfSalt}`;
  }
}
