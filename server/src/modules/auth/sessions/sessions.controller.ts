import { Delete, Get, Param, Query } from '@nestjs/common';
import type { EndedSessions, SessionSummary } from '#contracts';
import { Access, AdminController, CurrentUser } from '../../common/http/access.js';
import type { UserActor } from '../../common/http/identity.js';
import { PageQuery, type PageResult } from '../../common/http/page.js';
import { SessionParams } from './dto/session.params.js';
import { OpenSessionsService } from './open-sessions.service.js';

@AdminController('auth/sessions')
export class OwnSessionsController {
  constructor(private readonly sessions: OpenSessionsService) {}

  /** Lists where one is signed in, the session last used first; `current` marks the one that asks. */
  @Get()
  @Access('viewer')
  list(@CurrentUser() actor: UserActor, @Query() query: PageQuery): Promise<PageResult<SessionSummary>> {
    return this.sessions.list(actor, actor.id, query);
  }

  /** Ends all of one's sessions but the one that asks. */
  @Delete()
  @Access('viewer')
  endOthers(@CurrentUser() actor: UserActor): Promise<EndedSessions> {
    return this.sessions.endOthers(actor, actor.id);
  }

  /** Ends one of one's sessions. */
  @Delete(':id')
  @Access('viewer')
  end(@CurrentUser() actor: UserActor, @Param() { id }: SessionParams): Promise<EndedSessions> {
    return this.sessions.end(actor, actor.id, id);
  }
}
