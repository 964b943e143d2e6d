import { Delete, Get, Param, Query } from '@nestjs/common';
import type { EndedSessions, SessionSummary } from '#contracts';
import type { UserActor } from '../../../common/actor.js';
import type { PageResult } from '../../../database/lists/page.js';
import { Access, AdminController, CurrentUser } from '../../../http/access.js';
import { PageQuery } from '../../../http/validation/page-query.dto.js';
import { UserParams } from '../users/dto/users.dto.js';
import { SessionParams, UserSessionParams } from './dto/sessions.dto.js';
import { OpenSessionsService } from './open-sessions.service.js';

@AdminController('auth/sessions')
export class OwnSessionsController {
  constructor(private readonly sessions: OpenSessionsService) {}

  /** Lists your own sessions, most recently used first; `current` marks the one of this request. */
  @Get()
  @Access('viewer')
  list(@CurrentUser() actor: UserActor, @Query() query: PageQuery): Promise<PageResult<SessionSummary>> {
    return this.sessions.list(actor, actor.id, query);
  }

  /** Ends all of your sessions except the one of this request. */
  @Delete()
  @Access('viewer')
  endOthers(@CurrentUser() actor: UserActor): Promise<EndedSessions> {
    return this.sessions.endOthers(actor, actor.id);
  }

  /** Ends one of your sessions. */
  @Delete(':id')
  @Access('viewer')
  end(@CurrentUser() actor: UserActor, @Param() { id }: SessionParams): Promise<EndedSessions> {
    return this.sessions.end(actor, actor.id, id);
  }
}

@AdminController('users/:id/sessions')
export class UserSessionsController {
  constructor(private readonly sessions: OpenSessionsService) {}

  /** Lists a user's sessions, most recently used first. */
  @Get()
  @Access('owner')
  list(
    @CurrentUser() actor: UserActor,
    @Param() { id }: UserParams,
    @Query() query: PageQuery,
  ): Promise<PageResult<SessionSummary>> {
    return this.sessions.list(actor, id, query);
  }

  /** Ends all sessions of a user, except the one of this request. */
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
