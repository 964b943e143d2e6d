import { Injectable } from '@nestjs/common';
import { SessionsService } from '../auth/sessions.service.js';
import { UsersService } from '../users/users.service.js';

/** How many people there are, and how many are signed in. */
@Injectable()
export class PeopleCounts {
  constructor(
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
  ) {}

  async count(): Promise<{ readonly users: number; readonly activeSessions: number }> {
    return { users: await this.users.count(), activeSessions: await this.sessions.countLive() };
  }
}
