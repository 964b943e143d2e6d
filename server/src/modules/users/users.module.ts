import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { FirstOwner } from './first-owner.js';
import { Passwords } from './passwords.js';
import { UsersController } from './users.controller.js';
import { UsersRepository } from './users.repository.js';
import { UsersService } from './users.service.js';

@Module({
  imports: [AuditModule],
  controllers: [UsersController],
  providers: [UsersRepository, UsersService, Passwords, FirstOwner],
  exports: [UsersRepository, UsersService, Passwords, FirstOwner],
})
export class UsersModule {}
