import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/time/clock.js';
import { Database } from '../../database/database.js';
import { SessionsService } from './sessions.service.js';
import { SignInFailuresRepository } from './sign-in/sign-in-failures.repository.js';

const BATCH = 500;

/** Deletes what signing in leaves behind. */
@Injectable()
export class AuthUpkeep {
  constructor(
    private readonly db: Database,
    private readonly sessions: SessionsService,
    private readonly failures: SignInFailuresRepository,
    private readonly clock: Clock,
  ) {}

  /** Deletes one bounded batch of sessions that have ended; returns how many. Call again while it is not 0. */
  deleteEndedSessions(): Promise<number> {
    return this.db.transaction((tx) => this.sessions.prune(tx));
  }

  /** Deletes one bounded batch of refused sign-ins that no longer count; returns how many. Call again while it is not 0. */
  deleteForgottenFailures(): Promise<number> {
    return this.db.transaction((tx) => this.failures.deleteForgotten(this.clock.now(), BATCH, tx));
  }
}
