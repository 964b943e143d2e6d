import { Body, Get, Param, Patch, Post, Query } from '@nestjs/common';
import type { User } from '#contracts';
import type { UserActor } from '../../../common/actor.js';
import type { PageResult } from '../../../database/lists/page.js';
import { Access, AdminController, CurrentUser } from '../../../http/access.js';
import { CreateUserBody, ListUsersQuery, ResetPasswordBody, UpdateUserBody, UserParams } from './dto/users.dto.js';
import { UsersService } from './users.service.js';

@AdminController('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  /** Lists users by name. */
  @Get()
  @Access('owner')
  list(@Query() query: ListUsersQuery): Promise<PageResult<User>> {
    return this.users.list(query);
  }

  /** Creates a user. */
  @Post()
  @Access('owner', { confirmed: true })
  create(@CurrentUser() actor: UserActor, @Body() body: CreateUserBody): Promise<User> {
    return this.users.create(actor, body);
  }

  /** Changes a user; a new role or status ends their sessions at once. */
  @Patch(':id')
  @Access('owner', { confirmed: true })
  update(@CurrentUser() actor: UserActor, @Param() { id }: UserParams, @Body() body: UpdateUserBody): Promise<User> {
    return this.users.update(actor, id, body);
  }

  /** Sets another user's password and ends their sessions at once. */
  @Post(':id/reset-password')
  @Access('owner', { confirmed: true })
  resetPassword(
    @CurrentUser() actor: UserActor,
    @Param() { id }: UserParams,
    @Body() body: ResetPasswordBody,
  ): Promise<User> {
    return this.users.resetPassword(actor, id, body);
  }
}
