import { Body, Delete, Get, Param, Post, Query } from '@nestjs/common';
import type { CreatedRegistrationToken, Done, RegistrationToken } from '#contracts';
import type { UserActor } from '../../../common/actor.js';
import type { PageResult } from '../../../database/lists/page.js';
import { Access, AdminController, CurrentUser } from '../../../http/access.js';
import {
  CreateRegistrationTokenBody,
  ListRegistrationTokensQuery,
  RegistrationTokenParams,
} from './dto/registration-tokens.dto.js';
import { RegistrationTokensService } from './registration-tokens.service.js';

@AdminController('registration-tokens')
export class RegistrationTokensController {
  constructor(private readonly tokens: RegistrationTokensService) {}

  /** Lists registration tokens without their plaintext, newest first. */
  @Get()
  @Access('viewer')
  list(@Query() query: ListRegistrationTokensQuery): Promise<PageResult<RegistrationToken>> {
    return this.tokens.list(query);
  }

  /** Creates a token. Its plaintext is only in this response. */
  @Post()
  @Access('operator')
  create(
    @CurrentUser() actor: UserActor,
    @Body() body: CreateRegistrationTokenBody,
  ): Promise<CreatedRegistrationToken> {
    return this.tokens.create(actor, body);
  }

  /** Revokes an active token. Repeating it changes nothing. */
  @Post(':id/revoke')
  @Access('operator')
  revoke(@CurrentUser() actor: UserActor, @Param() { id }: RegistrationTokenParams): Promise<RegistrationToken> {
    return this.tokens.revoke(actor, id);
  }

  /** Deletes an expired or revoked token. */
  @Delete(':id')
  @Access('operator')
  delete(@CurrentUser() actor: UserActor, @Param() { id }: RegistrationTokenParams): Promise<Done> {
    return this.tokens.delete(actor, id);
  }
}
