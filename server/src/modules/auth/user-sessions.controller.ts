import { Delete, Get, Param, Query } from '@nestjs/common';
import type { EndedSessions, SessionSummary } from '#contracts';
import { Access, AdminController, CurrentUser } from '../../common/http/access.js';
import type { UserActor } from '../../common/http/identity.js';
import { PageQuery, type PageResult } from '../../common/http/page.js';
import { UserParams } from '../users/dto/user.params.js';
import { UserSessionParams } from './dto/session.params.js';
import { OpenSessionsService } from './open-sessions.service.js';

@AdminController('users/:id/sessions')
export class UserSessionsController {
  constructor(private readonly sessions: OpenSessionsService) {}

  /** Lists where a user is signed in, the session last used first. */
  @Get()
  @Access('owner')
  list(
    @CurrentUser() actor: UserActor,
    @Param() { id }: UserParams,
    @Query() query: PageQuery,
  ): Promise<PageResult<SessionSummary>> {
    return this.sessions.list(actor, id, query);
  }

  /** Ends all sessions of a user; of oneself all but the one that asks. */
  @Delete()
  @Access('owner')
  endAll(@CurrentUser() actor: UserActor, @Param() { id }: UserParams): Promise<EndedSessions> {
    return this.sessions.endOthers(actor, id);
  }

  /** Ends one session of a user. */
  @Delete(':sessionId')
  @Access('owner')
  end(@CurrentUser() actor: UserActor, @Param() { id, sessionId }: UserSessionParams): Promise<EndedSessions> {
    return this.sessions.end(actor, id, sessionId);
  }
}
