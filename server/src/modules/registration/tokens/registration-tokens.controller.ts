import { Body, Delete, Get, Param, Post, Query } from '@nestjs/common';
import type { CreatedRegistrationToken, Done, RegistrationToken } from '#contracts';
import { Access, AdminController, CurrentUser } from '../../common/http/access.js';
import type { UserActor } from '../../common/http/identity.js';
import type { PageResult } from '../../common/http/page.js';
import { ListRegistrationTokensQuery } from './dto/list-registration-tokens.query.js';
import { RegistrationTokenParams } from './dto/registration-token.params.js';
import { CreateRegistrationTokenBody } from './dto/registration.body.js';
import { RegistrationTokensService } from './registration-tokens.service.js';

@AdminController('registration-tokens')
export class RegistrationTokensController {
  constructor(private readonly tokens: RegistrationTokensService) {}

  /** Lists registration tokens, newest first; never their plaintext. */
  @Get()
  @Access('viewer')
  list(@Query() query: ListRegistrationTokensQuery): Promise<PageResult<RegistrationToken>> {
    return this.tokens.list(query);
  }

  /** Makes a token; its plaintext is in this answer and nowhere else. */
  @Post()
  @Access('operator')
  create(
    @CurrentUser() actor: UserActor,
    @Body() body: CreateRegistrationTokenBody,
  ): Promise<CreatedRegistrationToken> {
    return this.tokens.create(actor, body);
  }

  /** Makes an active token useless. Repeating it changes nothing. */
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
